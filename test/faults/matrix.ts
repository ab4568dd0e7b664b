/** One cell of the matrix: a command, the call that goes wrong, and how; and what has to hold afterwards. */

import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SandboxState } from '../../src/sandbox/aws/state.ts'
import { resourcesOf } from '../invariants/state.ts'
import { type Account, anAccount, type Result } from '../support/tool.ts'
import { KINDS, type Kind } from './kinds.ts'

export interface Subject {
  readonly command: 'init' | 'doctor --fix' | 'destroy' | 'test'
  readonly args: readonly string[]
  /** Before the command runs, on an account that holds the unmanaged resources already. */
  prepare(account: Account): Promise<void>
  /** Whether the run looks at PagerDuty. */
  readonly token?: true
}

const CHAIN = [
  '--create-trail',
  'cloudtrail-pd',
  '--detections',
  'root-account-usage,kms-key-disable-or-delete',
  '--drill',
]
const INIT = ['init', '--yes', '--json', ...CHAIN]

async function chain(account: Account): Promise<void> {
  const { exit, stderr } = await account.run(INIT)
  if (exit !== 0) throw new Error(stderr)
  await account.sandbox.clock.sleep(30 * 60_000)
}

export const SUBJECTS: readonly Subject[] = [
  { command: 'init', args: INIT, prepare: async () => {} },
  {
    command: 'doctor --fix',
    args: ['doctor', '--fix', '--yes', '--json', '--trail', 'cloudtrail-pd'],
    async prepare(account) {
      await chain(account)
      for (const alarm of Object.values(account.sandbox.state.alarms)) {
        if (isOurs(alarm.name)) Object.assign(alarm, { okActions: [], actionsEnabled: alarm.name.includes('kms') })
      }
    },
  },
  { command: 'destroy', args: ['destroy', '--yes', '--json', '--delete-trail', '--delete-logs'], prepare: chain },
  { command: 'test', args: ['test', '--yes', '--json', '--via', 'alarm-state'], prepare: chain, token: true },
]

/** Everything that `--name other` made, without its marks: somebody else's chain of every kind of resource. */
const OTHERS = ['init', '--yes', '--json', '--name', 'other', '--detections', 'trail-stopped-or-blinded']

function isOurs(name: string): boolean {
  return name.startsWith('cloudtrail-pd')
}

async function seedOthers(account: Account): Promise<void> {
  const { exit, stderr } = await account.run(OTHERS, {
    env: { CLOUDTRAIL_PD_INTEGRATION_KEY: 'fedcba9876543210fedcba9876543210' },
  })
  if (exit !== 0 && exit !== 5) throw new Error(stderr)
  const { state } = account.sandbox
  for (const alarm of Object.values(state.alarms)) alarm.description = 'made by hand'
  for (const tagged of [state.topics, state.roles, state.buckets, state.logGroups]) {
    for (const one of Object.values(tagged)) one.tags = {}
  }
}

/** The part of the account that is not this chain's. */
function othersOf(state: SandboxState): object {
  const all = resourcesOf(state) as Record<string, object>
  return Object.fromEntries(
    Object.entries(all).map(([kind, items]) => [
      kind,
      Object.entries(items)
        .filter(([key, item]) => !isManaged(key, item))
        .map(([, item]) => item),
    ]),
  )
}

function isManaged(key: string, item: object): boolean {
  const named = item as { name?: string; topicArn?: string }
  return isOurs(named.name ?? '') || (named.topicArn ?? key).includes(':cloudtrail-pd')
}

/** Names and ARNs of what the account holds, as reports name them. */
function namesIn(state: SandboxState): Set<string> {
  return new Set([
    ...Object.values(state.buckets).map(({ name }) => name),
    ...Object.values(state.trails).map(({ arn }) => arn),
    ...Object.values(state.logGroups).flatMap(({ name, filters }) => [
      `log-group ${name}`,
      ...Object.keys(filters).map((filter) => `filter ${filter}`),
    ]),
    ...Object.values(state.roles).map(({ name }) => name),
    ...Object.keys(state.topics),
    ...Object.values(state.alarms).map(({ name }) => name),
  ])
}

/** A report names a log group and a filter by its name alone. */
function bare(name: string): string {
  return name.replace(/^(log-group|filter) /, '')
}

