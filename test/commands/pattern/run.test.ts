import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RunOptions, runTool } from '../../support/tool.ts'

const NO_MFA = '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }'
const login = { eventName: 'ConsoleLogin', additionalEventData: { MFAUsed: 'No' }, eventTime: '2026-01-15T10:00:00Z' }
const other = { eventName: 'DescribeInstances' }

type Content = NonNullable<RunOptions['files']>[string]

/** The answers for one file. */
async function matches(pattern: string, content: Content, flags: readonly string[] = []): Promise<readonly boolean[]> {
  const result = await runTool(['pattern', 'test', '--json', ...flags, '--', pattern, 'f'], { files: { f: content } })
  expect(result.exit, result.stderr).toBe(0)
  const { results } = result.json() as unknown as { results: { index: number; match: boolean }[] }
  expect(results.map(({ index }) => index)).toEqual(results.map((_, index) => index))
  return results.map(({ match }) => match)
}

describe('pattern test', () => {
  it('answers for each event by its index, and is done also where nothing matches', async () => {
    const files = { 'a.json': JSON.stringify({ Records: [other, login] }) }
    const result = await runTool(['pattern', 'test', NO_MFA, 'a.json', '--json'], { files })
    expect(result.json()).toEqual({
      schemaVersion: 1,
      command: 'pattern test',
      validity: 'accepted',
      results: [
        { index: 0, match: false },
        { index: 1, match: true },
      ],
    })
    expect(await matches('{ $.eventName = "X" }', files['a.json'])).toEqual([false, false])
  })

  it('says which field no record has, above an answer that rests on it', async () => {
    const run = (...args: string[]) =>
      runTool(['pattern', 'test', '{ $.eventNames = "ConsoleLogin" }', 'f', ...args], {
        files: { f: JSON.stringify(login) },
      })
    expect((await run()).stdout).toBe(
      '! column 3: CloudTrail records have no field $.eventNames today; write\n  $.eventName\n0 of 1 event matches.\n',
    )
    expect((await run('--json')).json()).toMatchObject({
      warnings: [{ column: 3, message: expect.any(String), suggestion: '{ $.eventName = "ConsoleLogin" }' }],
    })
    const explained = await runTool(['pattern', 'explain', '{ $.username = "bob" }', '--json'], {})
    expect(explained.json()).toMatchObject({ warnings: [{ column: 3, message: expect.stringContaining('userName') }] })
  })

  it('says nothing of fields where the lines are of another kind', async () => {
    const files = { f: '{"username":"bob"}' }
    const { stdout } = await runTool(['pattern', 'test', '--lines', '{ $.username = "bob" }', 'f'], { files })
    expect(stdout).not.toContain('no field')
  })

  const records = JSON.stringify({ Records: [other, login] })
  it.each<[string, Content]>([
    ['a CloudTrail file', records],
    ['a CloudTrail file over several lines', JSON.stringify({ Records: [other, login] }, undefined, 2)],
    ['a CloudTrail file behind a byte order mark', `\uFEFF${records}`],
    [
      'CloudTrail files side by side',
      '{"Records":[{"eventName":"DescribeInstances"}]}'.concat(JSON.stringify({ Records: [login] })),
    ],
    ['a CloudTrail file a line', `${JSON.stringify({ Records: [other] })}\n${JSON.stringify({ Records: [login] })}\n`],
    ['a gzip file', gzipSync(records)],
    [
      'gzip files side by side',
      Buffer.concat([gzipSync(JSON.stringify({ Records: [other] })), gzipSync(JSON.stringify({ Records: [login] }))]),
    ],
    ['a JSON array', JSON.stringify([other, login])],
    ['a JSON array over several lines', JSON.stringify([other, login], undefined, '\t')],
    ['an event a line', `${JSON.stringify(other)}\n${JSON.stringify(login)}\n`],
    ['an event a line, with blank lines and CRLF', `\r\n${JSON.stringify(other)}\r\n\r\n${JSON.stringify(login)}`],
    ['a line that is no JSON among events', `START\n${JSON.stringify(login)}\n`],
  ])('reads %s', async (_, content) => {
    expect(await matches(NO_MFA, content)).toEqual([false, true])
  })

  it('reads one event over several lines as one', async () => {
    expect(await matches(NO_MFA, JSON.stringify(login, undefined, 2))).toEqual([true])
  })

  it('reads log lines that begin like a list', async () => {
    expect(await matches('ERROR', '[2026-01-15] ERROR\n[2026-01-15] INFO\n')).toEqual([true, false])
    expect(await matches('ERROR', '[main] ERROR')).toEqual([true])
  })

  it('gives the elements of a document as CloudTrail writes them: compact, every number with its text', async () => {
    expect(await matches('"\\"a\\":1.0,"', '[\n { "a" : 1.0, "b" : "x  y" } ]')).toEqual([true])
    expect(await matches('{ $.a = "1.0" }', '[ {"a": 1.0}, {"a": 1} ]')).toEqual([true, false])
    expect(await matches('"x  y"', '[ {"b": "x  y"}, "x  y", "x y" ]')).toEqual([true, true, false])
  })

  it('finds the strings of a document whatever they hold', async () => {
    const texts = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(undefined, 2), async (held, indent) => {
        const content = JSON.stringify({ Records: held.map((text) => ({ text })) }, undefined, indent)
        expect(await matches('{ $.text = "*" }', content)).toEqual(held.map(() => true))
      }),
      { numRuns: 50 },
    )
  })

  it('numbers through several files', async () => {
    const files = { a: JSON.stringify(other), b: JSON.stringify([login, other]) }
    const result = await runTool(['pattern', 'test', NO_MFA, 'a', 'b', '--json'], { files })
    expect(result.json()).toMatchObject({ results: [{ match: false }, { index: 1, match: true }, { index: 2 }] })
  })

  it.each([['-'], []])('reads standard input, named %j', async (...named) => {
    const files = { '-': JSON.stringify(login) }
    const result = await runTool(['pattern', 'test', NO_MFA, ...named, '--json'], { files })
    expect(result.json()).toMatchObject({ results: [{ index: 0, match: true }] })
  })

  it('takes what comes after -- as the pattern', async () => {
    expect(await matches('-ERROR', 'ERROR\nfine')).toEqual([false, true])
    const { stderr, exit } = await runTool(['pattern', 'test', '-ERROR'], {})
    expect({ stderr, exit }).toEqual({
      stderr: '✖ there is no option -ERROR\n  put a pattern that starts with - after --\n',
      exit: 2,
    })
  })

  it('takes quotes and line feeds in a pattern', async () => {
    expect(await matches('{ $.a = "x\\"y" }', '{"a":"x\\"y"}')).toEqual([true])
    expect(await matches('{\n($.a = "x") &&\n($.b = 1)\n}', '{"a":"x","b":1}')).toEqual([true])
  })

  it('says that nobody knows whether AWS takes a pattern', async () => {
    const args = ['pattern', 'test', "{ $.a = 'x' }", '-']
    const files = { '-': '{"a":"x","eventName":"E"}' }
    expect((await runTool([...args, '--json'], { files })).json()).toMatchObject({ validity: 'not-established' })
    expect((await runTool(args, { files })).stdout).toMatch(/^! column \d+: /)
  })

  it('shows a person the counts and which events they were', async () => {
    const files = { 'a.json': JSON.stringify([other, login]) }
    const { stdout } = await runTool(['pattern', 'test', NO_MFA, 'a.json'], { files })
    expect(stdout).toBe('1 of 2 events matches.\n  event 2  2026-01-15T10:00:00Z  ConsoleLogin\n')
  })

  it('stays short and within 80 columns, however many lines match', async () => {
    const { stdout } = await runTool(['pattern', 'test', 'x', '-', '--lines'], {
      files: { '-': `x\u001b[31m${'y'.repeat(200)}\n`.repeat(500) },
    })
    const lines = stdout.split('\n')
    expect(lines[0]).toBe('500 of 500 lines match.')
    expect(lines).toHaveLength(23)
    expect(stdout).not.toContain('\u001b')
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  })

  it.each([
    ['{ $.a = ', 8],
    ['{ $.a == 1 }', 7],
    ['{ $.a = “x” }', 9],
    [`{ $.a = "${'x'.repeat(1020)}" }`, 1025],
  ])('refuses %j with the column', async (pattern, column) => {
    const result = await runTool(['pattern', 'test', pattern, '-', '--json'], { files: { '-': '{}' } })
    expect(result.exit).toBe(2)
    expect(result.json()).toMatchObject({ error: { code: 'pattern-refused' } })
    expect(result.stderr.replaceAll(/\s+/g, ' ')).toContain(`at column ${column}: `)
  })

  it.each<[string, Content | undefined, string]>([
    ['a file that is not there', undefined, '"f" does not exist'],
    ['a damaged gzip file', gzipSync(records).subarray(0, 40), '"f" is damaged gzip data'],
    [
      'a CloudTrail file that was cut off',
      records.slice(0, -2),
      '"f" begins like a CloudTrail file, but is not whole JSON',
    ],
    [
      'a CloudTrail file over several lines that was cut off',
      '{\n "Records": [\n {}',
      '"f" begins like a CloudTrail file',
    ],
  ])('names %s', async (_, content, usageErrorOf) => {
    const { exit, stderr } = await runTool(
      ['pattern', 'test', 'x', 'f'],
      content === undefined ? {} : { files: { f: content } },
    )
    expect(exit).toBe(2)
    expect(stderr).toContain(usageErrorOf)
  })

  it.each([
    ['deep nesting', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['deep lists', `[${'['.repeat(20_000)}${']'.repeat(20_000)}]`],
    ['lone surrogates', '["\\ud800", {"a":"\\udfff"}]'],
    ['keys of the prototype', '[{"__proto__":{"a":"x"},"constructor":1}]'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a])],
  ])('survives %s, and says that there is no record', async (_, content) => {
    const result = await runTool(['pattern', 'test', '--json', '{ $.a = "x" }', 'f'], { files: { f: content } })
    expect(result.exit, result.stderr).toBe(2)
    expect(result.json()).toMatchObject({ error: { code: 'no-cloudtrail-record' } })
  })
})

