import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS, GROUPS } from '../../../src/cli/commands.ts'
import { helpNames } from '../../../src/cli/help.ts'
import { catalogue } from '../../../src/detections/catalogue.ts'
import { packs } from '../../../src/detections/select.ts'
import { ROUTES } from '../../../src/domain/route.ts'
import type { CommandName } from '../../../src/options/command-options.ts'
import { runTool } from '../../support/tool.ts'
import { Desk, has, type Shell } from './shells.ts'

let desk: Desk
beforeAll(() => {
  desk = new Desk()
})
afterAll(() => desk.remove())

const ids = catalogue.map(({ id }) => id)
const singles = [...Object.keys(COMMANDS).filter((name) => !name.includes(' ')), ...Object.keys(GROUPS)]

/** What every shell offers, whatever else it adds of its own. */
const LINES: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['cloudtrail-pd d', ['destroy', 'detections', 'doctor']],
  ['cloudtrail-pd help perm', ['permissions']],
  ['cloudtrail-pd help patt', ['pattern', 'patterns']],
  ['cloudtrail-pd pattern ex', ['explain']],
  ['cloudtrail-pd completion ', ['bash', 'fish', 'zsh']],
  ['cloudtrail-pd detections show sts', ids.filter((id) => id.startsWith('sts'))],
  ['cloudtrail-pd detections list --c', ['--csv']],
  ['cloudtrail-pd init --ro', ['--route']],
  ['cloudtrail-pd init --no-h', ['--no-heartbeat']],
  ['cloudtrail-pd init --route ', [...ROUTES].sort()],
  ['cloudtrail-pd init --yes --dry-run --variant c', ['compliance']],
  ['cloudtrail-pd init --log-retention 36', ['365', '3653']],
  ['cloudtrail-pd init --config setup', ['setup.yaml']],
  ['cloudtrail-pd init --profile ', ['default', 'keys', 'prod']],
  ['cloudtrail-pd init --region eu-c', ['eu-central-1', 'eu-central-2']],
  ['cloudtrail-pd pattern test x setup', ['setup.yaml']],
  ['cloudtrail-pd doctor --delete', []],
  ['cloudtrail-pd nothing --', []],
]

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell: Shell) => {
  // Where every test has to run, a shell that is missing is a failure.
  const inShell = it.skipIf(!has(shell) && process.env.REQUIRE_SHELLS !== '1')

  inShell('offers what may stand there', { timeout: 60_000 }, async () => {
    const offered = await desk.offered(
      shell,
      LINES.map(([line]) => line),
    )
    expect(LINES.map(([line], at) => [line, offered[at]])).toEqual(LINES)
  })

  inShell('offers every command, and every option that its page of help names', { timeout: 120_000 }, async () => {
    const names = Object.keys(COMMANDS) as readonly CommandName[]
    const [first, ...options] = await desk.offered(shell, [
      'cloudtrail-pd ',
      ...names.map((name) => `cloudtrail-pd ${name} --`),
    ])
    expect(first?.filter((word) => !word.startsWith('-'))).toEqual([...singles, 'help', 'version'].sort())
    for (const [at, name] of names.entries()) {
      const { stdout } = await runTool([...name.split(' '), '--help'], {})
      const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag = '']) => flag)
      expect(flags.length).toBeGreaterThan(3)
      expect([name, options[at]]).toEqual([name, expect.arrayContaining(flags)])
    }
  })

  inShell('offers the next id or pack behind a comma', { timeout: 60_000 }, async () => {
    const [list = []] = await desk.offered(shell, ['cloudtrail-pd init --detections cis-1.4,root-a'])
    // zsh names what follows the comma, the others the whole word.
    const next = list.map((word) => word.replace(/^cis-1\.4,/, ''))
    expect(next).toEqual(['root-access-key-created', 'root-account-usage'])
    const [all = []] = await desk.offered(shell, ['cloudtrail-pd backtest --exclude '])
    expect(all).toEqual([...ids, ...packs.map(({ name }) => name)].sort())
  })
})

describe('bash', () => {
  it('completes the value behind = and nothing but files behind --', async () => {
    const offered = await desk.offered('bash', [
      'cloudtrail-pd init --variant = b',
      'cloudtrail-pd init --variant =',
      'cloudtrail-pd pattern test -- -x set',
      'cloudtrail-pd pattern test -- -x --j',
      'cloudtrail-pd help p',
    ])
    expect(offered).toEqual([
      ['both'],
      ['both', 'compliance', 'paging'],
      ['set up.yaml', 'setup.yaml'],
      [],
      helpNames()
        .filter((name) => /^p[^ ]*$/.test(name))
        .sort(),
    ])
  })
})

describe('fish', () => {
  it.skipIf(!has('fish') && process.env.REQUIRE_SHELLS !== '1')(
    'says of an option what it is for, and not again at each of its words',
    { timeout: 60_000 },
    async () => {
      const said = await desk.saidByFish(['cloudtrail-pd init --rou', 'cloudtrail-pd init --route '])
      expect(said[0]).toMatch(/^--route\tservice, global-orchestration/)
      expect(said[1]?.split('\n').toSorted()).toEqual([...ROUTES].toSorted())
    },
  )
})

describe('completion', () => {
  it('as a document has the script in it', async () => {
    const { stdout } = await runTool(['completion', 'zsh'], {})
    expect((await runTool(['completion', 'zsh', '--json'], {})).json()).toMatchObject({ shell: 'zsh', script: stdout })
  })

  it.each([
    ['powershell', 'there is: bash, zsh, fish'],
    ['bsh', 'did you mean bash?'],
  ])('of %s is exit 2', async (shell, hint) => {
    const { exit, stderr } = await runTool(['completion', shell], {})
    expect([exit, stderr]).toEqual([2, expect.stringContaining(hint)])
  })
})
