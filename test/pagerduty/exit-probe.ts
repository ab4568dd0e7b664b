/** One call in a process of its own; says with which code it ended and when. */

import { writeSync } from 'node:fs'
import { Secret } from '../../src/domain/secret.ts'
import { AppError } from '../../src/errors.ts'
import { connectPagerDuty } from '../../src/pagerduty/directory.ts'
import { SANDBOX_TOKEN } from '../../src/sandbox/pagerduty/state.ts'

const pagerduty = connectPagerDuty({
  token: new Secret(SANDBOX_TOKEN),
  region: 'us',
  baseUrl: process.argv[2] ?? '',
  clock: { now: () => new Date(), sleep: async () => {} },
  timeoutMs: Number(process.argv[3]),
})
const code = await pagerduty.abilities().then(
  () => 'none',
  (error: unknown) => (error instanceof AppError ? error.code : String(error)),
)
writeSync(1, JSON.stringify({ code, at: Date.now() }))