describe('pattern test --lines', () => {
  it('splits at LF alone, trims nothing, unwraps nothing and counts blank lines', async () => {
    expect(await matches('x', '', ['--lines'])).toEqual([])
    expect(await matches('x', 'x\n\n x\r\n', ['--lines'])).toEqual([true, false, true])
    expect(await matches('%^x$%', 'x\nx\r\n x\n\u2028x\n\n', ['--lines'])).toEqual([true, false, false, false, false])
    expect(await matches(NO_MFA, `${JSON.stringify([login])}\n${JSON.stringify(login)}`, ['--lines'])).toEqual([
      false,
      true,
    ])
  })

  it('keeps every line, wherever the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('x', '\r', ' ', 'é', '😀'), maxLength: 900 })),
        async (lines) => {
          const content = lines.map((line) => `${line}\n`).join('')
          expect(await matches('x', content, ['--lines'])).toEqual(lines.map((line) => line.includes('x')))
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('pattern lint', () => {
  it('is done when nothing fails, and says so', async () => {
    const { exit, stdout } = await runTool(['pattern', 'lint', '{ $.eventName = "x" }'], {})
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: '✔ No problems found in this pattern.\n' })
  })

  it('C23 puts a caret under an exclusion of an absent field, and proposes the guarded form', async () => {
    const pattern = '{ ($.errorCode = "AccessDenied*") && ($.userIdentity.invokedBy != "config.amazonaws.com") }'
    const { exit, stdout } = await runTool(['pattern', 'lint', pattern], {})
    expect(exit).toBe(0)
    const [first = '', carets = ''] = stdout.split('\n')
    expect(first.slice(carets.indexOf('^'))).toMatch(/^\$\.userIdentity\.invokedBy/)
    expect(stdout).toContain('write { ($.errorCode = "AccessDenied*") && (($.userIdentity.invokedBy NOT EXISTS) || ')
  })

  it('C24 exits with 4 for a tautology', async () => {
    const result = await runTool(['pattern', 'lint', '--json', '{ ($.errorCode = "x") || ($.eventName != "y") }'], {})
    expect(result.exit).toBe(4)
    expect(result.json()).toMatchObject({ command: 'pattern lint', valid: true })
    const { findings } = result.json() as unknown as { findings: object[] }
    expect(findings).toContainEqual({
      rule: 'tautology',
      status: 'fail',
      column: expect.any(Number),
      message: expect.any(String),
      suggestion: expect.any(String),
    })
  })

  it('C27 exits with 4 for what AWS would refuse, which is a result and no error', async () => {
    const result = await runTool(['pattern', 'lint', '--json', '{ $.eventName = “ConsoleLogin” }'], {})
    expect(result.exit).toBe(4)
    expect(result.json()).toMatchObject({ valid: false, findings: [{ column: 17, status: 'fail' }] })
    expect(result.json()).not.toHaveProperty('error')
  })

  it.each([
    ['a tab and a line feed', '{\n\t($.a != "b") }', '  {  ($.a != "b") }', '   ^  ^'],
    [
      'wide letters',
      '{ $.a = "日本" && $.errorCode != "x" }',
      '  { $.a = "日本" && $.errorCode != "x" }',
      '                    ^',
    ],
    ['what is missing at the end', '{ $.a = 1', '  { $.a = 1', '           ^'],
  ])('puts the caret right below %s', async (_, pattern, shown, carets) => {
    const { stdout } = await runTool(['pattern', 'lint', pattern], {})
    expect(stdout.split('\n').slice(0, 2)).toEqual([shown, carets])
  })
})

describe('pattern explain', () => {
  it('says the CIS pattern in plain words', async () => {
    const { stdout, exit } = await runTool(['pattern', 'explain', NO_MFA], {})
    expect(exit).toBe(0)
    expect(stdout).toMatchInlineSnapshot(`
      "  { ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }

      A JSON event matches when all of these hold:
        eventName is "ConsoleLogin"
        additionalEventData.MFAUsed is present and is not "Yes"
      "
    `)
  })

  it('marks for an event the truth of each term, and which decided', async () => {
    const files = { 'sso.json': '{"eventName":"ConsoleLogin","userIdentity":{"type":"AssumedRole"}}' }
    const { stdout } = await runTool(['pattern', 'explain', NO_MFA, '--event', 'sso.json'], { files })
    expect(stdout).toMatchInlineSnapshot(`
      "  { ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }
           ✔───────────────────────────      ✖═════════════════════════════════════

      ✖ A JSON event matches when all of these hold:
        ✔ eventName is "ConsoleLogin"
        ✖ additionalEventData.MFAUsed is present and is not "Yes"; here it is absent

      The event does not match. What decided:
        column 38  $.additionalEventData.MFAUsed != "Yes"
      "
    `)
  })

  it('marks by colours where they are wanted', async () => {
    const files = { '-': JSON.stringify(login) }
    const { stdout } = await runTool(['pattern', 'explain', NO_MFA, '--event', '-'], {
      files,
      env: { FORCE_COLOR: '1' },
    })
    expect(stdout).toContain('\u001b[32m$.eventName = "ConsoleLogin"\u001b[39m')
  })

  it('gives scripts the same', async () => {
    const files = { '-': JSON.stringify({ Records: [login, other] }) }
    const result = await runTool(['pattern', 'explain', NO_MFA, '--event', '-', '--json'], { files })
    expect(result.json()).toMatchObject({
      command: 'pattern explain',
      validity: 'accepted',
      match: true,
      terms: [
        { column: 4, holds: true, seen: '"ConsoleLogin"' },
        { holds: true, seen: '"No"' },
      ],
      decidedBy: [{ column: 4 }, { column: 38 }],
    })
    expect(result.stderr).toBe('--event has several events; only the first is explained\n')
  })

  it('fits into 80 columns for the longest pattern', async () => {
    const term = (n: number) => `($.requestParameters.field${n} = "some value ${n}")`
    const pattern = `{ ${Array.from({ length: 19 }, (_, n) => term(n)).join(' && ')} }`
    const { stdout } = await runTool(['pattern', 'explain', pattern, '--event', '-'], { files: { '-': '{}' } })
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  })

  it.each([
    ['a pattern that AWS would refuse', ['pattern', 'explain', '{'], 'pattern-refused'],
    ['an event that is not there', ['pattern', 'explain', 'x', '--event', 'f'], 'file-unreadable'],
    ['a file without an event', ['pattern', 'explain', 'x', '--event', 'empty'], 'no-event'],
  ])('refuses %s', async (_, args, code) => {
    const result = await runTool([...args, '--json'], { files: { empty: '\n\n' } })
    expect(result.exit).toBe(2)
    expect(result.json()).toMatchObject({ error: { code } })
  })
})

describe('docs/patterns.md', () => {
  const text = readFileSync('docs/patterns.md', 'utf8')
  const event = /\$ cat denied\.json\n(.*)\n/.exec(text)?.[1] ?? ''
  const transcripts = [...text.matchAll(/\$ npx cloudtrail-pd (pattern (?:explain|lint)) '([^']*)'(.*)\n([^`]+)```/g)]

  it.each(
    transcripts.map(([, command = '', pattern = '', flags = '', shown = '']) => ({ command, pattern, flags, shown })),
  )('shows what $command$flags prints', async ({ command, pattern, flags, shown }) => {
    const args = [...command.split(' '), pattern, ...flags.split(' ').filter((word) => word !== '')]
    const { stdout } = await runTool(args, { files: { 'denied.json': event } })
    expect(stdout).toBe(shown)
  })

  it('agrees with lint on the pattern that loses a page', async () => {
    const [, pattern = ''] = /pattern explain '([^']*)' --event/.exec(text) ?? []
    const result = await runTool(['pattern', 'lint', '--json', pattern], {})
    expect(result.json()).toMatchObject({ findings: [{ rule: 'absent-field' }] })
  })

  it('shows a pattern with and without an event, and a finding', () => {
    expect(transcripts.map(([, command, , flags]) => `${command}${flags}`)).toEqual([
      'pattern explain',
      'pattern explain --event denied.json',
      'pattern lint',
    ])
  })
})
