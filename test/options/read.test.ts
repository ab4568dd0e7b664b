import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { readOptions } from '../../src/options/read.ts'
import type { Files } from '../../src/ports.ts'
import { optionsFor } from './reading.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const URL_TEXT = `https://events.pagerduty.com/integration/${KEY}/enqueue`

async function complaintOf(reading: Promise<unknown>): Promise<AppError> {
  const error = await reading.catch((thrown: unknown) => thrown)
  if (!(error instanceof AppError)) throw new Error('nothing was refused')
  return error
}

describe('a variable', () => {
  it.each([
    [{ CLOUDTRAIL_PD_DRY_RUN: '1' }, { dryRun: true }],
    [{ CLOUDTRAIL_PD_DRY_RUN: 'false' }, { dryRun: false }],
    [{ CLOUDTRAIL_PD_AUTO_RESOLVE: 'false' }, { autoResolve: false }],
    [{ CLOUDTRAIL_PD_COLOR: '0' }, { color: false }],
    [{ CLOUDTRAIL_PD_DETECTIONS: 'cis-1.4,mfa-deactivated' }, { detections: ['cis-1.4', 'mfa-deactivated'] }],
    [{ CLOUDTRAIL_PD_TAG: 'a=1,b=2' }, { tag: { a: '1', b: '2' } }],
    [
      { CLOUDTRAIL_PD_SET: 'x.hold=1,y.period=60' },
      {
        set: [
          { id: 'x', field: 'hold', value: '1' },
          { id: 'y', field: 'period', value: '60' },
        ],
      },
    ],
    [{ CLOUDTRAIL_PD_INTEGRATION_KEY: KEY }, { integrationKey: KEY }],
    [{ CLOUDTRAIL_PD_TRAIL: '' }, {}],
    [{ CLOUDTRAIL_PD_YES: '1', CLOUDTRAIL_PD_PRUNE: '1' }, {}],
    [{ CLOUDTRAIL_PD_DELETE_TRAIL: '1', CLOUDTRAIL_PD_NO_SUCH: 'x' }, {}],
  ])('%j says %j', async (env, options) => {
    expect(await optionsFor('init', ['init'], env)).toEqual(options)
  })

  it('that a command does not know is ignored, even with a wrong value', async () => {
    expect(await optionsFor('destroy', ['destroy'], { CLOUDTRAIL_PD_HOLD: 'never' })).toEqual({})
  })

  it('with a wrong value is named', async () => {
    const error = await complaintOf(optionsFor('init', ['init'], { CLOUDTRAIL_PD_DRY_RUN: 'yes' }))
    expect(error.message).toBe('CLOUDTRAIL_PD_DRY_RUN "yes" is neither 1 or true nor 0 or false')
  })
})

describe('a source that comes first', () => {
  const file = { 'setup.yaml': 'trail: from-file\nregion: eu-west-1\nhold: 30\n' }

  it('wins: flag, then variable, then setup file', async () => {
    const argv = ['init', '--config', 'setup.yaml', '--trail', 'from-flag']
    const env = { CLOUDTRAIL_PD_TRAIL: 'from-env', CLOUDTRAIL_PD_REGION: 'us-west-2' }
    expect(await optionsFor('init', argv, env, file)).toEqual({
      config: 'setup.yaml',
      trail: 'from-flag',
      region: 'us-west-2',
      hold: 30,
    })
  })

  it('silences another way to say the same thing below it', async () => {
    const argv = ['init', '--config', 'setup.yaml', '--create-trail', 'mine', '--integration-url', URL_TEXT]
    const env = { CLOUDTRAIL_PD_INTEGRATION_KEY: KEY }
    expect(await optionsFor('init', argv, env, file)).toEqual({
      config: 'setup.yaml',
      createTrail: 'mine',
      integrationUrl: URL_TEXT,
      region: 'eu-west-1',
      hold: 30,
    })
  })
})

describe('C67 a key file', () => {
  it.each([
    [`${KEY}\n`, { integrationKey: KEY }],
    [`  ${URL_TEXT}\n`, { integrationUrl: URL_TEXT }],
  ])('holds the key or the URL', async (text, options) => {
    const argv = ['init', '--integration-key-file', 'key']
    expect(await optionsFor('init', argv, {}, { key: text })).toEqual({ integrationKeyFile: 'key', ...options })
  })

  it.each([
    [{}, '--integration-key-file "key" does not exist'],
    [{ key: ' \n' }, '--integration-key-file "key" is empty'],
  ])('that holds nothing is refused', async (texts, message) => {
    const error = await complaintOf(optionsFor('init', ['init', '--integration-key-file', 'key'], {}, texts))
    expect(error).toMatchObject({ exit: 2, message })
  })

  it('beside a key is one too many', async () => {
    const argv = ['init', '--integration-key-file', 'key', '--integration-key', KEY]
    expect((await complaintOf(optionsFor('init', argv, {}, { key: KEY }))).code).toBe('route-conflict')
  })
})

describe('an endpoint over http', () => {
  const files: Files = {
    read: () => Promise.reject(new Error('nothing is read')),
    bytes: () => {
      throw new Error('nothing is read')
    },
    write: async () => {},
    append: async () => {},
  }
  const read = (...given: [string, string][]) =>
    readOptions('doctor', Object.fromEntries(given.map(([name, value]) => [name, [value]])), {}, files)

  it.each(['http://127.0.0.1:5000', 'http://localhost:4566', 'http://[::1]:4566', 'https://aws.example.com'])(
    '%s is used',
    async (url) => {
      expect(await read(['endpointUrl', url])).toMatchObject({ endpointUrl: url })
    },
  )

  it('on another machine is refused unless it is allowed by name', async () => {
    const url = 'http://aws.example.com'
    await expect(read(['endpointUrl', url])).rejects.toMatchObject({
      exit: 2,
      hint: 'use https, or allow it with --insecure-endpoint',
    })
    expect(await read(['endpointUrl', url], ['insecureEndpoint', 'true'])).toMatchObject({ endpointUrl: url })
  })

  it('is cut in the error where it is very long', async () => {
    const error: unknown = await read(['region', 'x'.repeat(20_000_000)]).catch((thrown: unknown) => thrown)
    expect(String(error).length).toBeLessThan(600)
    expect(String(error)).toContain('[20000000 characters]')
  })
})
