import { describe, expect, test } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import { detectionById, selectDetections } from '../../src/detections/select.ts'
import { applyTuning, parseExclusion, parseOverride, type Tuning, tuneAll } from '../../src/detections/tune.ts'
import { firing, holdSeconds } from '../../src/domain/alarm-arithmetic.ts'
import { AppError } from '../../src/errors.ts'

const root = detectionById('root-account-usage')
const DEPLOYER = 'arn:aws:iam::111122223333:role/ci-deployer'

describe('--set', () => {
  test.each([
    ['root-account-usage.threshold=3', { threshold: 3 }],
    ['root-account-usage.period=60', { period: 60 }],
    ['root-account-usage.hold=30', { hold: 30 }],
    ['root-account-usage.urgency=ticket', { urgency: 'ticket' }],
    ['root-account-usage.urgency= page ', { urgency: 'page' }],
  ] as const)('%s is understood', (word, tuning) => {
    expect(parseOverride(word)).toEqual({ id: 'root-account-usage', tuning })
  })

  test.each([
    ['root-account-usage', 'bad-override', '"root-account-usage" is not of the form ID.field=VALUE'],
    ['root-account-usage=3', 'bad-override', '"root-account-usage=3" is not of the form ID.field=VALUE'],
    ['.threshold=3', 'bad-override', '".threshold=3" is not of the form ID.field=VALUE'],
    ['rot-account-usage.threshold=3', 'unknown-detection', 'there is no detection or pack "rot-account-usage"'],
    ['root-account-usage.treshold=3', 'bad-override', 'there is no field root-account-usage.treshold'],
    ['root-account-usage.constructor=3', 'bad-override', 'there is no field root-account-usage.constructor'],
    ['root-account-usage.threshold=', 'bad-override', 'root-account-usage.threshold is a whole number, not ""'],
    ['root-account-usage.threshold=1.5', 'bad-override', 'root-account-usage.threshold is a whole number, not "1.5"'],
    ['root-account-usage.threshold=-1', 'bad-override', 'root-account-usage.threshold is a whole number, not "-1"'],
    [
      'root-account-usage.threshold=0',
      'bad-override',
      'root-account-usage.threshold is a number of events from 1, not 0',
    ],
    ['root-account-usage.period=90', 'bad-override', 'root-account-usage.period is seconds in multiples of 60, not 90'],
    ['root-account-usage.period=30', 'bad-override', 'root-account-usage.period is seconds in multiples of 60, not 30'],
    ['root-account-usage.hold=0', 'bad-override', 'root-account-usage.hold is whole minutes from 1, not 0'],
    ['root-account-usage.urgency=low', 'bad-override', 'root-account-usage.urgency is page or ticket, not "low"'],
  ])('%s is refused', (word, code, message) => {
    expect(refusal(() => parseOverride(word))).toMatchObject({ code, message, exit: 2 })
  })

  test('a mistyped field names the fields there are', () => {
    const { hint } = refusal(() => parseOverride('root-account-usage.treshold=3'))
    expect(hint).toBe('the fields are threshold, period, hold, urgency')
  })
})

describe('alarm', () => {
  const cases: readonly (readonly [Tuning, { period: number; evaluationPeriods: number; threshold: number }])[] = [
    [{}, { period: 300, evaluationPeriods: 12, threshold: 1 }],
    [{ hold: 5 }, { period: 300, evaluationPeriods: 1, threshold: 1 }],
    [{ hold: 1 }, { period: 300, evaluationPeriods: 1, threshold: 1 }],
    [{ hold: 6 }, { period: 300, evaluationPeriods: 2, threshold: 1 }],
    [{ hold: 1440 }, { period: 300, evaluationPeriods: 288, threshold: 1 }],
    [{ period: 60 }, { period: 60, evaluationPeriods: 60, threshold: 1 }],
    [{ period: 3600 }, { period: 3600, evaluationPeriods: 1, threshold: 1 }],
    [
      { period: 3600, hold: 10_080 },
      { period: 3600, evaluationPeriods: 168, threshold: 1 },
    ],
    [
      { period: 900, hold: 20, threshold: 4 },
      { period: 900, evaluationPeriods: 2, threshold: 4 },
    ],
  ]

  test.each(cases)('%j becomes %j, and one period still suffices', (tuning, expected) => {
    const { alarm } = applyTuning(root, tuning).paging
    expect(alarm).toMatchObject({ ...expected, datapointsToAlarm: 1, treatMissingData: 'notBreaching' })
    if (tuning.hold !== undefined) expect(holdSeconds(alarm) / 60).toBeGreaterThanOrEqual(tuning.hold)
  })

  test('a hold never makes a detection of one event wait for more', () => {
    for (const detection of catalogue) {
      const held = applyTuning(detection, { hold: 240 })
      const { alarm, metric } = detection.paging
      expect(firing(held.paging.alarm, held.paging.metric)).toEqual(firing(alarm, metric))
    }
  })

  test('where several periods must breach, the hold counts from the last of them', () => {
    const alarm = { ...root.paging.alarm, datapointsToAlarm: 3, evaluationPeriods: 3 }
    const strict = { ...root, paging: { ...root.paging, alarm } }
    expect(applyTuning(strict, { hold: 30 }).paging.alarm).toMatchObject({ evaluationPeriods: 8, datapointsToAlarm: 3 })
  })

  test.each([
    [{ hold: 1441 }, '289 periods of 300 seconds look back 86700 seconds: at most 86400 with this period', 1440],
    [
      { period: 3600, hold: 10_081 },
      '169 periods of 3600 seconds look back 608400 seconds: at most 604800 with this period',
      10_080,
    ],
  ])('%j looks back further than CloudWatch does', (tuning, problem, longest) => {
    const error = refusal(() => applyTuning(root, tuning))
    expect(error).toMatchObject({ code: 'bad-override', message: `root-account-usage: ${problem}` })
    expect(error.hint).toContain(`${longest} minutes`)
  })

  test('values from a setup file are judged as those from a flag', () => {
    for (const tuning of [
      { threshold: 0.5 },
      { period: 90 },
      { hold: Number.NaN },
      { threshold: Number.POSITIVE_INFINITY },
    ]) {
      expect(refusal(() => applyTuning(root, tuning)).code).toBe('bad-override')
    }
  })

  test('the published side stays as auditors want it', () => {
    const tuned = applyTuning(root, {
      threshold: 9,
      period: 60,
      hold: 90,
      urgency: 'ticket',
      excludePrincipals: [DEPLOYER],
    })
    expect(tuned.compliance).toBe(root.compliance)
    expect(tuned.urgency).toBe('ticket')
    expect(root.paging.alarm.threshold).toBe(1)
  })
})

