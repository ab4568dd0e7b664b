import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import { drillAgent, drillPattern, fireDrill } from '../../src/detections/drill.ts'
import { scopeTo } from '../../src/detections/scope.ts'
import { firing, holdSeconds } from '../../src/domain/alarm-arithmetic.ts'
import { compile } from '../../src/patterns/match/match.ts'
import { parsePattern } from '../../src/patterns/parse/parse.ts'

/** User agents as the SDK for Node writes them, with ours in the middle or at the end. */
const SDK =
  'aws-sdk-js/3.1136.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#22.11.0 api/cloudtrail#3.1136.0 m/E,n cloudtrail-pd/0.1.0'

function matches(pattern: string, userAgent: string): boolean {
  const parsed = parsePattern(pattern)
  if (parsed.validity !== 'accepted') throw new Error(`${pattern} is ${parsed.validity}`)
  return compile(parsed.pattern)(JSON.stringify({ eventName: 'DescribeTrails', userAgent }))
}

const scoped = (chain: string) =>
  scopeTo(
    { alarmPrefix: `${chain}-`, logGroup: 'group', topicArn: 'arn:aws:sns:us-east-1:123456789012:topic' },
    fireDrill,
  ).paging.pattern

describe("the drill's detection", () => {
  it('sees a drill in the user agent that the SDK sends, wherever our words stand', () => {
    const agent = drillAgent('7f3a', 'cloudtrail-pd')
    for (const sent of [`${SDK} ${agent}`, `[${SDK} ${agent} cfg/retry-mode#standard]`, agent]) {
      expect([matches(fireDrill.paging.pattern, sent), matches(scoped('cloudtrail-pd'), sent)]).toEqual([true, true])
    }
  })

  it('does not see the other calls of the tool', () => {
    expect(matches(fireDrill.paging.pattern, SDK)).toBe(false)
  })

  it('does not see the drill of a chain whose name begins or ends with its own', () => {
    const sent = (chain: string) => `${SDK} ${drillAgent('7f3a', chain)}`
    expect(matches(scoped('prod'), sent('prod-b'))).toBe(false)
    expect(matches(scoped('prod-b'), sent('prod'))).toBe(false)
    expect(matches(scoped('prod'), sent('my-prod'))).toBe(false)
    expect(matches(scoped('prod'), sent('prod'))).toBe(true)
  })

  it('is found by its id among other drills', () => {
    expect(matches(drillPattern('7f3a'), `${SDK} ${drillAgent('7f3a', 'x')}`)).toBe(true)
    expect(matches(drillPattern('7f3a'), `${SDK} ${drillAgent('7f3b', 'x')}`)).toBe(false)
  })

  it('fires on one event, pages, and holds no longer than one period', () => {
    expect(firing(fireDrill.paging.alarm, fireDrill.paging.metric)).toEqual({ kind: 'fires', events: 1 })
    expect([fireDrill.urgency, holdSeconds(fireDrill.paging.alarm) / 60]).toEqual(['page', 5])
  })

  it('is in no pack', () => {
    expect(catalogue.map(({ id }) => id)).not.toContain(fireDrill.id)
  })
})
