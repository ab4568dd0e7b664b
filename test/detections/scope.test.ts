import { expect, test } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import { scopeTo } from '../../src/detections/scope.ts'
import { detectionById } from '../../src/detections/select.ts'
import { MAX_PATTERN_LENGTH } from '../../src/patterns/parse/parse.ts'

const names = {
  alarmPrefix: 'cloudtrail-pd-',
  logGroup: 'aws-cloudtrail-logs-111122223333',
  topicArn: 'arn:aws:sns:us-east-1:111122223333:cloudtrail-pd-alerts',
}
const tampering = detectionById('alert-pipeline-tampering')

test("the detection that watches the chain is narrowed to the chain's own names", () => {
  const { paging } = scopeTo(names, tampering)
  expect(paging.pattern).toContain('$.requestParameters.alarmNames[*] = "cloudtrail-pd-*"')
  expect(paging.pattern).toContain(`$.requestParameters.logGroupName = "${names.logGroup}"`)
  expect(paging.pattern).toContain(`$.requestParameters.subscriptionArn = "${names.topicArn}:*"`)
  expect(paging.pattern).not.toContain('{{')
  expect(paging.scopedPattern).toBeUndefined()
})

test('every other detection stays as it is', () => {
  const changed = catalogue.filter((detection) => scopeTo(names, detection) !== detection)
  expect(changed).toEqual([tampering])
})

test('the longest names that AWS allows for alarm and topic still fit beside a usual log group', () => {
  const long = {
    ...names,
    alarmPrefix: 'a'.repeat(60),
    topicArn: `arn:aws-us-gov:sns:us-gov-west-1:111122223333:${'t'.repeat(60)}`,
  }
  expect(scopeTo(long, tampering).paging.pattern.length).toBeLessThanOrEqual(MAX_PATTERN_LENGTH)
  expect(scopeTo(long, tampering)).not.toBe(tampering)
})

test.each([
  ['too long', { logGroup: 'g'.repeat(512) }],
  ['empty', { logGroup: '' }],
  ['quoted', { alarmPrefix: 'a"b' }],
  ['starred', { alarmPrefix: 'a*b' }],
])('a name that is %s leaves the wide pattern, which sees more', (_, odd) => {
  expect(scopeTo({ ...names, ...odd }, tampering)).toBe(tampering)
})

test('a name with a dollar sign is taken literally', () => {
  expect(scopeTo({ ...names, logGroup: 'a$&b' }, tampering).paging.pattern).toContain('"a$&b"')
})
