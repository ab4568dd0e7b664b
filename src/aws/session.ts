/** From profile, region and endpoint to an identity and real SDK clients; every client shares one handler, retry policy and trace. */

import { existsSync } from 'node:fs'
import type { STSClient } from '@aws-sdk/client-sts'
import type { NodeHttpHandler } from '@smithy/node-http-handler'
import { parseArn } from '../domain/names.ts'
import { AppError, Cancelled, EXIT } from '../errors.ts'
import type { Env } from '../ports.ts'
import type { AwsBackend } from './backend.ts'
import { loadSts } from './clients.ts'
import { awsError, failureKind } from './failures.ts'
import { type AnsweredConfig, answerFrom, type CallLog, type MiddlewareStack, traceCalls } from './middleware.ts'
import { mfaSerial, type Profiles, profileProblem, regionOfZone } from './profiles.ts'
import { requestHandler, type Timeouts } from './request-handler.ts'
import { VERSION } from './version.ts'

export interface AwsTarget {
  readonly profile: string | undefined
  readonly region: string | undefined
  readonly endpointUrl: string | undefined
  /** Asks for the code of an MFA device; undefined where there is no one to ask. */
  readonly askMfaCode?: ((serial: string) => Promise<string>) | undefined
}

export interface Identity {
  readonly account: string
  readonly arn: string
  /** From the caller's ARN, so GovCloud and China get theirs (field case C53). */
  readonly partition: string
}

export interface Aws {
  readonly identity: Identity
  readonly region: string
  /** Things a person should know of how this session came about, such as an endpoint from a variable. */
  readonly notices: readonly string[]
  /** What stands in for PagerDuty's event hosts in tests and emulators; loopback only. */
  readonly eventsUrl: URL | undefined
  /** The one client of this class for this region; made on first use. */
  client<C extends object>(type: new (config: ClientConfig) => C): C
  /** How often AWS has asked this session for fewer calls a second. */
  throttles(): number
  /** The same session in another region. */
  inRegion(region: string): Aws
  /** A session of this role, which may be of another account, for an hour. Throws `AppError` with exit 3 when it is refused. */
  assume(roleArn: string): Promise<Aws>
}

export interface SessionOptions {
  readonly env: Env
  /** Answers every call in place of the network. */
  readonly backend?: AwsBackend | undefined
  readonly eventsUrl?: URL | undefined
  /** Gets one line for each attempt of each call; never a secret. */
  readonly trace?: (line: string) => void
  /** What a person should see at once: one sentence. */
  readonly notice?: (text: string) => void
  /** Shorter waits, for tests. */
  readonly timeouts?: Timeouts
}

/** A profile by name, among all that the configuration files have. */
interface NamedProfile {
  readonly profiles: Profiles
  readonly name: string
}

interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** What every client is made with. */
export interface ClientConfig {
  readonly region?: string
  readonly profile?: string
  readonly endpoint?: string
  readonly credentials?: Credentials | (() => Promise<Credentials>)
  readonly maxAttempts: number
  readonly customUserAgent: [string, string][]
  readonly requestHandler?: NodeHttpHandler
  readonly followRegionRedirects?: boolean
}

/** Throttling is the normal state of a busy account, so more attempts than the SDK's three. */
const MAX_ATTEMPTS = 6

