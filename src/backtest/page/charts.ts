/** Charts of the page as SVG: matches by day with the time in ALARM below, and a heat map by hour of the week. */

import { counted } from '../../counted.ts'
import type { BacktestResult, DetectionResult } from '../result.ts'
import { MINUTE_MS } from '../timeline.ts'

const DAY_MS = 86_400_000
const WIDTH = 720
const BARS = 72
const HEIGHT = 112

/** Bars are days; the line below them is the time in ALARM, a stay at least a hair wide. */
export function timeline({ byDay, stays }: DetectionResult, { from }: Pick<BacktestResult, 'from'>): string {
  const first = Math.floor(from.getTime() / DAY_MS) * DAY_MS
  const span = Math.max(1, byDay.length) * DAY_MS
  const x = (time: number) => ((time - first) / span) * WIDTH
  const most = Math.max(1, ...byDay)
  const step = WIDTH / byDay.length
  const gap = Math.min(2, step * 0.2)
  const bars = byDay.map((count, at) => {
    if (count === 0) return ''
    const height = Math.max(2, (count / most) * (BARS - 8))
    const tip = `<title>${dayOf(first + at * DAY_MS)}: ${many(count)}</title>`
    return `<rect class="bar" x="${fixed(at * step + gap / 2)}" y="${fixed(BARS - height)}" width="${fixed(step - gap)}" height="${fixed(height)}">${tip}</rect>`
  })
  const up = stays.map((stay) => {
    const [start, end] = [stay.from * MINUTE_MS, stay.to * MINUTE_MS]
    const tip = `<title>ALARM from ${minuteOf(start)} to ${minuteOf(end)}</title>`
    return `<rect class="stay" x="${fixed(x(start))}" y="${BARS + 3}" width="${fixed(Math.max(1.5, x(end) - x(start)))}" height="9">${tip}</rect>`
  })
  const label = (at: number, anchor: string) =>
    `<text x="${fixed(anchor === 'end' ? WIDTH : at === 0 ? 0 : WIDTH / 2)}" y="${HEIGHT - 6}" text-anchor="${anchor}">${dayOf(first + at * DAY_MS)}</text>`
  const last = byDay.length - 1
  const labels = [
    label(0, 'start'),
    ...(last > 3 ? [label(Math.floor(last / 2), 'middle')] : []),
    ...(last > 0 ? [label(last, 'end')] : []),
  ]
  const said = `${counted(stays.length, 'time')} in ALARM; at most ${many(Math.max(0, ...byDay))} a day`
  return `<svg class="days" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${said}">
${bars.join('')}<line class="axis" x1="0" x2="${WIDTH}" y1="${BARS + 0.5}" y2="${BARS + 0.5}"/>${up.join('')}${labels.join('')}</svg>`
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const CELL = 18
const LEFT = 36
const TOP = 18

/** Darker is more; the root of the count, so that one burst does not wash out the rest. */
export function heatMap({ byHourOfWeek }: DetectionResult): string {
  const most = Math.max(1, ...byHourOfWeek)
  const cells = byHourOfWeek.map((count, at) => {
    const [day, hour] = [Math.floor(at / 24), at % 24]
    const place = `x="${LEFT + hour * CELL}" y="${TOP + day * CELL}" width="${CELL - 2}" height="${CELL - 2}"`
    const tip = `<title>${DAYS[day]} ${String(hour).padStart(2, '0')}:00 UTC: ${many(count)}</title>`
    if (count === 0) return `<rect class="cell" ${place}>${tip}</rect>`
    return `<rect class="heat" ${place} fill-opacity="${fixed(0.2 + 0.8 * Math.sqrt(count / most))}">${tip}</rect>`
  })
  const days = DAYS.map((day, at) => `<text x="0" y="${TOP + at * CELL + 12}">${day}</text>`)
  const hours = [0, 6, 12, 18].map(
    (hour) => `<text x="${LEFT + hour * CELL}" y="11">${String(hour).padStart(2, '0')}</text>`,
  )
  return `<svg viewBox="0 0 ${LEFT + 24 * CELL} ${TOP + 7 * CELL}" role="img" aria-label="matches by hour of the week, UTC">${cells.join('')}${days.join('')}${hours.join('')}</svg>`
}

function many(count: number): string {
  return counted(count, 'match', 'matches')
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

function minuteOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function fixed(value: number): string {
  return String(Math.round(value * 100) / 100)
}
