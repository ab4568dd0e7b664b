/** The sandbox as the world of a run: an embedded AWS that delivers to an embedded PagerDuty, both kept in files. */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { connectAws } from '../aws/session.ts'
import type { RouteKind } from '../domain/route.ts'
import { AppError } from '../errors.ts'
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

/** Opens both halves; `file` holds the AWS account, and a second file beside it PagerDuty's. */
export async function openSandboxBackend(
  platform: Platform,
  file: string,
  eventsUrl: URL | undefined,
  trace: (line: string) => void,
): Promise<Backend> {
  const pagerDutyFile = `${file.replace(/\.json$/, '')}.pagerduty.json`
  let aws: Sandbox | undefined
  const pagerDuty = await openPagerDutySandbox({
    state: load(pagerDutyFile) ?? seedPagerDuty(),
    onChange: (state) => save(pagerDutyFile, state),
    clock: { now: () => (aws ?? platform).clock.now() },
  })
  aws = await openSandbox({ file, region: REGION, clock: platform.clock, eventsUrl: async () => pagerDuty.eventsUrl })
  const { backend, clock, close } = aws
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
      await pagerDuty.close()
    },
  }
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
      hint: 'delete it to start anew',
      cause,
    })
  }
}

/** Replaces the file in one step; it holds keys, though made-up ones. */
function save(file: string, state: PagerDutyState): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}.tmp`
  writeFileSync(draft, JSON.stringify(state), { mode: 0o600 })
  renameSync(draft, file)
}
