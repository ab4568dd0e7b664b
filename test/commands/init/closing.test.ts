import { describe, expect, it } from 'vitest'
import { init } from '../../../src/commands/init/run.ts'
import type { InitOptions } from '../../../src/options/command-options.ts'
import type { Prompter } from '../../../src/ports.ts'
import { SANDBOX_EVENTS_KEY } from '../../../src/sandbox/pagerduty/state.ts'
import { plainTheme, themeFor } from '../../../src/ui/theme.ts'
import { asked } from '../../support/asked.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import type { Step } from '../../support/scripted-prompter.ts'
import { type Account, KEY } from '../../support/tool.ts'

const OPTIONS: InitOptions = {
  integrationUrl: `https://events.pagerduty.com/integration/${KEY}/enqueue`,
  createTrail: 'cloudtrail-pd',
  detections: ['root-account-usage'],
  hold: 5,
}
const GO: Step = ['Go ahead?', { text: 'Yes' }]
const links = themeFor({ tty: true, env: { FORCE_HYPERLINK: '1', NO_COLOR: '1' }, color: undefined, plain: false })

// biome-ignore lint/suspicious/noControlCharactersInRegex: the beginning and the end of a link.
const LINK = /\u001b\]8;;[!-~]*?\u001b\\/

async function closing(aws: Account, steps: readonly Step[], options: InitOptions = OPTIONS) {
  const run = asked(aws, steps)
  const report = await init(options, run.context)
  run.played.finish()
  return { report, text: report.text(plainTheme(), 80), shown: run.shown() }
}

/** Every answer takes ten minutes. */
function slow(prompter: Prompter, aws: Account): Prompter {
  const thinking = () => aws.sandbox.clock.sleep(600_000)
  return {
    ...prompter,
    select: (question) => thinking().then(() => prompter.select(question)),
    confirm: (question) => thinking().then(() => prompter.confirm(question)),
    input: (question) => thinking().then(() => prompter.input(question)),
  }
}

