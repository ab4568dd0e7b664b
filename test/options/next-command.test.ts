import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { awsCommand, commandHint, commandLine, neededText } from '../../src/next-command.ts'
import type { InitOptions } from '../../src/options/command-options.ts'
import { drillOn, equivalentCommand, helpCommand, onSameChain, toolCommand } from '../../src/options/next-command.ts'
import { anyOptions } from './any-options.ts'
import { optionsFor, shellWords } from './reading.ts'

const KEY = '0123456789abcdef0123456789abcdef'

describe('the equivalent command', () => {
  it('gives the same options when it is run', async () => {
    await fc.assert(
      fc.asyncProperty(anyOptions, async (options: InitOptions) => {
        const [npx, tool, ...argv] = shellWords(commandLine(equivalentCommand(options)))
        expect([npx, tool]).toEqual(['npx', 'cloudtrail-pd'])
        expect(await optionsFor('init', argv)).toEqual(options)
      }),
      { numRuns: 100 },
    )
  })

  it('leaves out what only steers one run', () => {
    const options = {
      yes: true,
      dryRun: true,
      exitCode: true,
      config: 'a',
      save: 'b',
      json: true,
      plain: true,
      hold: 5,
    }
    expect(commandLine(equivalentCommand(options))).toBe('npx cloudtrail-pd init --hold 5')
  })

  it('needs a secret in the environment, and holds no placeholder that would hide what is set there', () => {
    const command = equivalentCommand({ integrationKey: KEY, route: 'service' })
    expect(commandLine(command)).toBe('npx cloudtrail-pd init --route service')
    expect(neededText(command)).toBe('needs CLOUDTRAIL_PD_INTEGRATION_KEY in the environment')
    expect(commandHint(command)).toBe(
      'run again; it needs CLOUDTRAIL_PD_INTEGRATION_KEY in the environment:\nnpx cloudtrail-pd init --route service',
    )
    expect(commandHint(toolCommand('doctor'))).toBe('npx cloudtrail-pd doctor')
  })

  it('needs the low-urgency URL in the environment, in the sandbox too, which brings a key alone', () => {
    const needed = 'needs CLOUDTRAIL_PD_LOW_URGENCY_INTEGRATION_URL in the environment'
    const lowUrgencyIntegrationUrl = `https://events.pagerduty.com/x-ere/${KEY}`
    expect(neededText(equivalentCommand({ sandbox: true, integrationKey: KEY, lowUrgencyIntegrationUrl }))).toBe(needed)
    expect(neededText(equivalentCommand({ lowUrgencyIntegrationUrl }))).toBe(needed)
  })

  it('refers to a key file by its path', () => {
    expect(commandLine(equivalentCommand({ integrationKey: KEY, integrationKeyFile: 'my key' }))).toBe(
      "npx cloudtrail-pd init --integration-key-file 'my key'",
    )
  })
})

describe('a command on the same chain', () => {
  const line = (...args: Parameters<typeof onSameChain>) => commandLine(onSameChain(...args))

  it("goes to the same account, and leaves out what is init's alone", () => {
    const options = { profile: 'audit', endpointUrl: 'http://127.0.0.1:4566', name: 'team-a', hold: 5, yes: true }
    expect(line(toolCommand('destroy'), options)).toBe(
      'npx cloudtrail-pd destroy --profile audit --endpoint-url http://127.0.0.1:4566 --name team-a',
    )
    expect(line(toolCommand('doctor'), { sandbox: true })).toBe('npx cloudtrail-pd doctor --sandbox')
    expect(line(toolCommand('destroy'), {})).toBe('npx cloudtrail-pd destroy')
  })

  it('keeps what the command says already, and adds nothing to one that reaches no account', () => {
    const options = { region: 'eu-west-1', sandbox: true }
    expect(line(toolCommand('init', { region: 'us-east-1' }), options)).toBe(
      'npx cloudtrail-pd init --region us-east-1 --sandbox',
    )
    expect(line(toolCommand('pattern lint', {}, ['{ $.a = 1 }']), options)).toBe(
      "npx cloudtrail-pd pattern lint '{ $.a = 1 }'",
    )
    expect(line(helpCommand('report'), options)).toBe('npx cloudtrail-pd help report')
    expect(line(awsCommand('sns unsubscribe'), options)).toBe('aws sns unsubscribe --region eu-west-1')
  })

  it('is not misled by an operand that looks like an option', () => {
    expect(line(toolCommand('events', {}, ['alarm --region']), { region: 'eu-west-1' })).toBe(
      "npx cloudtrail-pd events 'alarm --region' --region eu-west-1",
    )
    expect(line(toolCommand('pattern lint', {}, ['-DEBUG']), {})).toBe('npx cloudtrail-pd pattern lint -- -DEBUG')
  })

  it('repeats further options that it knows', () => {
    const options = { allRegions: true, trail: 'main', profile: 'audit' }
    expect(line(toolCommand('doctor', { fix: true }), options, ['allRegions', 'trail'])).toBe(
      'npx cloudtrail-pd doctor --fix --profile audit --all-regions --trail main',
    )
    expect(line(drillOn('my alarm'), options, ['allRegions'])).toBe(
      "npx cloudtrail-pd test --alarm 'my alarm' --profile audit",
    )
  })
})
