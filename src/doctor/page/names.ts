/** Names as a person knows them, without the account and region that an ARN repeats. */

/** The last part of an ARN; any other name as it is. */
export function shortName(resource: string): string {
  if (!resource.startsWith('arn:')) return resource
  // Of a subscription that is pending: the topic, and where it leads.
  const [arn = '', ...rest] = resource.split(' → ')
  return [arn.split(/[:/]/).at(-1) ?? arn, ...rest].join(' → ')
}

export function topicName(arn: string): string {
  return shortName(arn)
}

/** What of a masked address tells one key from another: `…cdef`; the whole where there is no such part. */
export function endpointName(masked: string): string {
  return /…\w+/.exec(masked)?.[0] ?? masked
}

/** At most so many characters, the middle cut out. */
export function middleCut(text: string, most: number): string {
  const letters = [...text]
  if (letters.length <= most) return text
  const head = Math.ceil((most - 1) / 2)
  return `${letters.slice(0, head).join('')}…${letters.slice(letters.length - (most - 1 - head)).join('')}`
}

/** `1 chain`, `10,000 chains`. */
export function counted(n: number, noun: string): string {
  return `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`
}

export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

/** With a capital letter and a full stop. */
export function sentence(text: string): string {
  return `${capital(text)}${/[.!?:]$/.test(text) ? '' : '.'}`
}
