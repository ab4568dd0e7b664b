/** What a key, a token and an integration URL look like: one place, for those who judge them and those who hide them. */

/** 32 letters and digits (Events API overview). */
export function isKey(text: string): boolean {
  return /^[0-9A-Za-z]{32}$/.test(text)
}

/** Whether a key looks like one of an orchestration or ruleset, which begin with R (Events API overview): a hint, no proof. */
export function isRoutingKey(text: string): boolean {
  return /^R[0-9A-Z]{31}$/i.test(text)
}

/** API Access Keys: 20 characters, for an account or a user. */
export function isRestToken(text: string): boolean {
  return /^[0-9A-Za-z_+/=-]{20}$/.test(text)
}

/** Scoped OAuth tokens begin with the region (`pdus+`); older bearers are 64 hexadecimal digits. */
export function isBearer(text: string): boolean {
  return /^pd[a-z]{2}\+[0-9A-Za-z._~+/=-]{10,}$/.test(text) || /^[0-9a-f]{64}$/i.test(text)
}

/** Whether a text is one of them or holds one, be it wrapped, cut or inside a URL. A name of 20 characters looks like a token. */
export function looksSecret(text: string): boolean {
  return text
    .split(/[\s"'`<>()[\]]+/)
    .some(
      (word) =>
        /[0-9A-Za-z]{32}/.test(word) ||
        /events\.(eu\.)?pagerduty\.com/i.test(word) ||
        isRestToken(word) ||
        isBearer(word),
    )
}
