import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { pageLines } from '../../src/cli/program.ts'
import { runTool } from '../support/tool.ts'
import { builtTool } from './built.ts'

const run = promisify(execFile)

let tool = ''

describe('a page that was made when the package was built', () => {
  beforeAll(async () => {
    tool = await builtTool()
  }, 120_000)

  const short = pageLines().map((line) => line.replace('--help', '-h'))
  const asked = ['help', 'help help', 'help pattern test', 'help permissions', '-v', 'version']
  it.each(['', ...new Set([...pageLines(), ...short, ...asked])])(
    'is what the program would answer to "%s"',
    async (line) => {
      const words = line === '' ? [] : line.split(' ')
      const made = await runTool(words, {})
      expect(made.exit).toBe(0)
      expect(await run(process.execPath, [tool, ...words])).toEqual({ stdout: made.stdout, stderr: '' })
    },
  )

  it.each([[['']], [['pattern test', '--help']]])('is not taken for %j, whose words are no commands', async (words) => {
    const made = await runTool(words, {})
    const answer = await run(process.execPath, [tool, ...words]).catch((error: unknown) => error)
    expect(answer).toMatchObject({ stdout: made.stdout, stderr: made.stderr })
  })

  it.each([
    'init --json --help',
    'doctor --help --yes',
    'nothing --help',
    'toString --help',
    'help toString',
    'help init --json',
    'permissions --help',
  ])('is left to the program where more was said: "%s"', async (line) => {
    const made = await runTool(line.split(' '), {})
    const answer = await run(process.execPath, [tool, ...line.split(' ')]).catch((error: unknown) => error)
    expect(answer).toMatchObject({ stdout: made.stdout, stderr: made.stderr })
  })

  it('does not mind a reader that has gone away', async () => {
    const child = spawn(process.execPath, [tool, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let usageErrorOf = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      usageErrorOf += text
    })
    const [code] = await once(child, 'exit')
    expect([code, usageErrorOf]).toEqual([0, ''])
  })
})
