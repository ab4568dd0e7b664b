import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { describeWithEmulators } from './available.ts'
import { cfnLint } from './cloudformation.ts'

await describeWithEmulators('the template of docs/scheduled.md', () => {
  it('passes cfn-lint without a finding', { timeout: 120_000 }, async () => {
    const template = readFileSync(new URL('../../docs/scheduled-codebuild.yaml', import.meta.url), 'utf8')
    expect(await cfnLint(template)).toBe('')
  })
})
