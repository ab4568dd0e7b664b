import { describe, expect, it } from 'vitest'
import { checksPage, needlessExcuses, untested } from './checks-page.ts'

describe('docs/checks.md', () => {
  it('says of every check what the code says', async () => {
    await expect(checksPage()).toMatchFileSnapshot('../../docs/checks.md')
  })

  it('names every check that no live account was broken for, and no other', () => {
    expect(untested()).toEqual([])
    expect(needlessExcuses()).toEqual([])
  })
})