describe('--exclude-principal', () => {
  test('stands for all, or for the detection before the equals sign', () => {
    expect(parseExclusion(DEPLOYER)).toEqual({ tuning: { excludePrincipals: [DEPLOYER] } })
    const [odd] = [`${DEPLOYER}=v2`]
    expect(parseExclusion(odd)).toEqual({ tuning: { excludePrincipals: [odd] } })
    expect(parseExclusion(`vpc-changes=${odd}`)).toEqual({ id: 'vpc-changes', tuning: { excludePrincipals: [odd] } })
    expect(refusal(() => parseExclusion(`vpc-change=${DEPLOYER}`)).hint).toBe('did you mean vpc-changes?')
    expect(refusal(() => parseExclusion('*')).code).toBe('blinding-principal')
  })

  test('reaches the scoped form as well', () => {
    const tuned = applyTuning(detectionById('alert-pipeline-tampering'), { excludePrincipals: [DEPLOYER] })
    expect(tuned.paging.pattern).toContain(DEPLOYER)
    expect(tuned.paging.scopedPattern).toContain(DEPLOYER)
  })
})

describe('all overrides together', () => {
  test('general ones come first, later ones win, principals add up', () => {
    const other = 'arn:aws:iam::111122223333:role/other'
    const { detections, unfit } = tuneAll(selectDetections(['vpc-changes', 'root-account-usage']), [
      { id: 'vpc-changes', tuning: { hold: 10 } },
      { tuning: { hold: 20, excludePrincipals: [DEPLOYER] } },
      { id: 'vpc-changes', tuning: { hold: 15, excludePrincipals: [other] } },
    ])
    expect(unfit).toEqual([])
    expect(detections.map(({ paging }) => holdSeconds(paging.alarm) / 60)).toEqual([20, 15])
    expect(detections.map(({ paging }) => paging.pattern.includes(other))).toEqual([false, true])
    expect(detections.every(({ paging }) => paging.pattern.includes(DEPLOYER))).toBe(true)
  })

  test('a general exclusion that does not fit spares its detection and reaches the others', () => {
    const long = `arn:aws:iam::111122223333:role/${'x'.repeat(64)}`
    const longer = `arn:aws:iam::111122223333:role/${'y'.repeat(64)}`
    const { detections, unfit } = tuneAll(selectDetections(['all']), [
      { tuning: { excludePrincipals: [long, longer], hold: 10 } },
    ])
    expect(unfit.map(({ id }) => id)).toEqual(
      detections.filter(({ paging }) => !paging.pattern.includes(longer)).map(({ id }) => id),
    )
    expect(unfit.map(({ id }) => id)).toContain('lambda-public')
    expect(unfit.length).toBeLessThan(10)
    for (const { reason, id } of unfit) expect(reason).toContain(`${id}: the pattern would have`)
    expect(detections.every(({ paging }) => holdSeconds(paging.alarm) / 60 === 10)).toBe(true)
  })

  test('an exclusion meant for one detection that does not fit is refused', () => {
    const many = Array.from({ length: 5 }, (_, i) => `arn:aws:iam::111122223333:role/${'x'.repeat(60)}${i}`)
    const overrides = [{ id: 'lambda-public', tuning: { excludePrincipals: many } }]
    expect(refusal(() => tuneAll(selectDetections(['lambda-public']), overrides))).toMatchObject({
      code: 'pattern-too-long',
      exit: 2,
    })
  })

  test('an override of a detection that was not chosen is refused', () => {
    const error = refusal(() => tuneAll([root], [{ id: 'vpc-changes', tuning: { hold: 5 } }]))
    expect(error).toMatchObject({ code: 'unused-override', exit: 2 })
    expect(error.message).toContain('vpc-changes')
  })
})

function refusal(act: () => unknown): AppError {
  try {
    act()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
