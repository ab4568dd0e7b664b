/** An acceptance run from the look whether the name is free to the destroy that always comes: order, consent and what is left. */

import { fireDrill } from '../src/detections/drill.ts'
import { chainNames, parseArn, topicArn } from '../src/domain/names.ts'
import { type RouteKind, type ServiceRegion, shapeOf } from '../src/domain/route.ts'
import type { AlarmSnapshot, Reading } from '../src/domain/snapshot.ts'
import { findFilters } from '../src/drill/target.ts'
import type { Body, ErrorBody } from '../src/json/schemas.ts'
import type { CommandName } from '../src/options/command-options.ts'
import type { KnownName } from './anonymize.ts'
import { findService } from './destination.ts'
import type { Evidence, Target, ToolRun } from './evidence.ts'
import { round } from './evidence.ts'
import { type Accounts, lookAtDrill, lookAtFirstOk, lookForRecord, pointsOf, reading } from './looks.ts'
import { tryRoleConditions } from './role-conditions.ts'
import type { Tool } from './tool.ts'

export interface AcceptOptions {
  readonly target: Target
  /** `--name` of the chain that the run makes and destroys. */
  readonly name: string
  /** Flags that say where AWS is: profile, region, endpoint or sandbox. */
  readonly where: readonly string[]
  /** An existing trail to use; undefined: the run makes one. */
  readonly trail: string | undefined
  readonly route: RouteKind
  readonly serviceRegion: ServiceRegion
  /** Two keys of the route; undefined with `service`. */
  readonly keys: readonly [string | undefined, string | undefined]
  /** The PagerDuty service in which the run makes two integrations, and deletes them. */
  readonly service: string | undefined
  readonly token: boolean
  /** Seconds that each wait of the run may take at the longest; undefined: its own limit. */
  readonly timeout: number | undefined
  /** Of the AWS configuration, so that the report does not name it. */
  readonly profile: string | undefined
}

export interface Host {
  readonly tool: Tool
  look<T>(read: (accounts: Accounts) => Promise<T>): Promise<T>
  /** True: go on. */
  ask(question: string): Promise<boolean>
  say(line: string): void
  /** Aborted by the first signal. */
  readonly signal: AbortSignal
}

export type StepName =
  | 'name-is-free'
  | 'integrations'
  | 'init'
  | 'first-ok'
  | 'test-api-call'
  | 'doctor'
  | 'events'
  | 'rotation'
  | 'prune'
  | 'test-alarm-state'
  | 'role-conditions'
  | 'destroy'
  | 'remove-integrations'

export interface Step {
  readonly step: StepName
  readonly status: 'done' | 'failed' | 'declined' | 'skipped' | 'interrupted'
  /** Why it was not done. */
  readonly why?: string
  readonly run?: ToolRun<unknown>
}

export interface Left {
  readonly resource: string
  readonly why: string
  /** The command that removes it. */
  readonly remove?: string
}

export interface Outcome {
  readonly began: Date
  readonly ended: Date
  readonly steps: readonly Step[]
  readonly evidence: Evidence
  readonly left: readonly Left[]
  readonly known: readonly KnownName[]
  /** Undefined: nothing was made. */
  readonly region: string | undefined
  /** A fault of the run itself. */
  readonly stopped: string | undefined
}

/** Seconds that the wait for the first OK takes at the longest. */
const FIRST_OK_S = 600

/** A drill alarm and one detection that a quiet account does not set off. */
const DETECTIONS = ['--detections', 'root-account-usage', '--drill']

/** Never rejects once the chain may stand: what happened is in the outcome. */
export async function accept(options: AcceptOptions, host: Host): Promise<Outcome> {
  const run = new Run(options, host)
  try {
    await run.inOrder()
  } catch (error) {
    run.stopped(error)
  } finally {
    await run.cleanUp()
  }
  return run.outcome()
}

