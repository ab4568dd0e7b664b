import { describe, expect, it } from 'vitest'
import { readAlarmHistory } from '../../../src/aws/readers/alarm-history.ts'
import { connectAws } from '../../../src/aws/session.ts'

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:alerts'

interface Item {
  readonly HistoryItemType: 'StateUpdate' | 'Action' | 'ConfigurationUpdate'
  readonly HistorySummary: string
  readonly HistoryData?: string
}

/** The history as AWS gives it: the newest first, one item a page. */
async function historyOf(...newestFirst: readonly Item[]) {
  const aws = await connectAws(
    { profile: undefined, region: 'us-east-1', endpointUrl: undefined },
    {
      env: {},
      backend: async ({ operation, input }) => {
        if (operation === 'GetCallerIdentity')
          return { Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/a' }
        const page = Number(input.NextToken ?? 0)
        const item = newestFirst[page]
        const items = item === undefined ? [] : [{ ...item, Timestamp: new Date((100 - page) * 1000) }]
        return { AlarmHistoryItems: items, ...(page + 1 < newestFirst.length ? { NextToken: String(page + 1) } : {}) }
      },
    },
  )
  const read = await readAlarmHistory(aws, 'alarm', new Date(0))
  if (read.state !== 'read') throw new Error(read.why)
  return read.value
}

const published = (state: string) =>
  JSON.stringify({
    actionState: 'Succeeded',
    notificationResource: TOPIC,
    publishedMessage: JSON.stringify({ default: JSON.stringify({ AlarmName: 'alarm', NewStateValue: state }) }),
  })

describe('the history of an alarm', () => {
  it('is read to its last page and given oldest first', async () => {
    const entries = await historyOf(
      {
        HistoryItemType: 'Action',
        HistorySummary: `Successfully executed action ${TOPIC}`,
        HistoryData: published('ALARM'),
      },
      {
        HistoryItemType: 'StateUpdate',
        HistorySummary: 'Alarm updated from OK to ALARM',
        HistoryData: JSON.stringify({
          version: '1.0',
          oldState: { stateValue: 'OK', stateReason: 'quiet' },
          newState: { stateValue: 'ALARM', stateReason: 'This is a drill 7f3a' },
        }),
      },
      { HistoryItemType: 'ConfigurationUpdate', HistorySummary: 'Alarm "alarm" created' },
    )
    expect(entries).toEqual([
      { kind: 'state', at: new Date(99_000), from: 'OK', to: 'ALARM', reason: 'This is a drill 7f3a' },
      {
        kind: 'action',
        at: new Date(100_000),
        succeeded: true,
        target: TOPIC,
        error: undefined,
        announced: 'ALARM',
        summary: `Successfully executed action ${TOPIC}`,
      },
    ])
  })

  it('gives the error of a refused action, also where AWS cut the summary off', async () => {
    const error = `Resource: arn:aws:cloudwatch:us-east-1:123456789012:alarm:alarm is not authorized to perform: SNS:Publish on resource: ${TOPIC}`
    const whole = `Failed to execute action ${TOPIC}. Received error: "${error}"`
    for (const summary of [whole, whole.slice(0, 200)]) {
      const [entry] = await historyOf({
        HistoryItemType: 'Action',
        HistorySummary: summary,
        HistoryData: '{"actionState":"Failed","err',
      })
      expect(entry).toMatchObject({ kind: 'action', succeeded: false, target: TOPIC })
      expect(entry).toHaveProperty('error', expect.stringContaining('not authorized to perform: SNS:Publish'))
    }
  })

  it('reads the reason and the announced state out of data that is no whole JSON', async () => {
    const [action, state] = await historyOf(
      {
        HistoryItemType: 'StateUpdate',
        HistorySummary: 'Alarm updated from ALARM to OK',
        HistoryData: '{"newState":{"stateValue":"OK","stateReason":"over',
      },
      {
        HistoryItemType: 'Action',
        HistorySummary: `Successfully executed action ${TOPIC}`,
        HistoryData: published('OK').slice(0, -10),
      },
    )
    expect(state).toMatchObject({ kind: 'state', reason: 'over' })
    expect(action).toMatchObject({ kind: 'action', announced: 'OK' })
  })
})
