import { describe, expect, it } from 'vitest'
import { shellWords } from '../options/reading.ts'
import { accountWithChain, freshAccount } from '../support/fresh-account.ts'
import type { Account } from '../support/tool.ts'

const LOW_URGENCY = 'https://events.pagerduty.com/integration/fa4e0e0e0e0e0e0e0e0e0e0e0e0efa4e/enqueue'

/** The last command that doctor offers on the screen, in one line. */
async function offeredBy(account: Account, flags: readonly string[] = []): Promise<string> {
  const { stdout } = await account.run(['doctor', ...flags])
  const after = stdout.slice(stdout.indexOf('Next   ') + 7).replaceAll(/ \\\n +/g, ' ')
  return after.split(/\n| {3}/)[0] ?? ''
}

async function plannedBy(account: Account, line: string) {
  const words = shellWords(line)
  const planned = await account.run([...words.slice(words.indexOf('cloudtrail-pd') + 1), '--dry-run', '--json'])
  const { changes } = planned.json() as unknown as { changes: readonly { action: string; resource: string }[] }
  return changes.flatMap(({ action, resource }) => (action === 'none' ? [] : [`${action} ${resource}`]))
}

describe('what doctor offers to try', () => {
  it.each([
    ['one detection', [], ''],
    ['two', ['--detections', 'root-account-usage,kms-key-disable-or-delete'], ''],
    ['the recommended ones', ['--detections', 'recommended'], ''],
    ['a chain of another name', ['--name', 'team'], ''],
    ['a log group and a topic of other names', ['--log-group', 'audit', '--topic', 'pages'], ''],
    ['a retention of its own', ['--log-retention', '90'], ''],
    ['a second topic', ['--low-urgency-integration-url', LOW_URGENCY], ''],
    ['no OK actions', ['--no-auto-resolve'], ''],
    ['one hold for all', ['--hold', '30'], ''],
    ['what watches it', ['--heartbeat', '--dead-letter-queue'], ''],
    [
      'a threshold of its own on one',
      ['--detections', 'root-account-usage,kms-key-disable-or-delete', '--set', 'root-account-usage.threshold=5'],
      'kms-key-disable-or-delete',
    ],
    [
      'exclusions on one',
      [
        '--detections',
        'root-account-usage,kms-key-disable-or-delete',
        '--exclude-principal',
        'kms-key-disable-or-delete=*:role/ci',
      ],
      'root-account-usage',
    ],
  ])('without a drill detection, adds it and changes nothing else: %s', async (_, flags, named) => {
    const account = await accountWithChain(flags)
    const line = await offeredBy(account)
    expect(line).toMatch(/^npx cloudtrail-pd init .*--drill/)
    if (named !== '') expect(line).toContain(`--detections ${named} `)
    const planned = await plannedBy(account, line)
    expect(planned).toHaveLength(2)
    expect(planned.filter((one) => !/^create .*fire-drill/.test(one))).toEqual([])
  })

  it('is short for a default chain', async () => {
    const account = await accountWithChain(['--detections', 'recommended'])
    expect(await offeredBy(account)).toBe('npx cloudtrail-pd init --drill')
  })

  it('runs the drill where it is installed, under the name of the chain', async () => {
    expect(await offeredBy(await accountWithChain(['--drill']))).toBe('npx cloudtrail-pd test')
    expect(await offeredBy(await accountWithChain(['--drill', '--name', 'team']))).toBe(
      'npx cloudtrail-pd test --name team',
    )
  })

  it('is the alarm itself where all that there is was tuned, and says what it pages as', async () => {
    const account = await accountWithChain(['--set', 'root-account-usage.threshold=5'])
    const { stdout } = await account.run(['doctor'])
    expect(stdout.replaceAll(/ \\\n +/g, ' ')).toContain(
      'npx cloudtrail-pd test --alarm cloudtrail-pd-root-account-usage-123456789012-us-east-1',
    )
    expect(stdout).toContain('pages as this alarm would; asks before it does')
  })

  it('is the same in the page and in findings that a drill would settle', async () => {
    const account = await accountWithChain(['--route', 'global-orchestration'])
    const written: Record<string, string> = {}
    const seen = await account.run(['doctor', '--json', '--html', 'd.html', '--report', 'd.md'], { files: written })
    const { findings } = seen.json() as unknown as {
      findings: readonly { check: string; fix?: { look?: string; summary: string } }[]
    }
    const command = 'npx cloudtrail-pd init --detections root-account-usage --drill'
    const route = findings.find(({ check }) => check === 'pagerduty.orchestration-route')
    expect(route?.fix?.look).toBe(command)
    expect(route?.fix?.summary).toContain('(the command adds the drill)')
    expect(written['d.md']).toContain(`look: \`${command}\``)
    const words = (written['d.html'] ?? '').replaceAll(/<[^>]*>|\\\n/g, ' ').replaceAll(/\s+/g, ' ')
    expect(words.includes(command)).toBe(true)
    expect(JSON.stringify(written).includes('test --alarm')).toBe(false)
  })

  it('names the alarm of a chain by hand, for a drill that begins there', async () => {
    const account = await freshAccount()
    await account.run(['init', '--yes', '--detections', 'root-account-usage', '--route', 'global-orchestration'])
    for (const alarm of Object.values(account.sandbox.state.alarms)) alarm.description = 'Root was used.'
    const { findings } = (await account.run(['doctor', '--json'])).json() as unknown as {
      findings: readonly { check: string; fix?: { look?: string } }[]
    }
    expect(findings.find(({ check }) => check === 'pagerduty.orchestration-route')?.fix?.look).toMatch(
      /^npx cloudtrail-pd test --alarm /,
    )
  })
})
