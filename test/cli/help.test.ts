import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { helpNames } from '../../src/cli/help.ts'
import { TOPICS } from '../../src/cli/topics.ts'
import { runTool } from '../support/tool.ts'

const tool = (line: string) => runTool(line === '' ? [] : line.split(' '), {})

/** The user's texts: sources without their comments. */
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(`src/${file}`, 'utf8').replaceAll(/\/\*\*[\s\S]*?\*\/|\/\/ .*/g, '') }))

describe('help', () => {
  it.each([
    ['help', '--help'],
    ['help init', 'init --help'],
    ['help pattern', 'pattern --help'],
    ['help pattern lint', 'pattern lint --help'],
    ['help test', 'test --help'],
    ['help help', 'help --help'],
    ['help version', 'version -h'],
    ['-v', '--version'],
    ['version', '--version'],
  ])('"%s" is what "%s" prints', async (line, other) => {
    const page = await tool(line)
    expect(page).toMatchObject({ exit: 0, stderr: '' })
    expect(page.stdout).toBe((await tool(other)).stdout)
  })

  it.each(Object.keys(TOPICS))('prints the topic %s', async (name) => {
    const { exit, stdout } = await tool(`help ${name}`)
    const [title = ''] = readFileSync(`docs/${name}.md`, 'utf8').split('\n')
    expect([exit, stdout.split('\n')[0]]).toEqual([0, title])
  })

  it('makes a list of a table that is wider than the terminal', async () => {
    const narrow = await runTool(['help', 'drill'], { columns: 60 })
    expect(narrow.stdout).toContain('\ntakes\n  `--via api-call`: 10 to 30 minutes')
    const wide = await runTool(['help', 'drill'], { columns: 400 })
    expect(wide.stdout).not.toContain('| takes |')
    expect((await runTool(['help', 'errors'], { columns: 400 })).stdout).toContain('\n`alarm-not-found`\n  meaning: ')
  })

  it('says of a check what it finds, and what it rests on', async () => {
    expect(await tool('help metric-filter.syntax')).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(
        /^metric-filter\.syntax\n {2}finds a pattern that CloudWatch Logs is not known to take/,
      ),
    })
    expect((await tool('help delivery.role-trust')).stdout).toContain('\n  rests on delivery.role\n')
    expect(await tool('help alarm.nothing')).toMatchObject({ exit: 2, stdout: '' })
  })

  it('names pages as topics, and leaves out where links lead', async () => {
    const { stdout } = await tool('help troubleshooting')
    expect(stdout).toMatch(/`npx\s+cloudtrail-pd\s+help\s+checks`/)
    expect(stdout).toContain('check: `subscription.confirmed`\n')
    expect((await tool('help getting-started')).stdout.replaceAll(/\s+/g, ' ')).toContain(
      "PagerDuty's guide for AWS CloudTrail (https://support.pagerduty.com/",
    )
    for (const name of Object.keys(TOPICS)) expect((await tool(`help ${name}`)).stdout).not.toMatch(/\]\(|<a id/)
  })

  it('names every topic on its own page', async () => {
    const { stdout } = await tool('help --help')
    for (const [name, says] of Object.entries(TOPICS)) expect(stdout).toMatch(new RegExp(`^  ${name} +${says}$`, 'm'))
  })

  it('answers version --json with a document', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect((await tool('version --json')).json()).toEqual({ schemaVersion: 1, command: 'version', version })
  })
})

describe('an unknown command is exit 2', () => {
  it.each([
    ['nothing', 'see npx cloudtrail-pd --help'],
    ['nothing --help', 'see npx cloudtrail-pd --help'],
    ['nothing -h', 'see npx cloudtrail-pd --help'],
    ['doctr --help', 'did you mean doctor?'],
    ['pattern nothing --help', 'see npx cloudtrail-pd pattern --help'],
    ['pattern tset', 'did you mean test?'],
    ['help nothing', 'see npx cloudtrail-pd --help'],
    ['help toString', 'see npx cloudtrail-pd --help'],
    ['help permissoins', 'did you mean permissions?'],
    ['help pattern tset', 'did you mean pattern test?'],
    ['verison', 'did you mean version?'],
    ['constructor --help', 'see npx cloudtrail-pd --help'],
  ])('%s', async (line, hint) => {
    const { exit, stdout, stderr } = await tool(line)
    expect([exit, stdout]).toEqual([2, ''])
    expect(stderr).toContain('there is no command')
    expect(stderr).toContain(hint)
  })

  it.each(['destory', 'destroyy', 'tset', 'tests', 'help destory', 'help tests'])(
    'and the answer to "%s" names no command that pages or deletes',
    async (line) => {
      const { exit, stderr } = await tool(line)
      expect(exit).toBe(2)
      expect(stderr).not.toMatch(/mean (test|destroy)/)
    },
  )
})

describe('a page that a message names', () => {
  it('is a topic of help, never a file that a user does not have', () => {
    const files = sources.filter(
      ({ file, text }) =>
        file !== 'cli/topics.ts' &&
        !['cli/help.ts', 'doctor/check-page.ts'].includes(file) &&
        /docs\/|\.md['"` ]/.test(text),
    )
    expect(files.map(({ file }) => file)).toEqual([])
  })

  it('can be printed', () => {
    const named = sources.flatMap(({ text }) =>
      [...text.matchAll(/npx cloudtrail-pd help ([a-z-]+)|helpCommand\('([a-z-]+)'\)/g)].flatMap(
        ([, line, value]) => line ?? value ?? [],
      ),
    )
    expect(named).toEqual(expect.arrayContaining(['permissions', 'report']))
    expect(named.filter((name) => !helpNames().includes(name))).toEqual([])
  })

  it('links only to files that ship with it, or to the web', () => {
    const shipped = readdirSync('docs').filter((name) => name.endsWith('.md'))
    const broken = shipped.flatMap((name) =>
      [...readFileSync(`docs/${name}`, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
        .flatMap(([, target]) => target ?? [])
        .filter((target) => !target.startsWith('https://') && !(shipped.includes(target) || isShipped(target)))
        .map((target) => `${name}: ${target}`),
    )
    expect(broken).toEqual([])
  })
})

/** README and change log are in every package. */
function isShipped(target: string): boolean {
  return /^(?:\.\.\/(?:README|CHANGELOG)\.md|[\w-]+\.yaml)$/.test(target) && existsSync(`docs/${target}`)
}
