import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { connectAws } from '../../src/aws/session.ts'
import { COMMANDS } from '../../src/cli/commands.ts'
import { chainJson, findingJson } from '../../src/doctor/report.ts'
import { type Body, documentSchema, FAILURE } from '../../src/json/schemas.ts'
import type { CommandName } from '../../src/options/command-options.ts'
import { BREAKAGES } from '../doctor/breakages.ts'
import { freshAccount } from '../support/fresh-account.ts'
import { type Account, type Result, runTool } from '../support/tool.ts'

const PATTERN = '{ $.eventName = "ConsoleLogin" }'
const EVENT = JSON.stringify({ eventName: 'ConsoleLogin', eventTime: '2026-01-15T10:00:00Z' })

type Run = (account: Account) => Promise<Result>

const aws =
  (...args: readonly string[]): Run =>
  (account) =>
    account.run([...args, '--json'])

const afterInit =
  (...args: readonly string[]): Run =>
  async (account) => {
    await account.run(['init', '--yes', '--drill'])
    return account.runWithToken([...args, '--json'])
  }

/** Of a chain that somebody has broken. */
const broken =
  (...args: readonly string[]): Run =>
  async (account) => {
    await account.run(['init', '--yes'])
    const target = { profile: undefined, region: 'us-east-1', endpointUrl: undefined }
    const session = await connectAws(target, { env: {}, backend: account.sandbox.backend })
    for (const { breaks } of BREAKAGES) await breaks(session)
    return account.run([...args, '--json'])
  }

const offline =
  (...args: readonly string[]): Run =>
  () =>
    runTool([...args, '--json'], { files: { 'event.json': EVENT } })

/** A topic whose alarms would be lost. */
const blocked: Run = async (account) => {
  await account.run(['init', '--yes'])
  for (const topic of Object.values(account.sandbox.state.topics)) topic.attributes.KmsMasterKeyId = 'alias/aws/sns'
  return account.run(['init', '--yes', '--json'])
}

/** PagerDuty never confirms. */
const incomplete: Run = async () =>
  (await freshAccount({ confirm: false })).run(['init', '--yes', '--json', '--confirm-timeout', '5'])

/** Every end that a command can report on. */
const REPORTS: Readonly<Record<CommandName, readonly (readonly [how: string, run: Run])[]>> = {
  init: [
    ['applied', aws('init', '--yes', '--drill')],
    [
      'applied with a token',
      (account) => account.runWithToken(['init', '--yes', '--pagerduty-service', 'Security', '--json']),
    ],
    ['planned', aws('init', '--dry-run')],
    ['blocked', blocked],
    ['incomplete', incomplete],
    ['unchanged', afterInit('init', '--yes')],
  ],
  doctor: [
    ['no chain', aws('doctor')],
    ['healthy', afterInit('doctor')],
    ['all regions', afterInit('doctor', '--all-regions')],
    ['faults', broken('doctor')],
    ['repaired', broken('doctor', '--fix', '--yes')],
  ],
  destroy: [
    ['nothing to delete', aws('destroy', '--yes')],
    ['deleted', afterInit('destroy', '--yes')],
  ],
  test: [['delivered', afterInit('test', '--yes')]],
  events: [
    ['none', afterInit('events', 'cloudtrail-pd-root-account-usage-123456789012-us-east-1')],
    [
      'of a drill',
      async (account) => {
        await account.run(['init', '--yes', '--drill'])
        await account.run(['test', '--yes'])
        return account.run(['events', 'cloudtrail-pd-fire-drill-123456789012-us-east-1', '--json'])
      },
    ],
  ],
  export: [['a script', (account) => account.run(['export', '--format', 'cli'], { env: { CLOUDTRAIL_PD_JSON: '1' } })]],
  backtest: [
    ['of files', offline('backtest', 'event.json', '--since', '2020-01-01', '--detections', 'all')],
    ['a query', offline('backtest', '--engine', 'athena', '--print')],
  ],
  completion: [['of bash', offline('completion', 'bash')]],
  'detections list': [['all', offline('detections', 'list')]],
  'detections show': [['one with published patterns', offline('detections', 'show', 'root-account-usage')]],
  'pattern test': [['a match', offline('pattern', 'test', PATTERN, 'event.json')]],
  'pattern lint': [
    ['valid', offline('pattern', 'lint', PATTERN)],
    ['with findings', offline('pattern', 'lint', '{ $.a != "b" }')],
  ],
  'pattern explain': [
    ['alone', offline('pattern', 'explain', PATTERN)],
    ['with an event', offline('pattern', 'explain', PATTERN, '--event', 'event.json')],
  ],
}

/** As it stands in docs/json, without what only TypeScript and JavaScript's numbers put there. */
function published(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, {
    override({ jsonSchema }) {
      delete jsonSchema.readOnly
      if (jsonSchema.type !== 'integer') return
      delete jsonSchema.minimum
      delete jsonSchema.maximum
    },
  })
  return `${JSON.stringify(json, undefined, 2)}\n`
}

const reports = Object.entries(REPORTS).flatMap(([command, runs]) =>
  runs.map(([how, run]) => [command as CommandName, how, run] as const),
)

describe('the JSON document', () => {
  it.each(reports)('of %s (%s) has the shape of its schema', async (command, _, run) => {
    const { stdout, stderr } = await run(await freshAccount())
    expect(documentSchema(command).safeParse(JSON.parse(stdout)), stderr).toMatchObject({ success: true })
  })

  it.each(Object.keys(COMMANDS) as CommandName[])('of a failure of %s has the shape of a failure', async (command) => {
    const { stdout, exit } = await runTool([...command.split(' '), '--json', '--no-such-option'], {})
    expect(exit).toBe(2)
    expect(FAILURE.safeParse(JSON.parse(stdout))).toMatchObject({ success: true, data: { command } })
  })

  it('of doctor, which is written piece by piece below the layer of the schemas, has pieces of their types', () => {
    expectTypeOf(chainJson).returns.toExtend<Body<'doctor'>['chains'][number]>()
    expectTypeOf(findingJson).returns.toExtend<Body<'doctor'>['findings'][number]>()
  })

  it.each(Object.keys(COMMANDS) as CommandName[])('of %s is described in docs/json', async (command) => {
    await expect(published(documentSchema(command))).toMatchFileSnapshot(
      `../../docs/json/${command.replace(' ', '-')}.schema.json`,
    )
  })

  it('of a failure is described in docs/json', async () => {
    await expect(published(FAILURE)).toMatchFileSnapshot('../../docs/json/failure.schema.json')
  })
})
