import { describe, expect, it } from 'vitest'
import { freshAccount } from '../support/fresh-account.ts'

const HUGE = 'x'.repeat(20 * 2 ** 20)

describe('a value of 20 MB', () => {
  it.each([
    ['--integration-key-file', HUGE],
    ['--pagerduty-token-file', HUGE],
    ['--config', `name: ${HUGE}\n`],
    ['--config', `detections: [${HUGE}]\n`],
    ['--config', `${HUGE}: 1\n`],
    ['--config', HUGE],
  ])('in the file of %s is refused in few words, before any call', async (flag, text) => {
    const aws = await freshAccount()
    const { exit, stdout, stderr } = await aws.run(['init', '--yes', flag, 'huge'], { files: { huge: text } })
    expect(stderr.slice(0, 300)).not.toContain('does not exist')
    expect(exit).toBe(2)
    expect(stdout.length + stderr.length).toBeLessThan(15_000)
    expect(aws.calls()).toEqual([])
  })
})
