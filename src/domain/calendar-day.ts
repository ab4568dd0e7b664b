/** Days of the calendar: JavaScript takes the 30th of February for the 2nd of March. */

/** Whether a text such as `2026-02-28` is a day; a text of another form may be one, and is not judged. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return true
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}
