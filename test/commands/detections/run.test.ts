import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../src/detections/catalogue.ts'
import { runTool } from '../../support/tool.ts'

/** The fields of a line, as RFC 4180 quotes them. */
function fieldsOf(line: string): readonly string[] {
  const fields = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)]
  return fields.map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '')
}

interface Listed {
  detections: {
    id: string
    title: string
    tier: string
    severity: string
    urgency: string
    packs: { pack: string; control: string }[]
  }[]
  packs: { name: string; detections: string[] }[]
}

describe('detections list', () => {
  it('names every detection once, and the members of every pack', async () => {
    const list = (await runTool(['detections', 'list', '--json'], {})).json() as unknown as Listed
    expect(list.detections.map(({ id }) => id)).toEqual(catalogue.map(({ id }) => id))
    const recommended = list.packs.find(({ name }) => name === 'recommended')
    expect(recommended?.detections).toEqual(list.detections.filter(({ tier }) => tier === 'core').map(({ id }) => id))
  })

  it('as CSV has a line for each, with the same values as the document', async () => {
    const { detections } = (await runTool(['detections', 'list', '--json'], {})).json() as unknown as Listed
    const { exit, stdout } = await runTool(['detections', 'list', '--csv'], {})
    const [header, ...rows] = stdout.trimEnd().split('\n').map(fieldsOf)
    expect([exit, header]).toEqual([0, ['id', 'title', 'tier', 'severity', 'urgency', 'packs']])
    expect(rows).toEqual(
      detections.map(({ id, title, tier, severity, urgency, packs }) => {
        const inPacks = packs.map(({ pack, control }) => `${pack} ${control}`).join('; ')
        return [id, title, tier, severity, urgency, inPacks]
      }),
    )
  })

  it('as CSV and as JSON at once is exit 2', async () => {
    const asked = await runTool(['detections', 'list', '--csv', '--json'], {})
    expect([asked.exit, asked.json()]).toMatchObject([2, { error: { code: 'format-conflict' } }])
  })

  it('fits into 80 columns', async () => {
    const { stdout } = await runTool(['detections', 'list'], {})
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
    for (const { id } of catalogue) expect(stdout).toContain(`\n  ${id} `)
  })
})

describe('detections show', () => {
  it('says why, where to look first, what pages and which scanners accept which text', async () => {
    const { stdout, exit } = await runTool(['detections', 'show', 'root-account-usage'], {})
    expect(exit).toBe(0)
    expect(stdout).toMatch(/^root-account-usage\n {2}Root account usage\n {2}critical · urgency page · tier core\n/)
    for (const heading of ['Why it matters', 'First look', 'The pattern that pages', 'Published patterns', 'Sources']) {
      expect(stdout).toContain(`\n${heading}\n`)
    }
    expect(stdout).toMatch(
      /security-hub, installed by --variant compliance and both\n.*\n {4}published by Security Hub CloudWatch.1\n {4}accepted by prowler, powerpipe, security-hub/,
    )
  })

  it('says what would satisfy every scanner, what only may, and what AWS refuses', async () => {
    const { stdout } = await runTool(['detections', 'show', 'root-account-usage'], {})
    expect(stdout).toContain('To satisfy every scanner: security-hub, cis-1.4-to-3.0, cis-4.0-to-7.0.')
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'scoutsuite, possibly security-hub (the published text with different spacing)',
    )
    const other = await runTool(['detections', 'show', 'console-authentication-failures'], {})
    expect(other.stdout).toContain('    CloudWatch Logs refuses it\n')
  })

  it.each(catalogue.map(({ id }) => id))('shows %s', async (id) => {
    const { stdout, exit } = await runTool(['detections', 'show', id], {})
    expect(exit).toBe(0)
    expect(stdout).toContain(catalogue.find((one) => one.id === id)?.paging.pattern)
    expect(stdout).not.toMatch(/undefined|\[object/)
  })

  it('says what was probably meant', async () => {
    const { stderr, exit } = await runTool(['detections', 'show', 'root-acount-usage'], {})
    expect(exit).toBe(2)
    expect(stderr).toContain('did you mean root-account-usage?')
  })
})
