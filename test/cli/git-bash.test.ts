import { expect, it } from 'vitest'
import { freshAccount } from '../support/fresh-account.ts'

it('in Git Bash, a run without prompts says that winpty gives them', async () => {
  const account = await freshAccount()
  const inGitBash = await account.run(['destroy'], { env: { MSYSTEM: 'MINGW64' } })
  expect(inGitBash.stderr).toContain('winpty')
  const elsewhere = await account.run(['destroy'])
  expect(elsewhere.stderr).not.toContain('winpty')
})
