/** How long a log group is silent, from the times at which its traffic was measured. */

/** Minutes of a heartbeat for which no number was chosen. */
export const HEARTBEAT_MINUTES = 60

const MINUTE_MS = 60_000

/** Minutes between two deliveries, or from the last one to `until`, whichever is most; `times` is in order. */
export function longestSilence(times: readonly Date[], until: Date): number {
  const ends = [...times.slice(1), until]
  const gaps = times.map((time, index) => (ends[index] ?? until).getTime() - time.getTime())
  return Math.floor(Math.max(0, ...gaps) / MINUTE_MS)
}

/** The shortest heartbeat, in minutes, that such a silence does not set off, with one delivery to spare; undefined: none. */
export function heartbeatFor(silence: number): number | undefined {
  const minutes = Math.max(15, (Math.floor(silence / 5) + 2) * 5)
  return minutes > 1440 ? undefined : minutes
}
