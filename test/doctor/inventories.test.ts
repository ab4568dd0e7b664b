import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findingFor, isProblem } from '../../src/doctor/check.ts'
import { CHECKS } from '../../src/doctor/checks/all.ts'
import { diagnose, repairsOf } from '../../src/doctor/diagnose.ts'
import { diagnosisJunit } from '../../src/doctor/junit.ts'
import { diagnosisMarkdown } from '../../src/doctor/markdown.ts'
import { diagnosisJson } from '../../src/doctor/report.ts'
import { repairDiff } from '../../src/plan/repair.ts'
import { jsonPieces } from '../../src/ui/output.ts'
import { showFindings } from '../../src/ui/render/findings.ts'
import { plainTheme } from '../../src/ui/theme.ts'
import { NOW, someFacts } from '../support/builders.ts'
import { whatIsWrong } from '../support/existing-command.ts'
import { anyInventory } from './any-inventory.ts'

describe('any inventory', () => {
  it('gives findings and never a crash', () => {
    fc.assert(
      fc.property(anyInventory, (some) => {
        const diagnosis = diagnose(some)
        expect([...diagnosis.findings].filter(({ title }) => title.includes('could not be made'))).toEqual([])
        showFindings([diagnosis], plainTheme(), 80, {
          seconds: 1,
          caller: '123456789012',
          sameChain: (command) => command,
        })
        for (const text of [diagnosisMarkdown([diagnosis], NOW), diagnosisJunit([diagnosis], { strict: true })])
          [...text].join('')
        JSON.parse([...jsonPieces(diagnosisJson([diagnosis]))].join(''))
        for (const repair of repairsOf(diagnosis.findings)) repairDiff(repair)
      }),
      { numRuns: 400 },
    )
  })

  it('is never healthy when a list could not be read', () => {
    fc.assert(
      fc.property(anyInventory, (some) => {
        const { trails: t, metricFilters: m, alarms: a } = some.snapshot
        fc.pre([t, m, a].some(({ state }) => state === 'unreadable'))
        expect(diagnose(some).healthy).toBe(false)
      }),
      { numRuns: 200 },
    )
  })

  it('is offered only commands that exist', () => {
    fc.assert(
      fc.property(anyInventory, (some) => {
        for (const finding of diagnose(some).findings) {
          const offered = isProblem(finding) ? [finding.fix.command, finding.fix.look] : []
          for (const command of offered) if (command !== undefined) expect(whatIsWrong(command)).toBeUndefined()
        }
      }),
      { numRuns: 200 },
    )
  })

  it('says of each skip why', () => {
    fc.assert(
      fc.property(anyInventory, (some) => {
        expect(
          [...diagnose(some).findings].filter(({ status, evidence }) => status === 'skip' && evidence.trim() === ''),
        ).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})

describe('a check that throws', () => {
  it('becomes a failed finding that names it', () => {
    const broken = {
      name: 'alarm.novel',
      finds: 'nothing',
      *run() {
        yield findingFor('alarm.novel', 'one').pass('seen', 'before')
        throw new Error('boom')
      },
    } as const
    const { findings, healthy } = diagnose(someFacts(), {}, [...CHECKS, broken])
    expect(healthy).toBe(false)
    expect([...findings].slice(-2)).toMatchObject([
      { check: 'alarm.novel', status: 'pass' },
      { check: 'alarm.novel', status: 'fail', evidence: 'boom' },
    ])
  })
})

describe('the names of the checks', () => {
  it('are unique and belong to their link', () => {
    const names = CHECKS.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)])
    for (const { name, needs = [] } of CHECKS) {
      expect(needs.every((need) => names.indexOf(need) < names.indexOf(name))).toBe(true)
    }
  })
})
