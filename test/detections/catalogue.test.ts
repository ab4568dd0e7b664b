import { expect, test } from 'vitest'
import { alarmProblem } from '../../src/detections/alarm-template.ts'
import { catalogue } from '../../src/detections/catalogue.ts'
import { firing, holdSeconds } from '../../src/domain/alarm-arithmetic.ts'

const severities = ['critical', 'high', 'medium', 'low']

test('there are 47 detections: 26 core, 10 extended, 11 compliance', () => {
  const count = (tier: string) => catalogue.filter((detection) => detection.tier === tier).length
  expect([catalogue.length, count('core'), count('extended'), count('compliance')]).toEqual([47, 26, 10, 11])
})

test('ids are unique and kebab-case', () => {
  const ids = catalogue.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
})

test('the most severe come first, and ids rise within a severity', () => {
  const keys = catalogue.map(({ severity, id }) => `${severities.indexOf(severity)} ${id}`)
  expect(keys).toEqual([...keys].sort())
})

test('no two detections, nor the two sides of one, feed the same metric', () => {
  const metrics = catalogue.flatMap(({ paging, compliance }) => [
    paging.metric.name,
    ...(compliance === undefined ? [] : [compliance.metric.name]),
  ])
  expect(new Set(metrics).size).toBe(metrics.length)
  for (const name of metrics) expect(name).toMatch(/^[A-Za-z0-9]{3,60}$/)
})

test('every pattern fits into a metric filter and is one JSON pattern without outer blanks', () => {
  for (const { id, paging, compliance } of catalogue) {
    const patterns = [paging.pattern, ...(compliance?.patterns ?? []).map(({ pattern }) => pattern)]
    for (const pattern of patterns) {
      expect(pattern.length, id).toBeLessThanOrEqual(1024)
      expect(pattern, id).toMatch(/^\{.*\}$/)
    }
  }
})

test('every alarm is one that CloudWatch takes, resolves by itself and needs no more than one breaching period', () => {
  for (const { id, paging, compliance } of catalogue) {
    for (const alarm of [paging.alarm, ...(compliance === undefined ? [] : [compliance.alarm])]) {
      expect(alarmProblem(alarm), id).toBeUndefined()
      expect([alarm.treatMissingData, alarm.datapointsToAlarm, alarm.statistic], id).toEqual(['notBreaching', 1, 'Sum'])
    }
  }
})

test('one event raises every alarm but the two that ask for a burst', () => {
  const needs = catalogue.map(({ id, paging }) => [id, firing(paging.alarm, paging.metric)] as const)
  expect(needs.filter(([, { kind }]) => kind !== 'fires')).toEqual([])
  const bursts = needs.filter(([, firing]) => firing.kind === 'fires' && firing.events > 1)
  expect(bursts).toEqual([
    ['console-authentication-failures', { kind: 'fires', events: 5 }],
    ['unauthorized-api-calls', { kind: 'fires', events: 25 }],
  ])
})

test('an alarm is held for five minutes or for an hour', () => {
  expect(new Set(catalogue.map(({ paging }) => holdSeconds(paging.alarm) / 60))).toEqual(new Set([5, 60]))
})

test('metrics count events, name no unit and have a zero to fall back to', () => {
  for (const { paging, compliance } of catalogue) {
    for (const metric of [paging.metric, ...(compliance === undefined ? [] : [compliance.metric])]) {
      expect(metric).toEqual({ name: metric.name, value: '1', defaultValue: 0 })
    }
  }
})

test('what pages a person is critical or high, and every critical detection pages', () => {
  for (const { id, severity, urgency } of catalogue) {
    if (urgency === 'page') expect(['critical', 'high'], id).toContain(severity)
    if (severity === 'critical') expect(urgency, id).toBe('page')
  }
})

test('every detection explains itself in text that fits into an alarm description', () => {
  for (const { id, title, whyItMatters, firstLook, knownNoise, sources } of catalogue) {
    expect(title.length + whyItMatters.length + firstLook.length, id).toBeLessThan(500)
    expect(whyItMatters, id).toMatch(/^[A-Z][^\n]+\.$/)
    expect(firstLook, id).toMatch(/^[A-Z][^\n]+\.$/)
    expect(knownNoise.length, id).toBeGreaterThan(0)
    expect(sources.length, id).toBeGreaterThan(0)
  }
})

test('example events are complete records with ids of their own', () => {
  const events = catalogue.flatMap(({ ownEvents, neighborEvents }) => [...ownEvents, ...neighborEvents])
  const own = new Set(events.map((event) => JSON.stringify({ ...event, eventID: '' })))
  expect(new Set(events.map(({ eventID }) => eventID)).size).toBe(own.size)
  for (const event of events) {
    expect(event).toMatchObject({
      eventVersion: '1.09',
      eventCategory: 'Management',
      recipientAccountId: '111122223333',
    })
  }
})
