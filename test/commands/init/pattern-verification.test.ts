import { describe, expect, it } from 'vitest'
import { type AwsBackend, awsFault } from '../../../src/aws/backend.ts'
import { catalogue } from '../../../src/detections/catalogue.ts'
import { selectDetections } from '../../../src/detections/select.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import { type Account, runTool } from '../../support/tool.ts'

const INIT = ['init', '--yes', '--json', '--detections', 'cis-1.4'] as const
const RECOMMENDED = selectDetections(['cis-1.4'])

type Call = Parameters<AwsBackend>[0]

/** Runs init where TestMetricFilter is answered by `oracle`, and everything else by the sandbox. */
async function initWith(oracle: (call: Call, sandbox: AwsBackend) => Promise<object>, args: readonly string[] = INIT) {
  const { sandbox } = await freshAccount()
  const asked: Call[] = []
  const backend: AwsBackend = (call) => {
    if (call.operation !== 'TestMetricFilter') return sandbox.backend(call)
    asked.push(call)
    return oracle(call, sandbox.backend)
  }
  const result = await runTool(args, { backend, clock: sandbox.clock })
  return { result, asked, notes: (result.json() as unknown as { notes: string[] }).notes }
}

function questions(aws: Account) {
  return aws.calls().filter(({ operation }) => operation === 'TestMetricFilter')
}

describe('init asks AWS how it reads a pattern', () => {
  it('in one call for each new pattern, with the matching and the other event of the detection, while the chain is made', async () => {
    const aws = await freshAccount()
    const result = await aws.run([...INIT, '--variant', 'both'])
    const calls = aws.calls()
    const order = calls.map(({ operation }) => operation)
    expect(order.indexOf('TestMetricFilter')).toBeLessThan(order.indexOf('UpdateTrail'))
    expect(order.lastIndexOf('TestMetricFilter')).toBeLessThan(order.length - 1)
    const asked = calls.filter(({ operation }) => operation === 'TestMetricFilter').map(({ input }) => input)
    const written = calls.filter(({ operation }) => operation === 'PutMetricFilter').map(({ input }) => input)
    expect(asked.map(({ filterPattern }) => filterPattern)).toEqual(written.map(({ filterPattern }) => filterPattern))
    for (const { logEventMessages } of asked) {
      const [matching, other, ...more] = logEventMessages as string[]
      expect(RECOMMENDED.some(({ ownEvents }) => JSON.stringify(ownEvents[0]) === matching)).toBe(true)
      expect(RECOMMENDED.some(({ neighborEvents }) => JSON.stringify(neighborEvents[0]) === other)).toBe(true)
      expect(more).toEqual([])
    }
    expect(result.stdout).not.toContain('a bug in cloudtrail-pd')
    expect(result.stderr).toContain(`${written.length} patterns verified with AWS`)
  })

  it('not on a second run, not on a dry run, and only about what has changed', async () => {
    const aws = await freshAccount()
    await aws.run([...INIT, '--dry-run'])
    expect(questions(aws)).toEqual([])
    await aws.run(INIT)
    expect(questions(aws)).toHaveLength(RECOMMENDED.length)
    await aws.run(INIT)
    expect(questions(aws)).toEqual([])
    await aws.run([...INIT, '--set', 'root-account-usage.hold=30'])
    expect(questions(aws)).toEqual([])
    const role = ['arn', 'aws', 'iam', '', '123456789012', 'role/ci'].join(':')
    await aws.run([...INIT, '--exclude-principal', `iam-policy-changes=${role}`])
    expect(questions(aws)).toHaveLength(1)
  })

  it("about a pattern of one's own with the events of the catalogue, at most 50", async () => {
    const aws = await freshAccount()
    await aws.run(['init', '--yes', '--filter-pattern', '{ $.eventName = "ConsoleLogin" }'])
    const [question, ...more] = questions(aws)
    expect(more).toEqual([])
    const messages = question?.input.logEventMessages as string[]
    expect(messages.length).toBeLessThanOrEqual(50)
    expect(messages).toContain(JSON.stringify(catalogue[0]?.ownEvents[0]))
    expect(new Set(messages).size).toBe(messages.length)
  })

  it('and names the pattern where AWS reads it otherwise, without stopping', async () => {
    const { result, notes } = await initWith(async (call, sandbox) => {
      const pattern = String(call.input.filterPattern)
      return pattern.includes('DeleteTrail') ? { matches: [] } : sandbox(call)
    })
    expect(result.json()).toMatchObject({ status: 'applied' })
    const bugs = notes.filter((note) => note.includes('a bug in cloudtrail-pd'))
    expect(bugs).toHaveLength(1)
    expect(bugs[0]).toMatch(
      /pattern of cloudtrail-pd-cloudtrail-config-changes \(cloudtrail-config-changes\): for AWS it does not match event 0/,
    )
    expect(result.stderr).toContain(`AWS evaluates 1 of ${RECOMMENDED.length} patterns differently`)
  })

  it('and is told as well that AWS matches what it should not', async () => {
    const { notes } = await initWith(async ({ input }) => ({
      matches: (input.logEventMessages as string[]).map((eventMessage, eventNumber) => ({ eventNumber, eventMessage })),
    }))
    expect(notes.filter((note) => note.includes('for AWS it matches event'))).toHaveLength(RECOMMENDED.length)
  })

  it.each([
    ['may not be asked', awsFault('AccessDeniedException', 'no', 400)],
    ['does not know the operation', awsFault('UnknownOperationException', 'no', 404)],
    ['refuses the question', awsFault('InvalidParameterException', 'no', 400)],
    ['fails', awsFault('InternalFailure', 'no', 500)],
    ['has enough of it', awsFault('ThrottlingException', 'no', 400)],
    ['breaks off', new Error('socket hang up')],
  ])('and says nothing when AWS %s, and does not ask again', async (_, fault) => {
    const { result, asked, notes } = await initWith(async () => {
      throw fault
    })
    expect(result.json()).toMatchObject({ status: 'applied', remaining: [] })
    expect(notes.join()).not.toMatch(/bug|AWS says/)
    expect(result.stderr).not.toMatch(/read by AWS|otherwise/)
    expect(asked).toHaveLength(1)
  })

  it('and says nothing when somebody answers without having tested', async () => {
    const { result, notes } = await initWith(async () => ({}))
    expect(result.json()).toMatchObject({ status: 'applied' })
    expect(notes.join()).not.toContain('bug')
  })
})
