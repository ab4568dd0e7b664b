import { describe, expect, it } from 'vitest'
import type { Resource } from '../../src/domain/resources.ts'
import { escapedHcl, formatFile } from '../../src/export/hcl.ts'
import { labelsOf, pascalCase } from '../../src/export/labels.ts'
import { ANY_SITE, longest, partsOf } from '../../src/export/placeholders.ts'
import { runTool } from '../support/tool.ts'

const filter = (name: string) =>
  ({ kind: 'metric-filter', name, ownership: 'managed', spec: {} }) as unknown as Resource

describe('labels inside a template', () => {
  it('are letters and digits, short enough, and no two the same', () => {
    const names = ['chain-a-b', 'chain-a.b', 'chain-1st', 'chain-日本語', `chain-${'x'.repeat(500)}`, 'other']
    const labels = [...labelsOf(names.map(filter), 'chain', ANY_SITE).values()].map(pascalCase)
    expect(new Set(labels).size).toBe(names.length)
    for (const label of labels) expect(label).toMatch(/^[A-Za-z][A-Za-z0-9]{0,220}$/)
  })
})

describe('a text with placeholders', () => {
  it('is cut at them, and as long as the longest account and region make it', () => {
    const text = `alarm-${ANY_SITE.account}-${ANY_SITE.region}`
    expect(partsOf(text)).toEqual(['alarm-', { placeholder: 'account' }, '-', { placeholder: 'region' }])
    expect(longest(text)).toBe('alarm-123456789012-ap-southeast-1'.length)
  })
})

describe('HCL', () => {
  it.each([
    ['a "b" \\', 'a \\"b\\" \\\\'],
    ['one\ntwo\tthree\r', 'one\\ntwo\\tthree\\r'],
    [`${'$'}{x} %{y} 5% $5`, `$${'$'}{x} %%{y} 5% $5`],
    ['\u0007', '\\u0007'],
  ])('writes %j as it has to stand in a string', (text, written) => {
    expect(escapedHcl(text)).toBe(written)
  })

  it('aligns neighbors of one line, and no others', () => {
    const attributes = { a: 1, long_name: 'x', map: { 'k.1': true }, b: [], none: undefined }
    expect(formatFile([{ type: 'resource', labels: ['t', 'l'], attributes }])).toBe(
      'resource "t" "l" {\n  a         = 1\n  long_name = "x"\n  map = {\n    "k.1" = true\n  }\n  b = []\n}\n',
    )
  })
})

describe('an export that cannot be', () => {
  it.each([
    [['export'], 'missing-options', /cloudformation\|terraform\|cli\|iam-policy/],
    [['export', '--format', 'terraform', '--trail', 'org'], 'export-log-group', /--log-group NAME/],
    [['export', '--format', 'cli', '--command', 'doctor'], 'export-command', /./],
    [
      [
        'export',
        '--format',
        'cloudformation',
        '--detections',
        'alert-pipeline-tampering',
        '--exclude-principal',
        `arn:aws:iam::123456789012:role/${'r'.repeat(110)}`,
      ],
      'export-too-long',
      /exclude fewer principals/,
    ],
    [['export', '--format', 'xml'], 'option-value', /./],
  ])('%j is refused with its code', async (args, code, hint) => {
    const { exit, json, stderr } = await runTool(args, { env: { CLOUDTRAIL_PD_JSON: '1' } })
    expect(exit, stderr).toBe(2)
    expect(json()).toMatchObject({ error: { code } })
    expect(JSON.stringify(json())).toMatch(hint)
  })

  it.each(['cloudformation', 'terraform', 'cli', 'iam-policy'])(
    '%s holds no secret, and needs none',
    async (format) => {
      const key = '0123456789abcdef0123456789abcdef'
      const without = await runTool(['export', '--format', format], { env: { CLOUDTRAIL_PD_INTEGRATION_KEY: '' } })
      const given = await runTool(['export', '--format', format], { env: { CLOUDTRAIL_PD_INTEGRATION_KEY: key } })
      expect(without.exit).toBe(0)
      expect(given.stdout).toBe(without.stdout)
      expect(given.stdout).not.toContain('cdef')
    },
  )
})
