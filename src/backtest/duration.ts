/** `45 min`, `2.5 h` or `3.0 days`, by the size of what is given in minutes. */
export function duration(minutes: number): string {
  if (minutes < 120) return `${minutes} min`
  return minutes < 2_880 ? `${(minutes / 60).toFixed(1)} h` : `${(minutes / 1_440).toFixed(1)} days`
}
