import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { floorWarning, MOVES_ON } from '../../scripts/node-floor.js'

describe('the Node floor', () => {
  it.each([
    ['2027-01-03T23:59:59Z', '>=20.19', false],
    ['2027-01-04T00:00:00Z', '>=20.19', true],
    ['2028-01-01T00:00:00Z', '>=20.19', true],
    ['2028-01-01T00:00:00Z', '>=22.12', false],
  ])('at %s with %s: a warning is %s', (now, engines, warns) => {
    expect(floorWarning(new Date(now), engines) !== undefined).toBe(warns)
  })

  it('moves on the day that the decision names', () => {
    const day = new Date(MOVES_ON).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
    expect(readFileSync('docs/decisions/0009-node-floor.md', 'utf8')).toContain(day)
  })

  it('is looked at by every run of CI', () => {
    for (const file of ['.github/workflows/ci.yml', '.ci/run'])
      expect(readFileSync(file, 'utf8')).toContain('node scripts/node-floor.js')
  })
})