describe('the end of init', () => {
  it('counts the work, not the time that the answers took', async () => {
    const aws = await freshAccount()
    const { context } = asked(aws, [GO])
    if (context.prompter === undefined) throw new Error('nobody to ask')
    const report = await init(OPTIONS, { ...context, prompter: slow(context.prompter, aws) })
    const [, seconds] = /^Done in (\d+) s\./.exec(report.text(plainTheme(), 80)) ?? []
    expect(Number(seconds)).toBeGreaterThan(0)
    expect(Number(seconds)).toBeLessThan(120)
  })

  it('shows where to look, each address on a line of its own', async () => {
    const { text } = await closing(await freshAccount(), [GO])
    const lines = text.split('\n').map((line) => line.trim())
    const pages = lines.filter((line) => line.startsWith('https://'))
    expect(pages).toEqual([
      'https://us-east-1.console.aws.amazon.com/cloudtrailv2/home?region=us-east-1#/trails/arn:aws:cloudtrail:us-east-1:123456789012:trail/cloudtrail-pd',
      'https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/cloudtrail-pd-events',
      'https://us-east-1.console.aws.amazon.com/sns/v3/home?region=us-east-1#/topic/arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-alerts',
      "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:?~(search~'cloudtrail-pd)",
      expect.stringMatching(/^https:.*\/service-directory\/PSECURE$/),
    ])
    expect(lines).toEqual(expect.arrayContaining(['trail', 'log group', 'topic', 'alarms', 'PagerDuty service']))
  })

  it('makes links of them where the terminal takes links', async () => {
    const { report } = await closing(await freshAccount(), [GO])
    const text = report.text(links, 80)
    expect(text).toContain('\u001b\\log group\u001b]8;;')
    const words = text.split(LINK).join('')
    expect(words).toMatch(/^Links {2}trail · log group · topic · alarms · PagerDuty service$/m)
  })

  it('shows no page of AWS for an endpoint that is none', async () => {
    const { text } = await closing(await freshAccount(), [GO], { ...OPTIONS, endpointUrl: 'http://localhost:4566' })
    expect(text).not.toContain('console.aws.amazon.com')
  })

  it('offers the drill of its own where there is none, rather than to page about something that did not happen', async () => {
    const { report, text } = await closing(await freshAccount(), [GO])
    const [next] = (report.json as { next: readonly string[] }).next
    expect(next).toBe(
      'npx cloudtrail-pd init --create-trail cloudtrail-pd --detections root-account-usage --drill --hold 5 --heartbeat 60',
    )
    expect(text).toContain('adds the fire drill, which tests the whole path')
    expect(text).not.toContain('needs CLOUDTRAIL_PD_INTEGRATION_KEY')
  })

  it('offers the drill itself where it was installed', async () => {
    const { report } = await closing(await freshAccount(), [GO], { ...OPTIONS, drill: true })
    expect((report.json as { next: readonly string[] }).next).toEqual([
      'npx cloudtrail-pd test',
      'npx cloudtrail-pd doctor',
    ])
  })

  it('names the setup file that said it all, and asks for no key of an endpoint that is subscribed', async () => {
    const account = await freshAccount()
    const file =
      'integrationKey: env:KEY\ncreateTrail: mine\ndetections: [root-account-usage]\nhold: 5\nheartbeat: 60\n'
    const line = ['init', '--config', 'setup.yaml', '--json', '--name', 'team-a']
    const host = { files: { 'setup.yaml': file }, env: { KEY, CLOUDTRAIL_PD_INTEGRATION_KEY: '' } }
    const nextOf = async (flag: string) => (await account.run([...line, flag], host)).json().next
    expect(await nextOf('--dry-run')).toEqual(['npx cloudtrail-pd init --config setup.yaml --name team-a --yes'])
    expect(await nextOf('--yes')).toEqual([
      'npx cloudtrail-pd init --config setup.yaml --drill --name team-a',
      // Neither command knows the option.
      'npx cloudtrail-pd doctor --name team-a',
    ])
    const drilled = await account.run([...line, '--yes', '--drill'], host)
    expect(drilled.json().next).toEqual([
      'npx cloudtrail-pd test --name team-a',
      'npx cloudtrail-pd doctor --name team-a',
    ])
  })

  it('spells the setup file out where another endpoint was said beside it, which the file would take back', async () => {
    const account = await freshAccount()
    const file = `integrationKey: env:KEY\ncreateTrail: mine\ndetections: [root-account-usage]\n`
    const host = { files: { 'setup.yaml': file }, env: { KEY, CLOUDTRAIL_PD_INTEGRATION_KEY: '' } }
    const url = `https://events.pagerduty.com/integration/${SANDBOX_EVENTS_KEY}/enqueue`
    const line = ['init', '--config', 'setup.yaml', '--json', '--yes', '--integration-url', url]
    expect((await account.run(line, host)).json().next).toEqual([
      'npx cloudtrail-pd init --create-trail mine --detections root-account-usage --drill',
      'npx cloudtrail-pd doctor',
    ])
  })

  it('repeats of what was said before only what is left to do', async () => {
    const { shown, text } = await closing(await freshAccount(), [GO], {
      ...OPTIONS,
      detections: ['cloudtrail-config-changes'],
    })
    expect(shown).toContain('expect one page from cloudtrail-config-changes')
    expect(shown).toContain('Derive name from')
    expect(text).toContain('Derive name from')
    expect(text).not.toContain('expect one page')
    expect(text).not.toContain('first OK')
  })
})

describe('a plan that is shown again', () => {
  it('shows only what the changed answer changed, and what it costs now', async () => {
    const { shown } = await closing(await freshAccount(), [['Go ahead?', { text: 'Add the fire drill' }], GO])
    const [, second = ''] = shown.split('Plan, only what changed\n')
    expect(second.split('\n? ')[0]).toMatch(
      /^ {2}\+ metric filter {2}cloudtrail-pd-fire-drill\n {2}\+ alarm {10}cloudtrail-pd-fire-drill\S+\n {2}12 to create, /,
    )
  })

  it('is whole again where every detail is asked for', async () => {
    const { shown } = await closing(await freshAccount(), [
      ['Go ahead?', { text: 'Add the fire drill' }],
      ['Go ahead?', { text: 'Show every detail' }],
      GO,
    ])
    expect(shown.split('\nPlan\n')[2]).toContain('log group      cloudtrail-pd-events')
  })
})
