/** Fields of an answer that may be missing or of another type than documented: read, never trusted. */

export type Fields = Readonly<Record<string, unknown>>

export function asRecord(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

/** The record at the end of the keys; every step may be missing. */
export function recordAt(value: unknown, ...keys: readonly string[]): Fields | undefined {
  return keys.reduce<Fields | undefined>((record, key) => asRecord(record?.[key]), asRecord(value))
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function textAt(value: unknown, key: string): string | undefined {
  return asText(asRecord(value)?.[key])
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

export function numberAt(value: unknown, key: string): number | undefined {
  return asNumber(asRecord(value)?.[key])
}

export function dateAt(value: unknown, key: string): Date | undefined {
  const time = Date.parse(textAt(value, key) ?? '')
  return Number.isNaN(time) ? undefined : new Date(time)
}

/** The items that `read` understands; no list at all is an empty one. */
export function listAt<T>(value: unknown, key: string, read: (item: unknown) => T | undefined): readonly T[] {
  const items = asRecord(value)?.[key]
  return Array.isArray(items) ? items.flatMap((item) => read(item) ?? []) : []
}
