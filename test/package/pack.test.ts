import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtTool, ROOT } from './built.ts'

const run = promisify(execFile)

/** A cold `npx` downloads this much; the SDK unbundled would be 46 MB. */
const LARGEST_MB = 1.35

let folder = ''
let tarball = ''

/** Nothing of npm's own environment, and no network: every address is refused. */
function environment(): NodeJS.ProcessEnv {
  const { PATH } = process.env
  return { PATH, HOME: folder, CLOUDTRAIL_PD_SANDBOX_FILE: join(folder, 'box.json'), npm_config_offline: 'true' }
}

async function tool(line: string) {
  const path = join(folder, 'node_modules', '.bin', 'cloudtrail-pd')
  const { stdout } = await run(path, line.split(' '), { cwd: folder, env: environment() })
  return stdout
}

/** The commands that do something, as the help pages name them; a group's page names its own. */
async function commandsUnder(group: string): Promise<readonly string[]> {
  const page = await tool(`${group} --help`.trim())
  expect(page).toContain(`Usage: ${`cloudtrail-pd ${group}`.trim()}`)
  const [, list] = /^Commands:\n((?: {2}.*\n)+)/m.exec(page) ?? []
  const names = [...(list ?? '').matchAll(/^ {2}([a-z-]+) /gm)].flatMap(([, name]) => name ?? [])
  if (names.length === 0) return [group]
  const lists = await Promise.all(
    names.filter((name) => name !== 'help').map((name) => commandsUnder(`${group} ${name}`.trim())),
  )
  return lists.flat()
}

describe('the packed package, installed in an empty folder without a network', () => {
  beforeAll(async () => {
    await builtTool()
    folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-pack-'))
    const npm = (words: readonly string[], cwd: string) => execFileSync('npm', words, { cwd, env: environment() })
    npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], ROOT)
    tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '')
    npm(['init', '--yes'], folder)
    npm(['install', '--no-audit', '--no-fund', tarball], folder)
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is one package, small enough for a cold npx', () => {
    const packages = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))
    expect(packages).toEqual(['cloudtrail-pd'])
    expect(statSync(tarball).size / 1e6).toBeLessThan(LARGEST_MB)
  })

  it('holds the executable and its build, and neither sources nor tests', () => {
    const top = readdirSync(join(folder, 'node_modules', 'cloudtrail-pd'))
    expect(top).toEqual(expect.arrayContaining(['bin', 'dist', 'package.json']))
    expect(
      top.filter((name) => !/^(bin|dist|docs|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(name)),
    ).toEqual([])
  })

  it('holds the manual page that npm installs, of this version', () => {
    const { man, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    const page = readFileSync(join(folder, 'node_modules', 'cloudtrail-pd', man), 'utf8')
    expect(page.split('\n')[0]).toBe(`.TH CLOUDTRAIL\\-PD 1 "" "cloudtrail\\-pd ${version}" "User Commands"`)
  })

  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    expect(await tool('--version')).toBe(`${version}\n`)
  })

  it('explains itself: every command that a help page names has a page of its own, with an example', async () => {
    const commands = await commandsUnder('')
    expect(commands).toEqual(expect.arrayContaining(['init', 'doctor', 'destroy', 'detections list']))
    for (const command of commands) expect(await tool(`${command} --help`)).toMatch(/^ {2}npx cloudtrail-pd /m)
  })

  it('makes a confirmed chain in the sandbox, finds it unchanged, and takes it away', async () => {
    const json = async (line: string) => JSON.parse(await tool(`${line} --sandbox --yes --json`))
    expect(await json('init')).toMatchObject({ status: 'applied', subscription: { status: 'confirmed' } })
    expect(await json('init')).toMatchObject({ status: 'unchanged' })
    expect(await json('destroy')).toMatchObject({ failed: [] })
  })

  it('refuses an unknown option with exit 2', async () => {
    await expect(tool('init --nonsense')).rejects.toMatchObject({ code: 2 })
  })
})