class Run {
  readonly #options: AcceptOptions
  readonly #host: Host
  readonly #steps: Step[] = []
  readonly #known: KnownName[]
  readonly #began = new Date()
  #stopped: string | undefined
  #evidence: Evidence
  #left: Left[] = []
  #keys: readonly [string | undefined, string | undefined]
  #made: { readonly serviceId: string; readonly integrations: readonly string[] } | undefined
  /** True from the moment at which init may have made something. */
  #mayStand = false
  /** From then on a signal no longer stops a command. */
  #cleaning = false
  #initBegan = this.#began
  #place:
    | { readonly region: string; readonly topicArn: string; readonly alarm: string; readonly bucket: string }
    | undefined

  constructor(options: AcceptOptions, host: Host) {
    this.#options = options
    this.#host = host
    const { target, trail, route, serviceRegion, token, keys, name, profile, timeout } = options
    this.#keys = keys
    this.#evidence = { setting: { target, ownTrail: trail === undefined, route, serviceRegion, token, timeout } }
    this.#known = [
      { name, as: 'chain' },
      ...[trail, profile].flatMap((one) =>
        one === undefined || one === 'default' ? [] : [{ name: one, as: 'name' as const }],
      ),
    ]
  }

  async inOrder(): Promise<void> {
    if (!(await this.#nameIsFree())) return
    if (!(await this.#integrations())) return
    if (!(await this.#init())) return
    await this.#firstOk()
    await this.#testApiCall()
    await this.#doctor()
    await this.#events()
    await this.#rotate()
    await this.#testAlarmState()
    await this.#roleConditions()
  }

  stopped(error: unknown): void {
    this.#stopped = error instanceof Error ? error.message : String(error)
    this.#host.say(`stopped: ${this.#stopped}`)
  }

  outcome(): Outcome {
    return {
      began: this.#began,
      ended: new Date(),
      steps: this.#steps,
      evidence: this.#evidence,
      left: this.#left,
      known: this.#known,
      region: this.#place?.region,
      stopped: this.#stopped,
    }
  }

  async #nameIsFree(): Promise<boolean> {
    const { name } = this.#options
    const run = await this.#command('destroy', ['--dry-run', '--delete-trail', '--delete-logs'])
    const { planned = [] } = run.document ?? {}
    if (run.exit === 0 && planned.length === 0) {
      this.#done('name-is-free', run)
      await this.#learnNames()
      return !this.#host.signal.aborted
    }
    const why =
      run.exit === 0
        ? `a chain named ${name} stands already; remove it with ${this.#destroyCommand()}, or pass another --name`
        : whyOf(run)
    this.#failed('name-is-free', why, run)
    return false
  }

  /** Names of people and things that texts may quote. */
  async #learnNames(): Promise<void> {
    const learned = await reading(() =>
      this.#host.look(async ({ aws, pagerDuty }) => {
        const { account, arn } = aws.identity
        const who = arn
          .slice(arn.lastIndexOf(':') + 1)
          .split('/')
          .slice(1)
        const of = (as: KnownName['as'], names: readonly string[]) => names.map((name) => ({ name, as }))
        const services = (await pagerDuty?.services())?.items ?? []
        const policies = (await pagerDuty?.escalationPolicies())?.items ?? []
        return [
          ...of('account', [account]),
          ...of('person', who),
          ...of(
            'service',
            [...services, ...policies].map(({ name }) => name),
          ),
        ]
      }),
    )
    if (learned.state === 'read') this.#known.push(...learned.value)
    else this.#host.say(`names of PagerDuty cannot be read, so read the report before you pass it on: ${learned.why}`)
  }

  /** With `--pagerduty-service`: two integrations of the run's own, and so two keys. */
  async #integrations(): Promise<boolean> {
    const { service, name } = this.#options
    if (service === undefined) return true
    if (
      !(await this.#agreed(
        'integrations',
        `Make two integrations in PagerDuty service "${service}", to be deleted at the end?`,
      ))
    )
      return false
    const made = await reading(() => this.#host.look(({ pagerDuty }) => findService(pagerDuty, service).makeTwo(name)))
    if (made.state === 'unreadable') {
      this.#failed('integrations', made.why)
      return false
    }
    const { serviceId, integrations } = made.value
    this.#made = { serviceId, integrations: integrations.map(({ id }) => id) }
    const [first, second] = integrations.map(({ key }) => key?.reveal())
    this.#keys = [first, second]
    const keys = integrations.filter(({ key }) => key !== undefined).length
    const types = integrations.flatMap(({ type }) => type ?? [])
    this.#saw({
      integrations: { keys: { state: 'read', value: keys }, types, made: integrations.length, deleted: undefined },
    })
    if (first === undefined) {
      this.#failed('integrations', 'PagerDuty does not show the key of the integration to this token')
      return false
    }
    this.#done('integrations')
    return true
  }

  async #init(): Promise<boolean> {
    const { target, route } = this.#options
    const pages = shapeOf(route) === 'x-ere' ? ' The confirmation of its subscription may page.' : ''
    const where = target === 'aws' ? 'this AWS account' : target === 'sandbox' ? 'the sandbox' : 'the endpoint'
    if (!(await this.#agreed('init', `Make a chain named ${this.#options.name} in ${where}?${pages}`))) return false
    this.#initBegan = await this.#now()
    this.#mayStand = true
    const run = await this.#command('init', this.#initFlags(), this.#withKey(0))
    this.#saw({ init: run })
    const { document } = run
    if (document !== undefined && document.region !== '') {
      const site = { partition: partitionOf(document.created), account: document.account, region: document.region }
      const names = chainNames(this.#options.name, site)
      this.#place = {
        region: document.region,
        topicArn: topicArn(site, names.topic),
        alarm: names.alarm(fireDrill.id, 'paging'),
        bucket: names.bucket,
      }
      this.#known.push({ name: document.account, as: 'account' })
    }
    // A pending subscription is worth going on: what AWS does can still be seen.
    const stands = run.exit === 0 || (run.exit === 5 && document?.error === undefined)
    if (!stands) this.#failed('init', whyOf(run), run)
    else this.#done('init', run)
    return stands
  }

  async #firstOk(): Promise<void> {
    const place = this.#place
    if (place === undefined || this.#host.signal.aborted) return
    const { timeout = FIRST_OK_S, name } = this.#options
    this.#host.say(`waiting up to ${timeout} s for the first OK of the new alarms`)
    const firstOk = await this.#look((accounts) =>
      lookAtFirstOk(
        accounts,
        { alarmPrefix: `${name}-`, topicArn: place.topicArn },
        this.#initBegan,
        timeout,
        this.#host.signal,
      ),
    )
    if (firstOk.state === 'unreadable') return this.#failed('first-ok', firstOk.why)
    this.#saw({ firstOk: firstOk.value })
    this.#done('first-ok')
  }

  async #testApiCall(): Promise<void> {
    if (!(await this.#agreed('test-api-call', 'Start a fire drill by an API call? This pages whoever is on call.')))
      return
    const began = await this.#now()
    const run = await this.#command('test', this.#testFlags('api-call'))
    const drill = await this.#afterDrill(run, began)
    if (drill === undefined) return this.#failed('test-api-call', whyOf(run), run)
    const logGroup = await this.#logGroup(drill.alarm)
    const id = run.document?.drill ?? ''
    // It searches the log group once the marked call is made, and may read trails again when nothing arrives.
    const searched = run.calls.findIndex(({ call }) => call.endsWith(':FilterLogEvents'))
    const calls = run.calls
      .slice(0, Math.max(searched, 0))
      .filter(({ call, outcome }) => call === 'CloudTrail:DescribeTrails' && outcome === 'ok').length
    const record = await this.#look((accounts) => lookForRecord(accounts, { logGroup, drill: id, began, calls }))
    const metric = drill.alarm.state === 'read' ? drill.alarm.value?.metric : undefined
    const nothing = { state: 'unreadable', why: 'the alarm cannot be read', denied: false } as const
    const since = this.#initBegan
    const points = metric === undefined ? nothing : await this.#look((accounts) => pointsOf(accounts, metric, since))
    const incoming =
      logGroup === undefined
        ? nothing
        : await this.#look((accounts) =>
            pointsOf(
              accounts,
              { namespace: 'AWS/Logs', name: 'IncomingLogEvents', dimensions: { LogGroupName: logGroup } },
              since,
            ),
          )
    this.#saw({ callDrill: { ...drill, record, points, incoming } })
    this.#judged('test-api-call', run)
  }

  async #testAlarmState(): Promise<void> {
    if (!(await this.#agreed('test-alarm-state', 'Start a second fire drill, by setting the alarm? This pages again.')))
      return
    const began = await this.#now()
    const run = await this.#command('test', this.#testFlags('alarm-state'))
    const drill = await this.#afterDrill(run, began)
    if (drill !== undefined) this.#saw({ stateDrill: drill })
    this.#judged('test-alarm-state', run)
  }

  async #afterDrill(run: ToolRun<Body<'test'>>, began: Date) {
    const place = this.#place
    if (run.document === undefined || place === undefined) return undefined
    const looked = await this.#look((accounts) => lookAtDrill(accounts, place.alarm, place.topicArn, began))
    return looked.state === 'read' ? { run, ...looked.value } : undefined
  }

  async #doctor(): Promise<void> {
    const place = this.#place
    if (place === undefined || this.#host.signal.aborted) return
    const run = await this.#command('doctor', ['--topic', place.topicArn])
    this.#saw({ doctor: run })
    this.#judged('doctor', run)
  }

  async #events(): Promise<void> {
    const place = this.#place
    if (place === undefined || this.#host.signal.aborted) return
    if (this.#evidence.callDrill === undefined) {
      this.#steps.push({ step: 'events', status: 'skipped', why: 'no drill has run' })
      return
    }
    const run = await this.#command('events', [], {}, [place.alarm])
    this.#saw({ events: run })
    if (run.exit === 0 && run.document?.events.length === 0) this.#failed('events', 'it names no event', run)
    else this.#judged('events', run)
  }

  async #rotate(): Promise<void> {
    if (this.#keys[1] === undefined) {
      const why = 'there is no second key'
      this.#steps.push({ step: 'rotation', status: 'skipped', why }, { step: 'prune', status: 'skipped', why })
      return
    }
    if (!(await this.#agreed('rotation', 'Subscribe the second key, and then unsubscribe the first?'))) return
    const rotation = await this.#command('init', this.#initFlags(), this.#withKey(1))
    this.#saw({ rotation })
    this.#judged('rotation', rotation)
    if (rotation.exit !== 0 || this.#host.signal.aborted) return
    const prune = await this.#command('init', [...this.#initFlags(), '--prune'], this.#withKey(1))
    this.#saw({ prune })
    const gone = prune.document?.changes.some(({ link, action }) => link === 'subscription' && action === 'delete')
    if (prune.exit === 0 && gone !== true) this.#failed('prune', 'it did not remove the old subscription', prune)
    else this.#judged('prune', prune)
  }

  /** Last, because events may get lost in it. */
  async #roleConditions(): Promise<void> {
    const { trail, name } = this.#options
    if (this.#host.signal.aborted) return
    if (trail !== undefined) {
      this.#steps.push({ step: 'role-conditions', status: 'skipped', why: 'the run made no role' })
      return
    }
    this.#host.say('trying conditions in the trust policy of the delivery role')
    const found = await this.#look((accounts) =>
      tryRoleConditions(accounts, name, this.#options.timeout, this.#host.signal),
    )
    this.#saw({ roleConditions: found })
    if (found.state === 'read') this.#done('role-conditions')
    else if (found.denied) this.#steps.push({ step: 'role-conditions', status: 'skipped', why: found.why })
    else this.#failed('role-conditions', found.why)
  }

  /** Whatever happened: removes what the run made, twice if need be, and says what is left. */
  async cleanUp(): Promise<void> {
    this.#cleaning = true
    if (this.#mayStand) {
      this.#host.say('removing the chain')
      let run = await this.#command('destroy', ['--delete-trail', '--delete-logs'])
      if (run.exit !== 0) run = await this.#command('destroy', ['--delete-trail', '--delete-logs'])
      this.#saw({ destroy: run })
      const after = await this.#command('destroy', ['--dry-run', '--delete-trail', '--delete-logs'])
      this.#left.push(...leftOf(run, after, { bucket: this.#place?.bucket, remove: this.#destroyCommand() }))
      if (run.exit === 0) this.#done('destroy', run)
      else this.#failed('destroy', whyOf(run), run)
    }
    await this.#removeIntegrations()
  }

  async #removeIntegrations(): Promise<void> {
    const made = this.#made
    const { integrations } = this.#evidence
    if (made === undefined || integrations === undefined) return
    const { service = '' } = this.#options
    const deleted = await reading(() =>
      this.#host.look(({ pagerDuty }) => findService(pagerDuty, service).remove(made.serviceId, made.integrations)),
    )
    this.#saw({ integrations: { ...integrations, deleted } })
    if (deleted.state === 'read' && deleted.value === made.integrations.length) return this.#done('remove-integrations')
    const why = deleted.state === 'read' ? 'PagerDuty still has one' : deleted.why
    this.#failed('remove-integrations', why)
    this.#left.push({ resource: `integrations ${this.#options.name} of PagerDuty service ${service}`, why })
  }

  #initFlags(): readonly string[] {
    const { trail, name, route, serviceRegion } = this.#options
    const from = trail === undefined ? ['--create-trail', name] : ['--trail', trail]
    return [...DETECTIONS, ...from, '--route', route, '--service-region', serviceRegion]
  }

  #testFlags(via: string): readonly string[] {
    const { timeout, token } = this.#options
    const limit = timeout === undefined ? [] : ['--timeout', String(timeout)]
    // Without a token no one can see more than that SNS took both messages.
    return ['--via', via, ...limit, ...(token ? [] : ['--accept-sent'])]
  }

  #withKey(which: 0 | 1): Readonly<Record<string, string>> {
    const key = this.#keys[which]
    return key === undefined ? {} : { CLOUDTRAIL_PD_INTEGRATION_KEY: key }
  }

  /** Where the drill's metric filter is. */
  async #logGroup(read: Reading<AlarmSnapshot | undefined>): Promise<string | undefined> {
    const alarm = read.state === 'read' ? read.value : undefined
    if (alarm === undefined) return undefined
    const filters = await this.#look(({ aws }) => findFilters({ aws, alarm }))
    const logGroup = filters.state === 'read' ? filters.value[0]?.logGroup : undefined
    if (logGroup !== undefined) this.#known.push({ name: logGroup, as: 'name' })
    return logGroup
  }

  #destroyCommand(): string {
    const { where, name } = this.#options
    return ['npx cloudtrail-pd destroy', ...where, '--name', name, '--delete-trail', '--delete-logs'].join(' ')
  }

  async #command<C extends CommandName>(
    command: C,
    flags: readonly string[],
    env: Readonly<Record<string, string>> = {},
    operands: readonly string[] = [],
  ): Promise<ToolRun<Body<C>>> {
    const { name, where } = this.#options
    const began = await this.#now()
    const yes = ['init', 'test', 'destroy'].includes(command) ? ['--yes'] : []
    const line = [command, ...operands, ...flags, ...where, '--name', name, ...yes, '--json', '--verbose']
    this.#host.say(`$ cloudtrail-pd ${line.slice(0, -2).join(' ')}`)
    const { exit, stdout, calls } = await this.#host.tool.run(line, env, this.#cleaning ? undefined : this.#host.signal)
    const seconds = round(((await this.#now()).getTime() - began.getTime()) / 1000)
    return { exit, seconds, ...documentIn<C>(stdout), calls }
  }

  /** By the clock of the account: the sandbox's runs ahead. */
  async #now(): Promise<Date> {
    const now = await reading(() => this.#host.look(async ({ clock }) => clock.now()))
    return now.state === 'read' ? now.value : new Date()
  }

  #look<T>(read: (accounts: Accounts) => Promise<T>) {
    const region = this.#place?.region
    return reading(() =>
      this.#host.look((accounts) =>
        read(region === undefined ? accounts : { ...accounts, aws: accounts.aws.inRegion(region) }),
      ),
    )
  }

  async #agreed(step: StepName, question: string): Promise<boolean> {
    if (this.#host.signal.aborted) {
      if (!this.#steps.some(({ status }) => status === 'interrupted')) this.#steps.push({ step, status: 'interrupted' })
      return false
    }
    if (await this.#host.ask(question)) return true
    this.#steps.push({ step, status: this.#host.signal.aborted ? 'interrupted' : 'declined' })
    return false
  }

  #saw(more: Partial<Evidence>): void {
    this.#evidence = { ...this.#evidence, ...more }
  }

  #judged(step: StepName, run: ToolRun<unknown>): void {
    if (run.exit === 0) this.#done(step, run)
    else this.#failed(step, whyOf(run), run)
  }

  #done(step: StepName, run?: ToolRun<unknown>): void {
    this.#steps.push({ step, status: 'done', ...(run === undefined ? {} : { run }) })
    this.#host.say(`${step}: done${run === undefined ? '' : ` in ${run.seconds} s`}`)
  }

  #failed(step: StepName, why: string, run?: ToolRun<unknown>): void {
    const status = this.#host.signal.aborted && step !== 'destroy' ? 'interrupted' : 'failed'
    this.#steps.push({ step, status, why, ...(run === undefined ? {} : { run }) })
    this.#host.say(`${step}: ${status}: ${why}`)
  }
}

