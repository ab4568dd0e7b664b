import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import type { Detection } from '../../src/detections/detection.ts'
import { parseMarker } from '../../src/domain/marker.ts'
import type { Site } from '../../src/domain/names.ts'
import { compile } from '../../src/patterns/match/match.ts'
import { parsePattern } from '../../src/patterns/parse/parse.ts'
import {
  alarmDescription,
  type Described,
  filterNamedIn,
  leadsToLogGroup,
  MAX_DESCRIPTION,
} from '../../src/plan/description.ts'
import { searchIn } from '../support/console-link.ts'
import { site } from '../support/snapshot.ts'

const setup = { name: 'cloudtrail-pd', hold: undefined, autoResolve: true }
const GROUP = 'cloudtrail-pd-events'

function described(detection: Detection, change: Partial<Described> = {}): Described {
  return {
    detection,
    logGroup: GROUP,
    patterns: [detection.paging.pattern],
    filter: `cloudtrail-pd-${detection.id}`,
    alarm: `cloudtrail-pd-${detection.id}-123456789012-us-east-1`,
    fingerprints: { alarm: '0a1b2c3d', filter: '4e5f6071' },
    ...change,
  }
}

function detectionOf(id: string): Detection {
  const found = catalogue.find((one) => one.id === id)
  if (found === undefined) throw new Error(`there is no detection ${id}`)
  return found
}

/** The label of the line with the link, and the pattern that it searches for. */
function linkOf(text: string): { readonly label: string; readonly pattern: string | undefined } {
  const line = text.split('\n').find((one) => one.includes('#logsV2')) ?? ''
  const at = line.indexOf(': https:')
  return { label: line.slice(0, at), pattern: searchIn(line.slice(at + 2)).pattern }
}

function matcher(pattern: string): (event: unknown) => boolean {
  const parsed = parsePattern(pattern)
  if (parsed.validity === 'refused') throw new Error(`${pattern}: ${parsed.message}`)
  const matches = compile(parsed.pattern)
  return (event) => matches(JSON.stringify(event))
}

const SITES: readonly Site[] = [
  site,
  { partition: 'aws-cn', account: '210987654321', region: 'cn-northwest-1' },
  { partition: 'aws-us-gov', account: '123456789012', region: 'us-gov-west-1' },
]

describe("an alarm's description", () => {
  it.each(catalogue.map((one) => [one.id, one] as const))(
    'of %s says why, what to do first, and where',
    (_, detection) => {
      for (const where of SITES) {
        const text = alarmDescription(described(detection), setup, where)
        expect(text.length).toBeLessThanOrEqual(MAX_DESCRIPTION)
        expect(text.startsWith(`${detection.title}.`)).toBe(true)
        expect(text).toContain(`npx cloudtrail-pd events cloudtrail-pd-${detection.id}-123456789012-us-east-1\n`)
        expect(filterNamedIn(text)).toBe(`cloudtrail-pd-${detection.id}`)
        expect(leadsToLogGroup(text, where, GROUP)).toBe(true)
        expect(leadsToLogGroup(text, where, 'cloudtrail-pd')).toBe(false)
        expect(parseMarker(text)).toMatchObject({ name: 'cloudtrail-pd', detection: detection.id, alarm: '0a1b2c3d' })
      }
    },
  )

  it.each(catalogue.map((one) => [one.id, one] as const))('of %s leads to its events', (_, detection) => {
    const { label, pattern } = linkOf(alarmDescription(described(detection), setup, site))
    if (pattern === undefined) return expect(label).toBe('Log group')
    const finds = matcher(pattern)
    for (const event of detection.ownEvents) expect(finds(event)).toBe(true)
    if (label !== 'Events') return expect(label).toBe('Events, others among them')
    for (const event of detection.neighborEvents) expect(finds(event)).toBe(false)
  })

  it('leads exactly to the events of most detections', () => {
    const labels = catalogue.map((one) => linkOf(alarmDescription(described(one), setup, site)).label)
    const count = (label: string) => labels.filter((one) => one === label).length
    expect([count('Events'), count('Events, others among them'), count('Log group')]).toEqual([34, 7, 6])
  })

  it('is cut at the same place in every region', () => {
    const long = { ...detectionOf('root-account-usage'), whyItMatters: 'why '.repeat(400) }
    const texts = ['us-east-1', 'ap-southeast-1', 'eu-north-1'].map((region) =>
      alarmDescription(described(long, { alarm: 'a' }), setup, { ...site, region }).replaceAll(region, 'REGION'),
    )
    expect(new Set(texts).size).toBe(1)
    expect(texts[0]).toContain('…')
  })

  it('that would be too long loses its reason first, then what to do first, then the exact link', () => {
    const base = detectionOf('root-account-usage')
    const reason = 'why '.repeat(400)
    const first = 'look '.repeat(400)
    const text = (change: Partial<Detection>, more: Partial<Described> = {}) =>
      alarmDescription(described({ ...base, ...change }, more), setup, site)
    expect(text({ whyItMatters: reason })).toContain(`…\nFirst: ${base.firstLook}\n`)
    expect(text({ whyItMatters: reason, firstLook: first })).toMatch(/^[^\n]+\.\nFirst: look [^\n]+…\n/)
    expect(linkOf(text({ whyItMatters: reason, firstLook: first })).label).toBe('Events')
    const wide = `{ ($.eventName = "X") && (${[...Array(16).keys()].map((at) => `($.requestParameters.member${at} = 1)`).join(' && ')}) }`
    expect(linkOf(text({}, { patterns: [wide] })).label).toBe('Events, others among them')
    const wider = `{ ${[...Array(30).keys()].map((at) => `($.requestParameters.member${at} = 1)`).join(' || ')} }`
    expect(linkOf(text({}, { patterns: [wider] })).label).toBe('Log group')
    expect(parseMarker(text({ title: 'title '.repeat(300) }))).toMatchObject({ detection: base.id })
    expect(text({ title: 'title '.repeat(300) }).length).toBeLessThanOrEqual(MAX_DESCRIPTION)
  })

  it('that a person wrote is kept whole where a shorter link makes room for it', () => {
    const base = detectionOf('route-table-changes')
    const own = 'Call the network team before anything else. '.repeat(9)
    const custom = { ...base, custom: { description: own } } as Detection
    const text = alarmDescription(described(custom), setup, site)
    expect(text.startsWith(own)).toBe(true)
    expect(linkOf(text).label).not.toBe('Events')
  })

  it('of an alarm that several filters feed leads to the events of all of them', () => {
    const [one, other] = ['{ $.eventName = "A" }', '{ $.eventName = "B" }']
    const text = alarmDescription(described(detectionOf('sts-assume-root'), { patterns: [one, other] }), setup, site)
    const finds = matcher(linkOf(text).pattern ?? '')
    expect(['A', 'B', 'C'].map((eventName) => finds({ eventName }))).toEqual([true, true, false])
  })

  it('leads to a search of words too, as the filter has them', () => {
    const text = alarmDescription(described(detectionOf('sts-assume-root'), { patterns: ['"a b" -c'] }), setup, site)
    expect(linkOf(text)).toEqual({ label: 'Events', pattern: '"a b" -c' })
  })
})
