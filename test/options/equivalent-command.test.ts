import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { InitOptions } from '../../src/options/command-options.ts'
import { drillOn, equivalentCommand, eventsOf, onSameChain } from '../../src/options/equivalent-command.ts'
import { anyOptions } from './any-options.ts'
import { optionsFor } from './reading.ts'

const KEY = '0123456789abcdef0123456789abcdef'

/** Splits a line as a POSIX shell does, as far as single quotes and escaped quotes go. */
function shellWords(line: string): readonly string[] {
  const found = line.matchAll(/((?:'[^']*'|\\'|[^\s'\\])+)/g)
  return [...found].map(([word]) =>
    word.replaceAll(/'([^']*)'|\\(')/g, (_, quoted, escaped) => quoted ?? escaped ?? ''),
  )
}

describe('the equivalent command', () => {
  it('gives the same options when it is run', async () => {
    await fc.assert(
      fc.asyncProperty(anyOptions, async (options: InitOptions) => {
        const [npx, tool, ...argv] = shellWords(equivalentCommand(options))
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
    expect(equivalentCommand(options)).toBe('npx cloudtrail-pd init --hold 5')
  })

  it('refers to a secret by its variable', () => {
    expect(equivalentCommand({ integrationKey: KEY, route: 'service' })).toBe(
      'CLOUDTRAIL_PD_INTEGRATION_KEY=… npx cloudtrail-pd init --route service',
    )
  })

  it('refers to a key file by its path', () => {
    expect(equivalentCommand({ integrationKey: KEY, integrationKeyFile: 'my key' })).toBe(
      "npx cloudtrail-pd init --integration-key-file 'my key'",
    )
  })
})

describe('a command on the same chain', () => {
  it("goes to the same account, and leaves out what is init's alone", () => {
    const options = { profile: 'audit', endpointUrl: 'http://127.0.0.1:4566', name: 'team-a', hold: 5, yes: true }
    expect(onSameChain('npx cloudtrail-pd destroy', options)).toBe(
      'npx cloudtrail-pd destroy --profile audit --endpoint-url http://127.0.0.1:4566 --name team-a',
    )
    expect(onSameChain('npx cloudtrail-pd doctor', { sandbox: true })).toBe('npx cloudtrail-pd doctor --sandbox')
    expect(onSameChain('npx cloudtrail-pd destroy', {})).toBe('npx cloudtrail-pd destroy')
  })

  it('keeps what the command says already, and adds nothing to one that reaches no account', () => {
    const options = { region: 'eu-west-1', sandbox: true }
    expect(onSameChain('npx cloudtrail-pd init --region us-east-1', options)).toBe(
      'npx cloudtrail-pd init --region us-east-1 --sandbox',
    )
    expect(onSameChain("npx cloudtrail-pd pattern lint '{ $.a = 1 }'", options)).toBe(
      "npx cloudtrail-pd pattern lint '{ $.a = 1 }'",
    )
    expect(onSameChain('npx cloudtrail-pd --version', options)).toBe('npx cloudtrail-pd --version')
    expect(onSameChain('aws sns unsubscribe', options)).toBe('aws sns unsubscribe --region eu-west-1')
    expect(eventsOf('my alarm')).toBe("npx cloudtrail-pd events 'my alarm'")
  })

  it('repeats further options that it knows', () => {
    const options = { allRegions: true, trail: 'main', profile: 'audit' }
    expect(onSameChain('npx cloudtrail-pd doctor --fix', options, ['allRegions', 'trail'])).toBe(
      'npx cloudtrail-pd doctor --fix --profile audit --all-regions --trail main',
    )
    expect(onSameChain(drillOn('my alarm'), options, ['allRegions'])).toBe(
      "npx cloudtrail-pd test --alarm 'my alarm' --profile audit",
    )
  })
})