/** Two runs side by side on one account, and then the first of them once more; what does not hold, in words. */
export async function sideBySide(first: Subject, second: Subject): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudtrail-pd-faults-'))
  const account = await anAccount({ file: join(folder, 'account.json') })
  try {
    await seedOthers(account)
    await first.prepare(account)
    const others = othersOf(account.sandbox.state)
    const both = await Promise.all([run(account, first, {}), run(account, second, {})])
    const again = await run(account, first, {})
    const ended = resourcesOf(account.sandbox.state)
    const settled = await run(account, first, {})
    return [
      ...both.flatMap((one) => (documentOf(one) === undefined ? `no JSON document: ${one.stdout.slice(0, 200)}` : [])),
      ...(again.exit === 0 ? [] : [`the next run ends with ${again.exit}: ${errorOf(again)}`]),
      ...(settled.exit === 0 ? [] : [`the run after it ends with ${settled.exit}: ${errorOf(settled)}`]),
      ...(isDeepEqual(ended, resourcesOf(account.sandbox.state)) ? [] : ['the next run had not finished']),
      ...(isDeepEqual(othersOf(account.sandbox.state), others) ? [] : ['an unmanaged resource changed']),
    ]
  } finally {
    await account.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Prepared {
  readonly file: string
  readonly ended: object
  readonly calls: number
  readonly others: object
}

export interface Cell {
  readonly subject: Subject
  readonly kind: Kind
  readonly nth: number
}

export interface Stage {
  readonly calls: number
  /** What does not hold, in words; nothing where all holds. */
  tried(kind: Kind, nth: number): Promise<string | undefined>
  close(): Promise<void>
}

/** Prepares an account for a command and works out where an undisturbed run ends. */
export async function stageFor(subject: Subject): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudtrail-pd-faults-'))
  const file = join(folder, 'prepared.json')
  const first = await anAccount({ file })
  await seedOthers(first)
  await subject.prepare(first)
  await first.close()

  const whole = await opened(file, join(folder, 'whole.json'))
  const others = othersOf(whole.sandbox.state)
  whole.calls()
  const result = await run(whole, subject, {})
  if (result.exit !== 0) throw new Error(`${subject.command}, undisturbed: ${result.exit} ${result.stdout}`)
  const prepared: Prepared = {
    file,
    calls: whole.calls().length,
    ended: resourcesOf(whole.sandbox.state),
    others,
  }
  await whole.close()
  return {
    calls: prepared.calls,
    tried: (kind, nth) => tried(prepared, { subject, kind, nth }, join(folder, `${KINDS.indexOf(kind)}-${nth}.json`)),
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

async function opened(from: string, file: string): Promise<Account> {
  await copyFile(from, file)
  return anAccount({ file })
}

function run(account: Account, { args, token }: Subject, more: Parameters<Account['run']>[1]): Promise<Result> {
  return token === true ? account.runWithToken(args, more) : account.run(args, more)
}

async function tried(prepared: Prepared, { subject, kind, nth }: Cell, file: string): Promise<string | undefined> {
  const account = await opened(prepared.file, file)
  const { state } = account.sandbox
  const before = namesIn(state)
  const faults: string[] = []
  const hold = (holds: boolean, what: string) => {
    if (!holds) faults.push(what)
  }
  try {
    let interrupt = () => {}
    const backend = kind.strike({ nth, backend: account.sandbox.backend, interrupt: () => interrupt() })
    const result = await run(account, subject, {
      backend,
      interrupt: (send) => {
        interrupt = send
      },
    })
    hold(isDeepEqual(othersOf(state), prepared.others), 'an unmanaged resource changed')
    if (kind.dies !== true) judgeReport(subject, result, { state, before, ended: prepared.ended }, hold)

    // An alarm that a drill has set returns by itself at its next evaluations.
    if (subject.command === 'test') {
      await account.sandbox.clock.sleep(60 * 60_000)
      await resolved(account)
    }
    const again = await run(account, subject, {})
    hold(again.exit === 0, `the next run ends with ${again.exit}: ${errorOf(again)}`)
    hold(isDeepEqual(resourcesOf(state), prepared.ended), 'the next run ends elsewhere')
    hold(isDeepEqual(othersOf(state), prepared.others), 'the next run changed an unmanaged resource')
  } catch (error) {
    faults.push(`threw ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    await account.close()
    await rm(file, { force: true })
  }
  return faults.length === 0 ? undefined : faults.join('; ')
}

/** The OK of an alarm goes to PagerDuty by HTTP, which the account's clock does not wait for. At most 30 s. */
async function resolved({ pagerDuty }: Account): Promise<void> {
  const until = Date.now() + 30_000
  while (pagerDuty.state.incidents.some(({ status }) => status !== 'resolved') && Date.now() < until) await sleep(20)
}

interface Seen {
  readonly state: SandboxState
  readonly before: ReadonlySet<string>
  readonly ended: object
}

/** Whether the exit code and the one document on stdout say what is in the account. */
function judgeReport(
  subject: Subject,
  result: Result,
  { state, before, ended }: Seen,
  hold: (holds: boolean, what: string) => void,
): void {
  hold([0, 1, 3, 4, 5, 130].includes(result.exit), `exit ${result.exit}`)
  const report = documentOf(result)
  if (report === undefined) {
    hold(false, `no JSON document: ${result.stdout.slice(0, 200)}`)
    return
  }
  hold(!/this should not happen|undefined|\[object/.test(result.stdout), `words of a crash: ${errorOf(result)}`)
  const now = namesIn(state)
  const made = [...now].filter((name) => !before.has(name))
  const gone = [...before].filter((name) => !now.has(name))
  if (result.exit === 3)
    hold(made.length === 0 && gone.length === 0, `exit 3, and changed: ${[...made, ...gone].join(', ')}`)
  if (subject.command === 'init') {
    const created = new Set(report.created ?? [])
    // The delivery is reported by its trail's name.
    const known = new Set([...[...now].map(bare), ...Object.values(state.trails).map(({ name }) => name)])
    for (const name of made) hold(created.has(bare(name)), `${name} exists and is not in created`)
    for (const name of created) {
      if (!name.startsWith('https:')) hold(known.has(name), `${name} is in created and does not exist`)
    }
    if (result.exit === 0) hold(isDeepEqual(resourcesOf(state), ended), 'exit 0 before the end')
  }
  if (subject.command === 'destroy') {
    const deleted = new Set(report.deleted ?? [])
    const left = new Set([...now].map(bare))
    for (const name of gone) hold(deleted.has(bare(name)), `${name} is gone and not in deleted`)
    for (const name of deleted) {
      // A log group and a trail may share a name with what is left; only a name that is nowhere else can be told.
      const stands = [...now].filter((one) => bare(one) === name).length
      hold(
        !left.has(name) || stands < [...before].filter((one) => bare(one) === name).length,
        `${name} is in deleted and stands`,
      )
    }
    const standing = new Set([
      ...left,
      ...Object.keys(state.subscriptions),
      ...Object.values(state.trails).map(({ name }) => name),
    ])
    for (const { resource } of report.kept ?? []) {
      // Where two things share a name, the report puts the kind before it.
      // What could not be read is kept, whether it is there or not, and the run has failed then.
      const stands = standing.has(resource.replace(/^[a-z- ]+ /, '')) || result.exit !== 0
      hold(stands, `${resource} is in kept and gone`)
    }
    if (result.exit === 0) hold(isDeepEqual(resourcesOf(state), ended), 'exit 0 before the end')
  }
  if (subject.command === 'doctor --fix' && report.healthy === true) {
    hold(isDeepEqual(resourcesOf(state), ended), 'healthy before the end')
  }
  if (subject.command === 'test' && result.exit === 0) {
    hold(report.verdict === 'delivered', `exit 0 with ${report.verdict}`)
  }
}

interface AnyReport {
  readonly created?: readonly string[]
  readonly deleted?: readonly string[]
  readonly kept?: readonly { readonly resource: string }[]
  readonly healthy?: boolean
  readonly verdict?: string
  readonly error?: { readonly code: string; readonly message: string }
}

function documentOf(result: Result): AnyReport | undefined {
  try {
    return result.json() as AnyReport
  } catch {
    return undefined
  }
}

function errorOf(result: Result): string {
  const { error } = documentOf(result) ?? {}
  return error === undefined ? result.stdout.slice(0, 300) : `${error.code}: ${error.message}`
}

function isDeepEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a, configured) === JSON.stringify(b, configured)
}

/** What lies in a bucket grows with the time that passes. */
function configured(key: string, value: unknown): unknown {
  return key === 'objects' ? undefined : value
}
