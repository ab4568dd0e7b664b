import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { builtTool } from '../package/built.ts'

const KEY = 'fa4efa4efa4efa4efa4efa4efa4efa4e'
const SHORT = ['--detections', 'root-account-usage']

let tool = ''
let folder = ''

beforeAll(async () => {
  tool = await builtTool()
}, 60_000)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-pipe-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function environment(more: Record<string, string>): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: folder, CLOUDTRAIL_PD_SANDBOX_FILE: join(folder, 'box.json'), ...more }
}

/** The built tool with pipes, and `input` on its standard input. */
async function piped(args: readonly string[], more: Record<string, string> = {}, input = '') {
  const child = spawn(process.execPath, [tool, ...args], { env: environment(more) })
  child.stdin.end(input)
  const [stdout, stderr, [exit]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { exit, stdout, stderr }
}

describe('without a terminal', () => {
  it('C62 init names everything that is missing, before any call: exit 2', async () => {
    const { exit, stdout, stderr } = await piped(['init'])
    expect(exit).toBe(2)
    expect(stdout).toBe('')
    for (const option of ['--yes', '--dry-run', '--integration-key', '--integration-url', '--integration-key-file']) {
      expect(stderr).toContain(option)
    }
  })

  it('C62 and with --json says the same as one document', async () => {
    const { exit, stdout } = await piped(['init', '--json'])
    expect(exit).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ schemaVersion: 1, command: 'init' },
      error: { code: 'missing-options', message: expect.stringContaining('--yes') },
    })
  })

  it('stdout is one JSON document without a control character, whatever FORCE_COLOR says', async () => {
    const { exit, stdout } = await piped(['init', '--sandbox', '--yes', '--json', ...SHORT], { FORCE_COLOR: '1' })
    expect(exit).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ status: 'applied' })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
    expect(stdout.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g)).toBeNull()
  })

  it('progress is plain lines, in which nothing moves and nothing is coloured', async () => {
    const { exit, stdout, stderr } = await piped(['init', '--sandbox', '--yes', ...SHORT])
    expect(exit).toBe(0)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
    expect((stdout + stderr).match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g)).toBeNull()
    expect(stderr).toMatch(/✔ topic +cloudtrail-pd-alerts created/)
  })

  it('a reader that goes away ends the output, not the run', async () => {
    const line = `"${process.execPath}" "${tool}" init --sandbox --yes --json --verbose | head -c 1`
    const child = spawn('sh', ['-c', line], { env: environment({}) })
    const [stderr] = await Promise.all([text(child.stderr), text(child.stdout), once(child, 'exit')])
    expect(stderr).not.toContain('EPIPE')
    expect(stderr).not.toMatch(/^\s+at /m)
    const state = JSON.parse(readFileSync(join(folder, 'box.json'), 'utf8'))
    expect(Object.keys(state.alarms)).toHaveLength(26)
  })

  it('a key comes on standard input, is used without its line end, and is in no output', async () => {
    const args = ['init', '--sandbox', '--yes', '--json', '--verbose', '--integration-key-file', '-', ...SHORT]
    const { exit, stdout, stderr } = await piped(args, {}, `${KEY}\n`)
    expect(exit, stderr).toBe(0)
    expect(JSON.parse(stdout).subscription).toMatchObject({
      status: 'confirmed',
      endpoint: 'https://events.pagerduty.com/integration/…fa4e/enqueue',
    })
    expect(stdout + stderr).not.toContain(KEY)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'C63 %s while it works is exit 130 with what is there and what is missing',
    async (signal) => {
      const args = ['init', '--sandbox', '--yes', '--json', '--detections', 'all']
      const child = spawn(process.execPath, [tool, ...args], { env: environment({}) })
      let stderr = ''
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        if (!stderr.includes('alerts created') && `${stderr}${chunk}`.includes('alerts created')) child.kill(signal)
        stderr += chunk
      })
      const [stdout, [exit]] = await Promise.all([text(child.stdout), once(child, 'exit')])
      expect(exit, stderr).toBe(130)
      const { status, created, remaining, next } = JSON.parse(stdout)
      expect(status).toBe('incomplete')
      expect(created).toContain('arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-alerts')
      expect(remaining.length).toBeGreaterThan(0)
      expect(next).toEqual([
        expect.stringMatching(/^npx cloudtrail-pd init .*--yes$/),
        'npx cloudtrail-pd destroy --sandbox',
      ])
      const [resume, undo] = [
        ['init', '--sandbox', '--yes', '--json', '--detections', 'all'],
        ['destroy', '--sandbox', '--yes', '--json'],
      ]
      expect((await piped(resume ?? [])).exit).toBe(0)
      expect((await piped(undo ?? [])).exit).toBe(0)
    },
  )

  it('a wrong option is exit 2 and touches nothing', async () => {
    const { exit, stderr } = await piped(['init', '--sandbox', '--yes', '--detektions', 'all'])
    expect(exit).toBe(2)
    expect(stderr).toContain('--detections')
    expect(existsSync(join(folder, 'box.json'))).toBe(false)
  })
})
