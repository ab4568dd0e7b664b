import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import lockfile from 'proper-lockfile'
import { describe, expect, it } from 'vitest'
import type { Backend } from '../../src/cli/backend.ts'
import { sandboxFile, withOffers } from '../../src/cli/connect.ts'
import { filesOf, type Platform } from '../../src/cli/platform.ts'
import { openSandboxBackend } from '../../src/cli/sandbox-backend.ts'
import { ROUTES } from '../../src/domain/route.ts'
import { setupOf } from '../../src/options/setup.ts'
import { type Result, runTool } from '../support/tool.ts'
import { paper } from '../ui/terminal.ts'

const bare: Backend = {
  clock: { now: () => new Date(0), sleep: async () => {} },
  connectAws: () => Promise.reject(new Error('nobody is there')),
  pagerDuty: { token: undefined, apiUrl: undefined },
  keyFor: () => undefined,
  secrets: [],
  close: async () => {},
}

function aProcess(): Platform {
  const stdin = Object.assign(Readable.from([]), { isTTY: false })
  return {
    stdin,
    stdout: paper(),
    stderr: paper(),
    env: { AWS_REGION: 'eu-central-1', AWS_PROFILE: 'no-such' },
    clock: { now: () => new Date(), sleep: async () => {} },
    files: filesOf(() => stdin),
    onInterrupt: () => () => {},
    exit: () => {},
  }
}

describe('what a world offers', () => {
  it('is nothing in the real one', () => {
    expect(withOffers({ hold: 5 }, bare)).toEqual({ hold: 5 })
  })

  it('never replaces what was given', () => {
    const backend = { ...bare, keyFor: () => 'offered' }
    expect(withOffers({ integrationKey: 'given' }, backend)).toEqual({ integrationKey: 'given' })
    expect(withOffers({ integrationUrl: 'given' }, backend)).toEqual({ integrationUrl: 'given' })
  })

  it('is a service where no route was named', () => {
    expect(withOffers({}, { ...bare, keyFor: (route) => `key of ${route}` })).toEqual({
      route: 'service',
      integrationKey: 'key of service',
    })
  })
})

describe('the file of the sandbox', () => {
  it.each([
    [{ CLOUDTRAIL_PD_SANDBOX_FILE: '/tmp/box.json', XDG_STATE_HOME: '/state' }, '/tmp/box.json'],
    [{ XDG_STATE_HOME: '/state', HOME: '/home/me' }, '/state/cloudtrail-pd/sandbox.json'],
    [{ XDG_STATE_HOME: '', HOME: '/home/me' }, '/home/me/.local/state/cloudtrail-pd/sandbox.json'],
  ])('with %j is %s', (env, file) => {
    expect(sandboxFile(env)).toBe(file)
  })
})

describe('the sandbox as a world', () => {
  it('has a key for every route that makes a setup, and keeps both files private', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cloudtrail-pd-world-'))
    const backend = await openSandboxBackend(aProcess(), join(folder, 'state', 'box.json'), undefined, {
      trace: () => {},
      note: () => {},
    })
    try {
      for (const route of ROUTES) {
        const { setup } = setupOf(withOffers({ route }, backend))
        expect(setup.destination).toMatchObject({ how: 'integration', route: { kind: route } })
      }
      const aws = await backend.connectAws({
        profile: 'no-such',
        region: undefined,
        endpointUrl: 'http://nowhere.invalid',
      })
      expect(aws).toMatchObject({ region: 'eu-central-1', notices: [], identity: { account: '123456789012' } })
    } finally {
      await backend.close()
    }
    const files = await readdir(join(folder, 'state'))
    for (const file of files) expect((await stat(join(folder, 'state', file))).mode & 0o077).toBe(0)
    expect(files).toContain('box.json')
    await rm(folder, { recursive: true, force: true })
  })

  it('says that it waits while another command has the account, and goes on when that has ended', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cloudtrail-pd-waiting-'))
    const box = join(folder, 'box.json')
    await runTool(['init', '--sandbox', '--yes', '--detections', 'root-account-usage'], {
      env: { CLOUDTRAIL_PD_SANDBOX_FILE: box },
    })
    const release = await lockfile.lock(box)
    const waiting = runTool(['doctor', '--sandbox', '--json'], { env: { CLOUDTRAIL_PD_SANDBOX_FILE: box } })
    await new Promise((resolve) => setTimeout(resolve, 300))
    await release()
    const { exit, stderr } = await waiting
    expect(stderr).toContain('waiting for another sandbox command to finish')
    expect(exit).toBe(0)
    await rm(folder, { recursive: true, force: true })
  })

  it('names the command that has the account, where waiting for it was in vain', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cloudtrail-pd-waiting-'))
    const box = join(folder, 'box.json')
    const release = await lockfile.lock(box, { realpath: false })
    const opening = openSandboxBackend(aProcess(), box, undefined, { trace: () => {}, note: () => {}, tries: 0 })
    await expect(opening).rejects.toMatchObject({
      code: 'sandbox-file-not-written',
      message: `another command still uses the sandbox file ${box}`,
      hint: expect.stringMatching(/^end that command/),
    })
    await release()
    await rm(folder, { recursive: true, force: true })
  })

  it('has an organization for a command that asks for one, with a member that lets a role in and one that does not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cloudtrail-pd-organization-'))
    const run = (...line: readonly string[]) =>
      runTool(line, { env: { CLOUDTRAIL_PD_SANDBOX_FILE: join(folder, 'box.json') } })
    try {
      const before = await run('doctor', '--sandbox', '--accounts', 'Audit', '--json')
      const coverage = ({ json }: Result) =>
        (json().accounts as unknown as readonly { coverage: string }[]).map((place) => place.coverage)
      expect(coverage(before)).toEqual(['not-covered', 'not-covered', 'unknown'])
      const made = await run('init', '--sandbox', '--organization', '--yes', '--detections', 'root-account-usage')
      expect(made.exit, made.stderr).toBe(0)
      expect(coverage(await run('doctor', '--sandbox', '--accounts', 'Audit', '--json'))).toEqual([
        'covered',
        'covered',
        'unknown',
      ])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