/** Finds out who is asking. Throws `AppError` with exit 3 when there are no credentials, no region, or no answer. */
export async function connectAws(target: AwsTarget, options: SessionOptions): Promise<Aws> {
  const { STSClient } = await loadSts()
  const { env, backend } = options
  const region = target.region ?? given(env.AWS_REGION) ?? given(env.AWS_DEFAULT_REGION)
  const handler = backend === undefined ? await requestHandler(env, options.timeouts) : undefined
  const shared: ClientConfig = {
    ...(target.profile === undefined ? {} : { profile: target.profile }),
    ...(target.endpointUrl === undefined ? {} : { endpoint: target.endpointUrl }),
    ...(backend === undefined ? {} : { credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' } }),
    ...(handler === undefined ? {} : { requestHandler: handler }),
    maxAttempts: MAX_ATTEMPTS,
    customUserAgent: [['cloudtrail-pd', VERSION]],
  }
  const log: CallLog = { throttles: 0 }
  const makeWith = (credentials?: ClientConfig['credentials']) =>
    clientFactory(credentials === undefined ? shared : { ...shared, credentials }, log, options)
  const named = backend === undefined ? await namedProfile(target, env) : undefined
  const make = makeWith(named === undefined ? undefined : await credentialsWithMfa(named, target))
  const sts = make(STSClient, region)
  const home = await regionOf(sts, target)
  const identity = await whoAmI(sts, target, named)
  return sessionIn(home, { identity, notices: notices(target, env), eventsUrl: options.eventsUrl, make, makeWith, log })
}

/** As much of every SDK client as is used here. */
interface SdkClient {
  readonly middlewareStack: MiddlewareStack
  readonly config: AnsweredConfig
}

type Make = <C extends object>(type: new (config: ClientConfig) => C, region: string | undefined) => C

function clientFactory(shared: ClientConfig, log: CallLog, { backend, trace, notice }: SessionOptions): Make {
  return (type, region) => {
    const client = new type({ ...shared, ...(region === undefined ? {} : { region }) })
    const { middlewareStack, config } = client as unknown as SdkClient
    traceCalls(middlewareStack, log, { trace, notice })
    if (backend !== undefined) answerFrom(middlewareStack, backend, config)
    return client
  }
}

interface Shared {
  readonly identity: Identity
  readonly notices: readonly string[]
  readonly eventsUrl: URL | undefined
  readonly make: Make
  /** Clients of other credentials than those that the profile gives. */
  readonly makeWith: (credentials: Credentials) => Make
  readonly log: CallLog
}

function sessionIn(region: string, shared: Shared): Aws {
  const clients = new Map<unknown, object>()
  return {
    identity: shared.identity,
    region,
    notices: shared.notices,
    eventsUrl: shared.eventsUrl,
    throttles: () => shared.log.throttles,
    client: (type) => {
      const known = clients.get(type)
      if (known !== undefined) return known as InstanceType<typeof type>
      const client = shared.make(type, region)
      clients.set(type, client)
      return client
    },
    inRegion: (other) => sessionIn(other, shared),
    assume: (roleArn) => assume(roleArn, region, shared),
  }
}

async function assume(roleArn: string, region: string, shared: Shared): Promise<Aws> {
  const { AssumeRoleCommand, STSClient } = await loadSts()
  const input = { RoleArn: roleArn, RoleSessionName: 'cloudtrail-pd' }
  try {
    const { Credentials: given, AssumedRoleUser } = await shared
      .make(STSClient, region)
      .send(new AssumeRoleCommand(input))
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given ?? {}
    const arn = AssumedRoleUser?.Arn
    const parsed = parseArn(arn ?? '')
    if (!accessKeyId || !secretAccessKey || !sessionToken || arn === undefined || parsed === undefined)
      throw new Error('the response has no credentials')
    const make = shared.makeWith({ accessKeyId, secretAccessKey, sessionToken })
    const { account, partition } = parsed
    return sessionIn(region, { ...shared, identity: { account, arn, partition }, make })
  } catch (error) {
    throw awsError(error, { always: EXIT.access })
  }
}

/** The profile that the credentials come from; undefined where variables hold them, or where no profile is named or configured. */
async function namedProfile(target: AwsTarget, env: Env): Promise<NamedProfile | undefined> {
  if (target.profile === undefined && given(env.AWS_ACCESS_KEY_ID) !== undefined) return undefined
  const chosen = target.profile ?? given(env.AWS_PROFILE)
  const profiles = await readProfiles()
  const named = { profiles, name: chosen ?? 'default' }
  if (profiles[named.name] !== undefined) return named
  if (chosen === undefined) return undefined
  throw profileError(named)
}

/** The profiles of `~/.aws/config` and `~/.aws/credentials`, or of the files that the SDK's variables name. */
async function readProfiles(): Promise<Profiles> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config')
  const { configFile, credentialsFile } = await loadSharedConfigFiles()
  // Sections of other kinds come along under names such as `sso-session.corp`.
  const names = [...Object.keys(configFile), ...Object.keys(credentialsFile)].filter(
    (name) => !/^(?:sso-session|services)\./.test(name),
  )
  return Object.fromEntries(names.map((name) => [name, { ...configFile[name], ...credentialsFile[name] }]))
}

/** Credentials of a profile that needs an MFA code, asked for once in a run; undefined where none is needed or no one can be asked. */
async function credentialsWithMfa(
  { profiles, name }: NamedProfile,
  { askMfaCode }: AwsTarget,
): Promise<ClientConfig['credentials']> {
  if (askMfaCode === undefined || mfaSerial(profiles, name) === undefined) return undefined
  const { fromIni } = await import('@aws-sdk/credential-provider-ini')
  const provider = fromIni({ profile: name, mfaCodeProvider: askMfaCode })
  let resolved: Promise<Credentials> | undefined
  return () => {
    resolved ??= provider()
    return resolved
  }
}

function profileError({ profiles, name }: NamedProfile, cause?: unknown): AppError {
  const problem = profileProblem(profiles, name, existsSync)
  if (problem === undefined) return awsError(cause, { profile: name, always: EXIT.access })
  return new AppError('aws-credentials', problem.cause, { exit: EXIT.access, hint: problem.hint, cause })
}

async function regionOf(sts: STSClient, target: AwsTarget): Promise<string> {
  const region = await configuredRegion(sts, target)
  const fitting = regionOfZone(region)
  if (fitting === undefined) return region
  throw new AppError('region-is-zone', `"${region}" is an availability zone, not a region`, {
    exit: EXIT.access,
    hint: `pass --region ${fitting}, or change region in the AWS configuration file`,
  })
}

async function configuredRegion(sts: STSClient, target: AwsTarget): Promise<string> {
  try {
    return await sts.config.region()
  } catch (cause) {
    throw new AppError('no-region', 'no AWS region is set', {
      exit: EXIT.access,
      cause,
      hint: `pass --region us-east-1, or run: aws configure set region us-east-1${profileFlag(target)}`,
    })
  }
}

async function whoAmI(sts: STSClient, target: AwsTarget, named: NamedProfile | undefined): Promise<Identity> {
  const { GetCallerIdentityCommand } = await loadSts()
  try {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}))
    const parsed = parseArn(Arn ?? '')
    if (Account === undefined || Arn === undefined || parsed === undefined)
      throw new Error('the response names no identity')
    return { account: Account, arn: Arn, partition: parsed.partition }
  } catch (error) {
    // Ctrl-C at the question for an MFA code.
    if (error instanceof Cancelled) throw error
    // An answer of AWS means that there were credentials: then the files are not to blame.
    const answered = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode !== undefined
    const isBlamed =
      named !== undefined && !answered && failureKind(error) !== 'network' && !(error instanceof AppError)
    if (isBlamed) throw profileError(named, error)
    throw awsError(error, { profile: target.profile, always: EXIT.access })
  }
}

/** A forgotten variable would make a check green against an emulator, so it is always said. */
function notices(target: AwsTarget, env: Env): readonly string[] {
  const endpoints = Object.keys(env).filter(
    (name) => name.startsWith('AWS_ENDPOINT_URL') && given(env[name]) !== undefined,
  )
  const reported = endpoints.map((name) => `calls go to ${env[name]} (${name})`)
  if (target.endpointUrl !== undefined) reported.push(`calls go to ${target.endpointUrl} (--endpoint-url)`)
  return reported
}

function given(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text
}

function profileFlag({ profile }: AwsTarget): string {
  return profile === undefined ? '' : ` --profile ${profile}`
}
