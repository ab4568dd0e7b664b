import { describe, expect, it } from 'vitest'
import { ASSUMPTIONS } from '../../accept/assumptions.ts'
import { assumptionsPage } from './assumptions-page.ts'

describe('docs/assumptions.md', () => {
  it('says of every assumption what the table says', async () => {
    await expect(assumptionsPage()).toMatchFileSnapshot('../../docs/assumptions.md')
  })

  it('gives each assumption an id of its own', () => {
    const ids = ASSUMPTIONS.map(({ id }) => id)
    expect([...new Set(ids)]).toEqual(ids)
  })
})
