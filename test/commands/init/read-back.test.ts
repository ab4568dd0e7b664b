import { describe, expect, it } from 'vitest'
import { freshAccount } from '../../support/fresh-account.ts'

const INIT = ['init', '--yes', '--json', '--detections', 'root-account-usage']

interface Json {
  readonly status: string
  readonly created: readonly string[]
  readonly next: readonly string[]
  readonly error?: { readonly code: string; readonly message: string }
}

describe('the read-back of init', () => {
  it.each([
    ['denied', 'access-denied'],
    ['broken', 'reset'],
    ['refused for credentials', 'expired-token'],
  ] as const)(
    'that is %s ends with the report: exit 5, everything that was created, and what to do',
    async (_, kind) => {
      const aws = await freshAccount()
      aws.sandbox.restart([{ operation: 'DescribeTrails', nth: 2, times: 99, kind }])
      const { exit, json, stdout } = await aws.run(INIT)
      expect(exit, stdout).toBe(5)
      const { status, created, next, error } = json() as unknown as Json
      expect(status).toBe('incomplete')
      expect(created.length).toBeGreaterThan(5)
      expect(next.length).toBeGreaterThan(0)
      expect(error?.code).toBe('not-verified')
    },
  )

  it('that is interrupted ends with the report: exit 130', async () => {
    const aws = await freshAccount()
    const { backend } = aws.sandbox
    let send = () => {}
    const looks: object[] = []
    const result = await aws.run(INIT, {
      interrupt: (signal) => {
        send = signal
      },
      backend: async (call) => {
        const answer = await backend(call)
        if (call.operation !== 'DescribeTrails') return answer
        looks.push(answer)
        if (looks.length === 2) send()
        // Reads lag behind: there is no trail yet.
        return looks[0] ?? answer
      },
    })
    expect(result.exit, result.stdout).toBe(130)
    const { created, next, error } = result.json() as unknown as Json
    expect(created.length).toBeGreaterThan(5)
    expect(next.length).toBeGreaterThan(0)
    expect(error).toMatchObject({ code: 'interrupted', message: expect.not.stringContaining('nothing was changed') })
  })
})
