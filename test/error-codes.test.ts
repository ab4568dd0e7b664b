import { describe, expect, it } from 'vitest'
import { errorsPage, unusedCodes } from './errors-page.ts'

describe('docs/errors.md', () => {
  it('says of every error code what the table says', async () => {
    await expect(errorsPage()).toMatchFileSnapshot('../docs/errors.md')
  })

  it('names no code that the program never reports', () => {
    expect(unusedCodes()).toEqual([])
  })
})
