import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SANDBOX_TOKEN } from '../../src/sandbox/pagerduty/state.ts'
import { acceptProcess } from './accept-process.ts'

/** What no report may hold: the sandbox's account, caller, service, person on call, token and the name of the chain. */
const HIDDEN = ['123456789012', 'user/sandbox', 'PSECURE', 'Security', 'Sandbox Responder', SANDBOX_TOKEN, 'quarterly']

describe('npm run accept', { timeout: 120_000 }, () => {
  it('in the sandbox does every step and writes a report without names', async () => {
    const { exit, stdout, stderr, written, report } = await acceptProcess(['--sandbox', '--yes', '--name', 'quarterly'])
    expect(exit, stderr + stdout).toBe(0)
    const { target, steps, delays, assumptions, left } = report()
    expect(target).toBe('sandbox')
    expect(steps.map(({ status }) => status)).toEqual(steps.map(() => 'done'))
    expect(steps).toHaveLength(13)
    expect(delays.length).toBeGreaterThan(15)
    expect(assumptions.filter(({ result }) => result === 'not seen')).toEqual([])
    expect(assumptions.filter(({ result }) => result === 'seen').length).toBeGreaterThan(20)
    expect(left).toMatchObject([{ resource: 'chain-000000000001-us-east-1' }])
    expect(HIDDEN.filter((hidden) => written.includes(hidden))).toEqual([])
    // The person who ran it sees what it is about.
    expect(stdout).toContain('aws s3 rb s3://quarterly-123456789012-us-east-1 --force')
    expect(stdout).toContain('it shows that the run works, and nothing about AWS or PagerDuty')
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('that hears %s in a drill ends it, and destroys', async (name) => {
    let sent = false
    const { exit, stdout, stderr, report } = await acceptProcess(['--sandbox', '--yes'], {
      npm: name === 'SIGINT',
      heard: (line, signal) => {
        if (sent || !line.includes('CloudTrail takes about five minutes')) return
        sent = true
        signal(name)
      },
    })
    // npm waits for the run, and then ends by the signal itself.
    expect(exit, stderr + stdout).toBe(name === 'SIGINT' ? null : 130)
    expect(report().steps.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'name-is-free done',
      'integrations done',
      'init done',
      'first-ok done',
      'test-api-call interrupted',
      'destroy done',
      'remove-integrations done',
    ])
    expect(stderr).toContain('interrupted: ending this step, then removing the chain')
  })

  it('has every option on its page', async () => {
    const { exit, stdout } = await acceptProcess(['--help'])
    const flags = [...stdout.matchAll(/--[a-z-]+/g)].map(([flag]) => flag)
    const page = readFileSync('docs/acceptance.md', 'utf8')
    expect([
      exit,
      flags.length > 10,
      flags.filter((flag) => !page.includes(`${flag} `) && !page.includes(`${flag}\``)),
    ]).toEqual([0, true, []])
  })

  it.each([
    ['where pages go', ['--yes'], 'where do pages go?'],
    ['a terminal or --yes', ['--sandbox'], 'there is no terminal'],
    ['a name of its own', ['--sandbox', '--yes', '--name', 'cloudtrail-pd'], 'is the name of a real chain'],
    ['a known option', ['--sandbox', '--yes', '--nonsense'], '--nonsense'],
    ['a known route', ['--sandbox', '--yes', '--route', 'mail'], '--route is one of'],
    ['a readable key', ['--yes', '--integration-key-file', '/no/such/key'], '/no/such/key cannot be read'],
    ['a token for a service', ['--yes', '--pagerduty-service', 'a'], 'needs a token'],
  ])('without %s says so and makes nothing: exit 2', async (_, args, message) => {
    const { exit, stderr, written } = await acceptProcess(args)
    expect([exit, written]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })
})
