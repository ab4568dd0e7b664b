import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'

const WORKFLOWS = filesIn('.github/workflows')
const FORMS = filesIn('.github/ISSUE_TEMPLATE').filter((file) => !file.endsWith('config.yml'))
const { scripts, engines } = JSON.parse(readFileSync('package.json', 'utf8'))

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => join(folder, name))
}

function parsed(file: string) {
  const document = parseDocument(readFileSync(file, 'utf8'))
  expect([...document.errors, ...document.warnings]).toEqual([])
  return document.toJS()
}

/** Every text in a document, wherever it stands. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

function named(text: string, command: RegExp): readonly string[] {
  return [...text.matchAll(command)].flatMap(([, name]) => name ?? [])
}

describe('a file that GitHub reads', () => {
  it.each([...WORKFLOWS, ...filesIn('.github/ISSUE_TEMPLATE'), '.github/dependabot.yml'])('is YAML: %s', (file) => {
    expect(typeof parsed(file)).toBe('object')
  })
})

describe.each([...WORKFLOWS, '.ci/run', '.github/pull_request_template.md', 'CONTRIBUTING.md'])('%s', (file) => {
  const texts = file.endsWith('.yml') ? textsOf(parsed(file)) : [readFileSync(file, 'utf8')]
  const text = texts.join('\n')

  it('runs only scripts that exist', () => {
    const used = named(text, /\bnpm run ([\w:-]+)/g)
    expect(used.filter((name) => !(name in scripts))).toEqual([])
  })

  it('runs only files that exist', () => {
    const used = named(text, /\bnode ([\w./-]+\.js)/g)
    expect(used.filter((name) => !existsSync(name))).toEqual([])
  })
})

describe('the workflows', () => {
  it('give a job no more rights than it names', () => {
    for (const file of WORKFLOWS) expect([file, 'permissions' in parsed(file)]).toEqual([file, true])
  })

  it('test the oldest Node that is supported, and the version in .nvmrc, on three systems', () => {
    const { matrix } = parsed('.github/workflows/ci.yml').jobs.test.strategy
    expect(matrix.os).toEqual(['ubuntu-latest', 'macos-latest', 'windows-latest'])
    expect(matrix.node[0]).toBe(/\d+/.exec(engines.node)?.[0])
    expect(matrix.node).toContain(readFileSync('.nvmrc', 'utf8').trim())
  })

  it('publish without a stored token', () => {
    const { permissions, steps } = parsed('.github/workflows/release.yml').jobs.release
    expect(permissions['id-token']).toBe('write')
    expect(textsOf(steps).filter((one) => /NPM_TOKEN|NODE_AUTH_TOKEN/.test(one))).toEqual([])
    expect(steps.flatMap((step: object) => Object.keys('env' in step ? (step.env as object) : {}))).not.toContain(
      'NPM_TOKEN',
    )
  })
})

describe.each(FORMS)('the form %s', (file) => {
  it('has a name, a description and questions with different ids', () => {
    const form = parsed(file)
    expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) })
    const questions = form.body.filter(({ type }: { type: string }) => type !== 'markdown')
    expect(questions.every((one: { attributes: { label?: string } }) => one.attributes.label !== undefined)).toBe(true)
    const ids = questions.map(({ id }: { id: string }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
