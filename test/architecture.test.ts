import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

/**
 * A file may import from its own room or from one above it; rooms on one line do not know each other. A room is the
 * longest folder (or file) of this list that the path begins with.
 */
const LAYERS = [
  ['error-codes', 'next-command'],
  ['atomic-file', 'counted', 'errors', 'ports', 'spelling', 'visible-text'],
  ['html'],
  ['domain'],
  ['iam'],
  ['patterns'],
  ['detections'],
  ['plan'],
  ['options'],
  ['aws'],
  ['pagerduty'],
  ['context'],
  ['aws/readers'],
  ['aws/resources'],
  ['pagerduty/integration'],
  ['apply'],
  ['doctor', 'drill', 'backtest', 'export', 'sandbox'],
  ['json'],
  ['wizard'],
  ['ui'],
  ['commands'],
  ['cli'],
]
const ROOMS = LAYERS.flat()

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))

function text(file: string): string {
  return readFileSync(join('src', file), 'utf8')
}

function room(file: string): string {
  const path = file.replace(/\.ts$/, '')
  const inside = ROOMS.filter((name) => path === name || path.startsWith(`${name}/`))
  return inside.toSorted((one, other) => other.length - one.length)[0] ?? path
}

function importsOf(file: string): readonly string[] {
  const found = text(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+\.ts)'/g)
  return [...found].map((match) => normalize(join(dirname(file), match[1] ?? '')))
}

function offenders(rule: RegExp, allowed: (file: string) => boolean): readonly string[] {
  return files.filter((file) => !allowed(file) && rule.test(text(file)))
}

describe('the house', () => {
  it('has a room for every file', () => {
    expect(files.filter((file) => !ROOMS.includes(room(file)))).toEqual([])
  })

  it('has one direction of imports', () => {
    const level = new Map(LAYERS.flatMap((rooms, at) => rooms.map((name) => [name, at] as const)))
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => room(target) !== room(file))
        .filter((target) => !((level.get(room(target)) ?? 99) < (level.get(room(file)) ?? -1)))
        .map((target) => `${file} → ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('has no import cycle, types included', () => {
    const state = new Map<string, 'open' | 'done'>()
    const cycles: string[] = []
    const visit = (file: string, path: readonly string[]) => {
      if (state.get(file) === 'done') return
      if (state.get(file) === 'open') {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
        return
      }
      state.set(file, 'open')
      for (const target of importsOf(file)) visit(target, [...path, file])
      state.set(file, 'done')
    }
    for (const file of files) visit(file, [])
    expect(cycles).toEqual([])
  })
})

describe('the rules of the house', () => {
  const pure = ['domain', 'iam', 'patterns', 'detections', 'plan']

  // The SDK's parser of ARNs is a pure function in a package of its own.
  it('keep the SDK out of the pure core', () => {
    expect(
      offenders(
        /@aws-sdk(?!\/util-arn-parser')|@smithy|@pagerduty|node:(fs|net|http|process)/,
        (file) => !pure.includes(room(file)),
      ),
    ).toEqual([])
  })

  it('keep clock and chance out of the pure core', () => {
    expect(offenders(/Date\.now|new Date\(\)|Math\.random|setTimeout/, (file) => !pure.includes(room(file)))).toEqual(
      [],
    )
  })

  it('let only adapters reveal a secret', () => {
    const adapters = [
      'aws',
      'aws/readers',
      'aws/resources',
      'pagerduty',
      'pagerduty/integration',
      'apply',
      'sandbox',
      'drill',
    ]
    // Judging an endpoint means reading it.
    const judges = ['domain/secret.ts', 'domain/route.ts', 'domain/endpoint.ts']
    expect(offenders(/\.reveal\(\)/, (file) => adapters.includes(room(file)) || judges.includes(file))).toEqual([])
  })

  it('let nobody print but the terminal', () => {
    expect(offenders(/\bconsole\.(log|error|warn|info)\(|process\.std(out|err)/, () => false)).toEqual([])
  })

  it('mock no module, skip no test and leave no focus in the tests', () => {
    const tests = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'))
    const banned = new RegExp(['vi\\.mo', 'ck\\(|\\.on', 'ly\\(|\\.sk', 'ip\\('].join(''))
    expect(tests.filter((name) => banned.test(readFileSync(join('test', name), 'utf8')))).toEqual([])
  })
})