/** The report of the command itself, and the error that is in it or stands in its place. */
function documentIn<C extends CommandName>(stdout: string): Pick<ToolRun<Body<C>>, 'document' | 'error'> {
  try {
    const document = JSON.parse(stdout) as Body<C> & { readonly error?: ErrorBody }
    const fields = Object.keys(document).filter((key) => !['schemaVersion', 'command', 'error'].includes(key))
    return { document: fields.length > 0 ? document : undefined, error: document.error }
  } catch {
    return { document: undefined, error: undefined }
  }
}

/** Why a command did not do what it was run for. */
function whyOf({ exit, error }: ToolRun<unknown>): string {
  return [`exit ${exit}`, error?.message, error?.hint].filter((part) => part !== undefined && part !== null).join(': ')
}

/** What the last look still finds; where it could not look, what the deletion itself said. */
function leftOf(
  run: ToolRun<Body<'destroy'>>,
  after: ToolRun<Body<'destroy'>>,
  { bucket, remove }: { readonly bucket: string | undefined; readonly remove: string },
): readonly Left[] {
  const emptied = (left: Left) =>
    left.resource === bucket ? { ...left, remove: `aws s3 rb s3://${left.resource} --force` } : left
  if (after.exit !== 0 || after.document === undefined) {
    const known = [...(run.document?.kept ?? []), ...(run.document?.failed ?? [])]
    return known.length > 0 ? known.map(emptied) : [{ resource: 'the chain', why: 'it could not be read', remove }]
  }
  const { planned = [], kept } = after.document
  return [...planned.map((resource) => ({ resource, why: 'it was not deleted', remove })), ...kept.map(emptied)]
}

function partitionOf(created: readonly string[]): string {
  return created.flatMap((name) => parseArn(name)?.partition ?? [])[0] ?? 'aws'
}
