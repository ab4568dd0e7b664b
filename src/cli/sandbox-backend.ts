/** The sandbox as the world of a run: an embedded AWS that delivers to an embedded PagerDuty, both kept in files. */

import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import lockfile from 'proper-lockfile'
import type { AwsBackend } from '../aws/backend.ts'
import { connectAws } from '../aws/session.ts'
import type { RouteKind } from '../domain/route.ts'
import { AppError } from '../errors.ts'
import { writeSandboxFile } from '../sandbox/file.ts'
import { makeOrganization, OPEN_MEMBER, organizationBackend } from '../sandbox/organization.ts'
import { openPagerDutySandbox } from '../sandbox/pagerduty/server.ts'
import {
  type PagerDutyState,
  SANDBOX_BEARER_TOKEN,
  SANDBOX_EVENTS_KEY,
  SANDBOX_INTEGRATION_KEY,
  SANDBOX_ROUTING_KEY,
  SANDBOX_TOKEN,
  seedPagerDuty,
} from '../sandbox/pagerduty/state.ts'
import { openSandbox, type Sandbox } from '../sandbox/sandbox.ts'
import type { Backend } from './backend.ts'
import type { Platform } from './platform.ts'

/** Where the sandbox's account lives when nobody says. */
const REGION = 'us-east-1'

const KEYS: Readonly<Record<RouteKind, string>> = {
  service: SANDBOX_INTEGRATION_KEY,
  'service-event-rules': SANDBOX_INTEGRATION_KEY,
  'global-orchestration': SANDBOX_ROUTING_KEY,
  'global-ruleset': SANDBOX_ROUTING_KEY,
  'service-orchestration': SANDBOX_EVENTS_KEY,
}

export interface SandboxBackendOptions {
  readonly trace: (line: string) => void
  readonly note: (text: string) => void
  /** The account manages an organization: a command asks for one. */
  readonly organization?: boolean
  /** How often a file that another command has is tried, up to 200 ms apart. */
  readonly tries?: number
}

/** Opens both halves; `file` holds the AWS account, and a second file beside it PagerDuty's. */
export async function openSandboxBackend(
  platform: Platform,
  file: string,
  eventsUrl: URL | undefined,
  options: SandboxBackendOptions,
): Promise<Backend> {
  const release = await lock(file, options)
  try {
    const backend = await openLocked(platform, file, eventsUrl, options)
    const close = () => backend.close().finally(release)
    return { ...backend, close }
  } catch (error) {
    await release()
    throw error
  }
}

async function openLocked(
  platform: Platform,
  file: string,
  eventsUrl: URL | undefined,
  { trace, organization = false }: SandboxBackendOptions,
): Promise<Backend> {
  const pagerDutyFile = `${file.replace(/\.json$/, '')}.pagerduty.json`
  let aws: Sandbox | undefined
  const pagerDuty = await openPagerDutySandbox({
    state: load(pagerDutyFile) ?? seedPagerDuty(),
    onChange: (state) => writeSandboxFile(pagerDutyFile, state),
    clock: { now: () => (aws ?? platform).clock.now() },
  })
  aws = await openSandbox({ file, region: REGION, clock: platform.clock, eventsUrl: async () => pagerDuty.eventsUrl })
  const { clock, close } = aws
  // What a member holds is made anew by each command, which only looks there.
  const member = organization ? await openSandbox({ region: REGION, clock: platform.clock }) : undefined
  const backend = member === undefined ? aws.backend : withMember(aws, member)
  return {
    clock,
    // Neither profiles nor endpoints of the real world matter here.
    connectAws: ({ region }) => {
      const target = { profile: undefined, region: region ?? regionOf(platform), endpointUrl: undefined }
      return connectAws(target, { env: {}, backend, eventsUrl, trace })
    },
    pagerDuty: { token: SANDBOX_TOKEN, apiUrl: pagerDuty.apiUrl },
    keyFor: (route) => KEYS[route],
    secrets: [...Object.values(KEYS), SANDBOX_TOKEN, SANDBOX_BEARER_TOKEN],
    async close() {
      await close()
      await member?.close()
      await pagerDuty.close()
    },
  }
}

function withMember({ backend, state }: Sandbox, member: Sandbox): AwsBackend {
  makeOrganization(state)
  return organizationBackend(backend, (account) => (account === OPEN_MEMBER ? member.backend : undefined))
}

function regionOf({ env }: Platform): string {
  return env.AWS_REGION || env.AWS_DEFAULT_REGION || REGION
}

function load(file: string): PagerDutyState | undefined {
  try {
    return { ...seedPagerDuty(), ...(JSON.parse(readFileSync(file, 'utf8')) as PagerDutyState) }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new AppError('sandbox-file-invalid', `the sandbox file ${file} cannot be read`, {
      hint: 'delete it to start over',
      cause,
    })
  }
}

/** A process that uses the file refreshes its lock; one that was killed loses it after this time (milliseconds). */
const STALE_MS = 10_000

/** Tries. */
const TEN_MINUTES = 3_000

/** Waits until no other process uses the file: each of them would undo what the other did. Resolves with the release. */
async function lock(file: string, { note, tries = TEN_MINUTES }: SandboxBackendOptions): Promise<() => Promise<void>> {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    if (await lockfile.check(file, { realpath: false, stale: STALE_MS }))
      note('waiting for another sandbox command to finish, such as a wizard that still asks')
    return await lockfile.lock(file, {
      realpath: false,
      stale: STALE_MS,
      retries: { retries: tries, minTimeout: 50, maxTimeout: 200, factor: 1.2 },
    })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ELOCKED') {
      throw new AppError('sandbox-file-not-written', `another command still uses the sandbox file ${file}`, {
        hint: 'end that command, or name another file in CLOUDTRAIL_PD_SANDBOX_FILE',
        cause,
      })
    }
    throw new AppError('sandbox-file-not-written', `the sandbox file ${file} cannot be locked`, {
      hint: 'check its folder, or name another file in CLOUDTRAIL_PD_SANDBOX_FILE',
      cause,
    })
  }
}
