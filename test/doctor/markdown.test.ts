import { describe, expect, it } from 'vitest'
import { isProblem } from '../../src/doctor/check.ts'
import { diagnose } from '../../src/doctor/diagnose.ts'
import { diagnosisMarkdown } from '../../src/doctor/markdown.ts'
import { codeSpan } from '../../src/doctor/markdown-text.ts'
import { NOW } from '../support/builders.ts'
import { FIELD_ACCOUNTS, fieldAccount } from '../support/field-account.ts'
import { accountOf, timesOver } from './page-of.ts'

const markdownOf = (...args: Parameters<typeof diagnosisMarkdown>) => [...diagnosisMarkdown(...args)].join('')
const rowsOf = (text: string) => text.split('\n').filter((line) => line.startsWith('| '))

describe('the Markdown report', () => {
  it.each(FIELD_ACCOUNTS)('of %s has short names in its table, and each fault with where it is below', (name) => {
    const diagnosis = diagnose(fieldAccount(name))
    const text = markdownOf([diagnosis], NOW)
    expect(rowsOf(text).filter((row) => row.includes('arn:') || row.length > 200)).toEqual([])
    for (const { check, resource } of [...diagnosis.findings].filter(isProblem)) {
      expect(text).toContain(`: ${check}\n`)
      expect(text).toContain(codeSpan(resource))
    }
  })

  it('says on top what the chains come to', () => {
    const text = markdownOf([diagnose(fieldAccount('rhythmictech'))], NOW)
    expect(text.split('\n')[0]).toBe('# ✖ CloudTrail to PagerDuty: None of 14 chains pages')
    expect(text).toContain(
      '| ✖ RootUsage | does not page | broken: topic; has a fault: alarm; not checked: PagerDuty |',
    )
  })

  it('tells the same fault once, the one that loses pages before the others', () => {
    const text = markdownOf([diagnose(fieldAccount('rhythmictech'))], NOW)
    expect([...text.matchAll(/^### (.*)/gm)].map(([, heading]) => heading)).toEqual([
      'Failed: topic.encryption',
      'Failed: alarm.ok-action',
      'Warning: metric-filter.false-pages',
      'Not checked',
    ])
  })

  it.each([1_000, 10_000])('with %i chains fits into an issue of GitHub, equal ones in one row', (chains) => {
    const text = markdownOf([timesOver(accountOf(100), chains / 100)], NOW)
    expect(text.length).toBeLessThan(65_536)
    expect(rowsOf(text).length).toBeLessThan(10)
    // Every third has no OK action, 34 of a hundred; 40 of them are named.
    expect(text).toContain(`and ${(chains / 100) * 34 - 40} more: \`doctor --json\` lists all`)
  })
})
