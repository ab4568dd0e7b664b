import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { builtTool, ROOT } from './built.ts'

const DIST = join(ROOT, 'dist')

/** The text of a built file and of everything that it loads at once. */
function loadedBy(file: string, seen = new Set<string>()): string {
  if (seen.has(file)) return ''
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  const others = [...text.matchAll(/(?:from|import)"(\.\.?\/[^"]+)"/g)].map(([, path = '']) =>
    join(dirname(file), path),
  )
  return [text, ...others.map((other) => loadedBy(other, seen))].join('\n')
}

/** The file that `run` of a command is exported from, among those that the runner of commands may load. */
function commandFile(name: string): string {
  const paths = [...loadedBy(join(DIST, 'run-command.js')).matchAll(/import\("(\.\/chunks\/run-[A-Z0-9]+\.js)"\)/g)]
  const files = paths.map(([, path = '']) => join(DIST, path))
  const found = files.find((file) => new RegExp(`export\\{${name}\\}`).test(readFileSync(file, 'utf8')))
  if (found === undefined) throw new Error(`the runner loads no ${name}`)
  return found
}

const CLIENTS = [
  'CloudTrailClient',
  'CloudWatchClient',
  'CloudWatchLogsClient',
  'IAMClient',
  'KMSClient',
  'OrganizationsClient',
  'S3Client',
  'SNSClient',
  'STSClient',
]
const SDK = new RegExp(`(${CLIENTS.join('|')}|NodeHttpHandler)=class`)
const DOCTOR = /delivery\.role-trust/
const SANDBOX = /cloudtrail-pd-sandbox|SandboxState|openSandbox\(/
const YAML_AND_ZOD = /ZodType|LineCounter/

describe('the built package loads', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    await builtTool()
  }, 120_000)

  it.each(['main.js', 'detections.js', 'files.js', 'run-command.js', 'search.js'])(
    'no SDK, no sandbox and no YAML with %s',
    (file) => {
      const text = loadedBy(join(DIST, file))
      for (const foreign of [SDK, DOCTOR, SANDBOX, YAML_AND_ZOD])
        expect([foreign, foreign.test(text)]).toEqual([foreign, false])
    },
  )

  it('one file for help, and one more for what reaches nothing beyond files, or searches them', () => {
    for (const file of ['main.js', 'detections.js', 'files.js', 'search.js']) {
      expect(readFileSync(join(DIST, file), 'utf8')).not.toMatch(/from"\.\/chunks\//)
    }
  })

  it.each(['init', 'doctor', 'destroy', 'test', 'events'])('no SDK with %s before its first call', (name) => {
    const text = loadedBy(commandFile(name))
    for (const foreign of [SDK, SANDBOX, YAML_AND_ZOD]) expect([foreign, foreign.test(text)]).toEqual([foreign, false])
    expect(DOCTOR.test(text)).toBe(name === 'doctor')
  })

  it('no parser of patterns with the thread that searches files', () => {
    expect(readFileSync(join(DIST, 'search.js'), 'utf8')).not.toMatch(/parsePattern/)
  })

  it('one client at a time', () => {
    const files = readdirSync(join(DIST, 'chunks')).map((file) => join(DIST, 'chunks', file))
    const clients = files.map((file) => CLIENTS.filter((client) => loadedBy(file).includes(`${client}=class`)))
    expect(clients.filter((found) => found.length > 1)).toEqual([])
    expect(new Set(clients.flat())).toEqual(new Set(CLIENTS))
  })
})
