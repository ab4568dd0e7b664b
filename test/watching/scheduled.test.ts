/** The commands of docs/scheduled.md, run by the shells that would run them, on the sandbox. */

import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { actionsOf } from '../../src/commands/permissions.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/scheduled.md'), 'utf8')
const TEMPLATE = readFileSync(join(ROOT, 'docs/scheduled-codebuild.yaml'), 'utf8')
const WITHIN_MS = 120_000

/** The blocks of the page in one language. */
function blocks(language: string): readonly string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text)
}

function blockWith(language: string, words: string): string {
  const found = blocks(language).find((text) => text.includes(words))
  if (found === undefined) throw new Error(`no ${language} block with ${words}`)
  return found
}

let folder: string

/** `npx cloudtrail-pd` from the sources, and an `aws` whose bucket is a folder; both as a shell finds them. */
function install(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 })
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-scheduled-'))
  install(
    'npx',
    `if [ "$1" = --yes ]; then shift; fi
case $1 in cloudtrail-pd | cloudtrail-pd@*) ;; *) exit 127 ;; esac
shift
exec '${process.execPath}' '${join(ROOT, 'node_modules/tsx/dist/cli.mjs')}' '${join(ROOT, 'scripts/dev.js')}' "$@"`,
  )
  install(
    'aws',
    `if [ "$1 $2" = 's3api head-object' ]; then
  if [ -f bucket.json ]; then exit 0; fi
  echo 'An error occurred (404) when calling the HeadObject operation: Not Found' >&2
  exit 254
fi
if [ "$1 $2" = 's3 cp' ]; then
  from=$3 to=$4
  cp "\${from/#s3:*/bucket.json}" "\${to/#s3:*/bucket.json}"
  exit
fi
exit 2`,
  )
  const made = await shell('npx cloudtrail-pd init --yes --detections root-account-usage')
  if (made.exit !== 0) throw new Error(made.stderr)
}, WITHIN_MS)

afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

function shell(script: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const env = {
    PATH: `${folder}:${process.env.PATH}`,
    HOME: folder,
    CLOUDTRAIL_PD_SANDBOX: '1',
    CLOUDTRAIL_PD_SANDBOX_FILE: join(folder, 'sandbox.json'),
    ...more,
  }
  return new Promise((resolve) => {
    execFile('bash', ['-c', script], { cwd: folder, env, maxBuffer: 10_000_000 }, (error, stdout, stderr) => {
      resolve({ exit: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

/** Somebody switches off what the alarms do. */
function breakChain(): void {
  const path = join(folder, 'sandbox.json')
  const state = JSON.parse(readFileSync(path, 'utf8')) as { alarms: Record<string, { actionsEnabled: boolean }> }
  for (const alarm of Object.values(state.alarms)) alarm.actionsEnabled = false
  writeFileSync(path, JSON.stringify(state))
}

describe('docs/scheduled.md', { timeout: WITHIN_MS }, () => {
  it('keeps a report and compares with it', async () => {
    const [first = ''] = blocks('sh')
    expect(first.trim().split('\n')).toHaveLength(2)
    expect(await shell(first)).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('Nothing new since doctor.json'),
    })
    breakChain()
    const compare = first.trim().split('\n')[1] ?? ''
    expect(await shell(compare)).toMatchObject({ exit: 4, stdout: expect.stringContaining('alarm.actions-enabled') })
  })

  it('prints the policy of what doctor reads', async () => {
    const { exit } = await shell(blockWith('sh', 'export --format iam-policy'))
    expect(exit).toBe(0)
    const { Statement } = JSON.parse(readFileSync(join(folder, 'policy.json'), 'utf8'))
    const allowed = Statement.flatMap(({ Action }: { Action: string[] }) => Action)
    expect([...allowed].sort()).toEqual([...actionsOf('doctor')].sort())
  })

  it('has a trust policy for one branch of one repository', () => {
    const [{ Condition, Action }] = JSON.parse(blockWith('json', 'sts:AssumeRoleWithWebIdentity')).Statement
    expect(Action).toBe('sts:AssumeRoleWithWebIdentity')
    expect(Object.values(Condition.StringEquals)).toEqual([
      'sts.amazonaws.com',
      expect.stringMatching(/:ref:refs\/heads\//),
    ])
  })

  it('has a workflow that tells a new fault once, by exit code, summary and JUnit', async () => {
    const workflow = parse(blockWith('yaml', 'runs-on'))
    expect(workflow.permissions).toMatchObject({ 'id-token': 'write' })
    const { run } = workflow.jobs.doctor.steps.find((step: { run?: string }) => step.run !== undefined)
    const summary = join(folder, 'summary.md')
    const day = () => shell(run, { GITHUB_STEP_SUMMARY: summary })
    expect(await day()).toMatchObject({ exit: 0 })
    expect(await day()).toMatchObject({ exit: 0, stdout: expect.stringContaining('"findings": []') })
    breakChain()
    expect(await day()).toMatchObject({ exit: 4 })
    expect(readFileSync(join(folder, 'doctor.xml'), 'utf8')).toContain('alarm.actions-enabled')
    expect(readFileSync(summary, 'utf8')).toContain('alarm.actions-enabled')
    expect(await day()).toMatchObject({ exit: 0 })
  })

  it('has a cron line that prints only what is new and wrong', async () => {
    const line = blockWith('sh', '* * *').trim()
    const command = line.replace(/^(?:\S+ ){5}/, '')
    expect(command).not.toContain('%')
    await shell('npx cloudtrail-pd doctor --json > "$HOME/doctor.json"')
    expect(await shell(command)).toMatchObject({ stdout: '' })
    breakChain()
    expect((await shell(command)).stdout).toContain('alarm.actions-enabled')
  })

  it('has a build that keeps the report, and none of a run that could not look', async () => {
    const [, spec = ''] = /BuildSpec: \|\n((?: {10}.*\n| *\n)+)/.exec(TEMPLATE) ?? []
    const [command] = parse(spec).phases.build.commands
    const build = (more = {}) => shell(command, { REPORTS: 'reports', VERSION: '1.2.3', ...more })
    expect(await build()).toMatchObject({ exit: 0 })
    breakChain()
    expect(await build()).toMatchObject({ exit: 4, stdout: expect.stringContaining('alarm.actions-enabled') })
    expect(await build()).toMatchObject({ exit: 0 })
    const kept = readFileSync(join(folder, 'bucket.json'), 'utf8')
    const blind = { CLOUDTRAIL_PD_SANDBOX: '0', AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'us-east-1' }
    expect(await build(blind)).toMatchObject({ exit: 3 })
    expect(readFileSync(join(folder, 'bucket.json'), 'utf8')).toBe(kept)
    install('aws', 'echo "An error occurred (403) when calling the HeadObject operation: Forbidden" >&2; exit 254')
    expect(await build()).toMatchObject({ exit: 1, stdout: expect.stringContaining('403') })
  })

  it('names files that are there', () => {
    for (const [, path = ''] of PAGE.matchAll(/\]\(([^):]+)\)/g))
      expect(existsSync(join(ROOT, 'docs', path)), path).toBe(true)
  })
})
