import { describe, expect, it } from 'vitest'
import { permissionsPage } from './permissions-page.ts'

describe('docs/permissions.md', () => {
  it('shows the actions and the policy of every command', async () => {
    await expect(await permissionsPage()).toMatchFileSnapshot('../docs/permissions.md')
  })
})
