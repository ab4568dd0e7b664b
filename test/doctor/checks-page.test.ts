import { describe, expect, it } from 'vitest'
import { checksPage, untested } from './checks-page.ts'

describe('docs/checks.md', () => {
  it('says of every check what the code says', async () => {
    await expect(checksPage()).toMatchFileSnapshot('../../docs/checks.md')
  })

  it('may say that a live account was broken for every check', () => {
    expect(untested()).toEqual([])
  })
})
