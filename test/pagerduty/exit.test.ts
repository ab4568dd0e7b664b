import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openPagerDutySandbox } from '../../src/sandbox/pagerduty/server.ts'

const SCRIPT = fileURLToPath(new URL('exit-probe.ts', import.meta.url))

/** Runs one call in a process of its own and tells how long that process lived on after the call had ended. */
function lingering(baseUrl: string, timeoutMs = 300): Promise<{ code: string; lingered: number }> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--import', 'tsx', SCRIPT, baseUrl, `${timeoutMs}`], (error, stdout) => {
      const ended = Date.now()
      if (error !== null) return reject(error)
      const said = JSON.parse(stdout) as { code: string; at: number }
      resolve({ code: said.code, lingered: ended - said.at })
    })
  })
}

test('the process ends at once after a refused connection', async () => {
  const sandbox = await openPagerDutySandbox()
  await sandbox.close()
  const { code, lingered } = await lingering(sandbox.apiUrl)
  expect(code).toBe('pagerduty-unreachable')
  expect(lingered).toBeLessThan(1_500)
})

test.each([
  ['stall', 'pagerduty-timeout'],
  [{ status: 200, open: true }, 'pagerduty-timeout'],
  ['reset', 'pagerduty-unreachable'],
] as const)('the process ends at once when the server answers with %j', async (answer, wanted) => {
  const sandbox = await openPagerDutySandbox()
  sandbox.fail({ answer, times: 99 })
  const { code, lingered } = await lingering(sandbox.apiUrl)
  await sandbox.close()
  expect(code).toBe(wanted)
  expect(lingered).toBeLessThan(1_500)
})

test('the process ends at once after a 429 whose body never ends, and after success', async () => {
  const sandbox = await openPagerDutySandbox()
  const good = await lingering(sandbox.apiUrl)
  sandbox.fail({ answer: { status: 429, open: true }, times: 99 })
  const limited = await lingering(sandbox.apiUrl, 5_000)
  await sandbox.close()
  expect(good.code).toBe('none')
  expect(limited.code).toBe('pagerduty-rate-limited')
  expect(Math.max(good.lingered, limited.lingered)).toBeLessThan(1_500)
})
