import { describe, expect, it } from 'vitest'
import type { InjectedFault } from '../../../src/sandbox/aws/faults.ts'
import { accountWithChain } from '../../support/fresh-account.ts'
import type { Account } from '../../support/tool.ts'
import { type DestroyJson, destroyWith } from './destroying.ts'

/** One look is made before the deletions; every later one fails. */
function secondLook(operation: string, more: Partial<InjectedFault> = {}): InjectedFault {
  return { operation, nth: 2, times: 99, kind: 'access-denied', ...more }
}

async function readBackWith(aws: Account, fault: InjectedFault) {
  aws.sandbox.restart([fault])
  return destroyWith(aws, [])
}

describe('the read-back of destroy', () => {
  it.each([
    ['denied', secondLook('DescribeAlarms')],
    ['broken', secondLook('DescribeAlarms', { kind: 'reset' })],
    ['denied of the topic', secondLook('GetTopicAttributes', { nth: 4 })],
    ['refused for credentials', secondLook('DescribeAlarms', { kind: 'expired-token' })],
  ])('that is %s ends with the report: exit 5, and everything that was deleted', async (_, fault) => {
    const aws = await accountWithChain()
    const { exit, json, stdout } = await readBackWith(aws, fault)
    expect(exit, stdout).toBe(5)
    expect(json.deleted).toHaveLength(4)
    expect(json.error).toMatchObject({ code: 'read-back-failed', hint: expect.any(String) })
    expect(json.error?.message).toContain('could not be verified')
  })

  it('that is interrupted ends with the report: exit 130', async () => {
    const aws = await accountWithChain()
    let send = () => {}
    const looks: object[] = []
    const { backend } = aws.sandbox
    const result = await aws.run(['destroy', '--yes', '--json'], {
      interrupt: (signal) => {
        send = signal
      },
      backend: async (call) => {
        const answer = await backend(call)
        if (call.operation !== 'DescribeAlarms') return answer
        looks.push(answer)
        if (looks.length === 2) send()
        // Reads lag behind: the alarm is listed as before.
        return looks[0] ?? answer
      },
    })
    expect(result.exit).toBe(130)
    const { deleted, error } = result.json() as unknown as DestroyJson
    expect(deleted).toHaveLength(4)
    expect(error?.code).toBe('interrupted')
  })
})
