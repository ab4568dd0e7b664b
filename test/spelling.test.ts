import { expect, test } from 'vitest'
import { catalogue } from '../src/detections/catalogue.ts'
import { nearest, nearestNames } from '../src/spelling.ts'

test.each([
  ['inti', ['init', 'doctor', 'test'], ['init']],
  ['--detection', ['--detections', '--exclude'], ['--detections']],
  ['EU', ['us', 'eu'], ['eu']],
  ['dry', ['dry-run', 'json'], ['dry-run']],
  ['zz', ['us', 'eu'], []],
  ['xyzzy', ['init', 'doctor'], []],
  ['--trail-buckets', ['--trail', '--trail-bucket'], ['--trail-bucket', '--trail']],
  ['australia', ['us', 'eu'], []],
  ['', ['init'], []],
] as const)('"%s" among %j may mean %j', (word, known, meant) => {
  expect(nearest(word, known)).toEqual(meant)
})

test('a word that is a part of many names three of them', () => {
  const ids = catalogue.map(({ id }) => id)
  expect(nearest('root', ids)).toHaveLength(3)
})

const ALARMS = [
  'cloudtrail-pd-root-account-usage-123456789012-us-east-1',
  'cloudtrail-pd-iam-policy-changes-123456789012-us-east-1',
  'cloudtrail-pd-kms-key-deletion-123456789012-us-east-1',
]

test.each([
  ['root-account-usge', [ALARMS[0]]],
  ['Policy', [ALARMS[1]]],
  ['kms-keys-deletion', [ALARMS[2]]],
  ['cloudtrail-pd-kms-key-deletion-123456789012-eu-west-1', [ALARMS[2]]],
  ['123456789012', ALARMS],
  ['nobody', []],
  ['', []],
] as const)('"%s" may mean the names that hold it or something near: %j', (word, meant) => {
  expect(new Set(nearestNames(word, ALARMS))).toEqual(new Set(meant))
})

test('the nearest name comes first', () => {
  expect(nearestNames(`${ALARMS[1]}`.replace('policy', 'polcy'), ALARMS)[0]).toBe(ALARMS[1])
})
