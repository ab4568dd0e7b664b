import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { KEY } from '../support/tool.ts'
import { describeWithEmulators } from './available.ts'
import { type Emulator, installed, startEmulator } from './servers.ts'
import { CREDENTIALS, emulatedStage, type Stage } from './stage.ts'

/** Every part that watches the chain. */
const WATCHED = ['--heartbeat', '--dashboard', '--dead-letter-queue', '--fallback-email', 'oncall@example.com']

/** Each call is a start of the AWS CLI: a second on a slow machine. */
const WITHIN_MS = 600_000

await describeWithEmulators('a script of AWS CLI calls on moto', () => {
  let moto: Emulator
  let stage: Stage
  let folder: string

  beforeAll(async () => {
    moto = await startEmulator('moto')
  }, 60_000)
  beforeEach(async () => {
    stage = await emulatedStage(moto)
    folder = await mkdtemp(join(tmpdir(), 'cloudtrail-pd-script-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true })
    await stage.close()
  })
  afterAll(() => moto.stop())

  async function bash(script: string, env: NodeJS.ProcessEnv): Promise<{ code: unknown; output: string }> {
    const path = join(folder, 'setup.sh')
    await writeFile(path, script)
    // The AWS CLI of version 1 takes no AWS_ENDPOINT_URL for SQS.
    const wrapper = `#!/bin/sh\nexec ${installed('aws')} "$@" --endpoint-url ${moto.endpoint}\n`
    await writeFile(join(folder, 'aws'), wrapper, { mode: 0o755 })
    const child = spawn('bash', [path], {
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        HOME: folder,
        ...CREDENTIALS,
        ...env,
      },
    })
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    return { code, output: out + err }
  }

  it('makes a chain that doctor finds healthy and init unchanged', { timeout: WITHIN_MS }, async () => {
    const dollar = '$'
    const odd = ['--tag', 'team=ops @home', '--display-name', `CloudTrail "x" ${dollar}(id) it's ${dollar}HOME`]
    const line = ['--detections', 'root-account-usage,alert-pipeline-tampering', ...WATCHED, ...odd]
    const { stdout } = await stage.run(['export', '--format', 'cli', ...line])
    const url = `https://events.pagerduty.com/integration/${KEY}/enqueue`
    const made = await bash(stdout, { CLOUDTRAIL_PD_INTEGRATION_URL: url })
    expect(made.code, made.output).toBe(0)
    const init = await stage.run(['init', '--yes', '--json', ...line])
    expect(init.json(), init.stdout).toMatchObject({ status: 'unchanged' })
    expect(init.writes).toEqual([])
    const doctor = await stage.run(['doctor', '--json'])
    expect(doctor.json(), doctor.stdout).toMatchObject({ healthy: true })
  })

  it('does nothing without the integration URL', { timeout: WITHIN_MS }, async () => {
    const { stdout } = await stage.run(['export', '--format', 'cli', '--detections', 'root-account-usage'])
    const refused = await bash(stdout, {})
    expect(refused.code).not.toBe(0)
    expect(refused.output).toContain('CLOUDTRAIL_PD_INTEGRATION_URL')
  })
})
