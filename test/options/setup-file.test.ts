import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import type { InitOptions } from '../../src/options/command-options.ts'
import { setupOf } from '../../src/options/setup.ts'
import { readSetupFile, replaceIfAgreed, saveSetupFile } from '../../src/options/setup-file.ts'
import { setupSchema } from '../../src/options/setup-yaml.ts'
import { anAccount } from '../support/tool.ts'
import { anyOptions } from './any-options.ts'
import { optionsFor } from './reading.ts'

const KEY = '0123456789abcdef0123456789abcdef'

async function saved(options: InitOptions): Promise<string> {
  let text = ''
  const write = async (_path: string, written: string) => {
    text = written
  }
  const read = () => Promise.reject(new Error('ENOENT'))
  await saveSetupFile('setup.yaml', options, { read, write }, async () => true)
  return text
}

describe('a setup file', () => {
  it('says with the words of the flags what flags say', async () => {
    const text = [
      'route: service',
      'trail: org-trail',
      'logRetention: 400',
      'autoResolve: false',
      'detections:',
      '  - recommended',
      '  - id: root-account-usage',
      '    hold: 60',
      '    urgency: ticket',
      '    excludePrincipals: [arn:aws:iam::123456789012:role/break-glass]',
      'tag: { team: security }',
    ].join('\n')
    expect(await readSetupFile(text, 'setup.yaml')).toEqual({
      route: 'service',
      trail: 'org-trail',
      logRetention: 400,
      autoResolve: false,
      detections: ['recommended', 'root-account-usage'],
      set: [
        { id: 'root-account-usage', field: 'hold', value: '60' },
        { id: 'root-account-usage', field: 'urgency', value: 'ticket' },
      ],
      excludePrincipal: [{ id: 'root-account-usage', principal: 'arn:aws:iam::123456789012:role/break-glass' }],
      tag: { team: 'security' },
    })
  })

  it('may be empty', async () => {
    expect(await readSetupFile('# nothing yet\n', 'setup.yaml')).toEqual({})
  })

  it.each([
    ['logRetentoin: 3', 'setup.yaml:1:1: there is no key "logRetentoin"', 'did you mean logRetention?'],
    ['yes: true', 'setup.yaml:1:1: there is no key "yes"', undefined],
    ['hold: 5\ntrail:\n  - a', 'setup.yaml:3:3: trail: expected string, received array', undefined],
    ['hold: "5"', 'setup.yaml:1:7: hold: expected number, received string', undefined],
    ['hold: 0', 'setup.yaml:1:7: hold: is not a whole number of minutes from 1 to 1440', undefined],
    ['logRetention: 12', /^setup\.yaml:1:15: logRetention: is not one of 1, 3, 5/, undefined],
    ['route: servce', /^setup\.yaml:1:8: route: is not one of service, /, undefined],
    ['detections: recommended', /^setup\.yaml:1:13: detections: expected array/, undefined],
    ['detections:\n  - id: a\n    hld: 3', 'setup.yaml:3:5: there is no key "hld"', 'did you mean hold?'],
    ['detections: [A]', /^setup\.yaml:1:14: detections\.0: value "A" is not an id or a pack/, undefined],
    ['- a', /^setup\.yaml:1:1: a setup file is a list of "key: value" lines$/, undefined],
    ['a: [', /^setup\.yaml:\d+:\d+: /, undefined],
    ['hold: 1\nhold: 2', /^setup\.yaml:2:1: /, undefined],
  ])('%j is refused with line and column', async (text, message, hint) => {
    const error = await readSetupFile(text, 'setup.yaml').catch((thrown: unknown) => thrown)
    if (!(error instanceof AppError)) throw new Error('nothing was refused')
    expect(error.exit).toBe(2)
    expect(error.message).toMatch(message)
    if (hint !== undefined) expect(error.hint).toBe(hint)
  })

  it('is never written with a secret', async () => {
    const options = { integrationKey: KEY, integrationUrl: `https://events.pagerduty.com/x-ere/${KEY}`, hold: 5 }
    const text = await saved(options)
    expect(text).not.toContain(KEY)
    expect(text).toContain('hold: 5')
  })

  it('read again gives the options that it was written from', async () => {
    await fc.assert(
      fc.asyncProperty(anyOptions, async (options: InitOptions) => {
        expect(await readSetupFile(await saved(options), 'setup.yaml')).toEqual(options)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a setup file of a pasted URL', () => {
  const routed = fc.record({
    key: fc.stringMatching(/^[0-9A-Za-z]{32}$/),
    host: fc.constantFrom('events.pagerduty.com', 'events.eu.pagerduty.com'),
    shape: fc.constantFrom('x-ere', 'integration'),
  })

  it('leads to the same endpoint, whether the URL or the bare key is given later', async () => {
    await fc.assert(
      fc.asyncProperty(routed, async ({ key, host, shape }) => {
        const url = shape === 'x-ere' ? `https://${host}/x-ere/${key}` : `https://${host}/integration/${key}/enqueue`
        const texts = { 'setup.yaml': await saved({ integrationUrl: url }) }
        const endpoint = async (env: Record<string, string>) => {
          const options = await optionsFor('init', ['init', '--config', 'setup.yaml'], env, texts)
          const { destination } = setupOf(options).setup
          return destination?.how === 'integration' ? destination.route.endpoint.reveal() : undefined
        }
        expect(await endpoint({ CLOUDTRAIL_PD_INTEGRATION_KEY: key })).toBe(url)
        expect(await endpoint({ CLOUDTRAIL_PD_INTEGRATION_URL: url })).toBe(url)
        expect(await endpoint({})).toBeUndefined()
      }),
      { numRuns: 40 },
    )
  })

  it('names route and service region, and the secret by reference alone', async () => {
    const text = await saved({ integrationUrl: `https://events.eu.pagerduty.com/x-ere/${KEY}` })
    expect(text).toContain('route: global-orchestration\n')
    expect(text).toContain('serviceRegion: eu\n')
    expect(text).toContain('integrationUrl: env:CLOUDTRAIL_PD_INTEGRATION_URL\n')
    expect(text).not.toContain(KEY)
  })
})

describe('a saved setup file', () => {
  it('names its schema in a modeline and says what each value means', async () => {
    const text = await saved({ hold: 30, trail: 'org' })
    const schema = 'https://unpkg.com/cloudtrail-pd/dist/setup.schema.json'
    expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=${schema}`)
    expect(text).toContain('# minimum time the alarm stays in ALARM (default: set by each detection)\nhold: 30\n')
  })

  it.each([true, false])('says of autoResolve: %s what both values mean', async (autoResolve) => {
    expect(await saved({ autoResolve })).toContain(
      `# true: OK resolves the incident; false: no OK action, incidents are resolved by hand\nautoResolve: ${autoResolve}\n`,
    )
  })

  it('of a setup by token names the token, and asks for no key', async () => {
    const text = await saved({ pagerdutyService: 'Security' })
    expect(text).toContain('PAGERDUTY_TOKEN')
    expect(text).not.toContain('CLOUDTRAIL_PD_INTEGRATION_KEY')
  })

  it('is read with the secrets that it refers to', async () => {
    const text = 'integrationKey: file:key.txt\nlowUrgencyIntegrationUrl: env:LOW\n'
    const low = `https://events.pagerduty.com/x-ere/${KEY}`
    const line = ['init', '--config', 'setup.yaml']
    expect(await optionsFor('init', line, { LOW: low }, { 'setup.yaml': text, 'key.txt': `${KEY}\n` })).toMatchObject({
      integrationKey: KEY,
      lowUrgencyIntegrationUrl: low,
    })
    await expect(optionsFor('init', line, {}, { 'setup.yaml': 'integrationKey: file:none\n' })).rejects.toMatchObject({
      code: 'file-unreadable',
    })
  })
})

describe('a variable that a setup file refers to and that holds nothing', () => {
  const line = ['init', '--config', 'setup.yaml']
  const files = { 'setup.yaml': 'lowUrgencyIntegrationUrl: env:LOW\n' }

  it.each([{}, { LOW: '' }])('is refused for the low-urgency route, whose detections would page: %j', async (env) => {
    const refused = optionsFor('init', line, env, files)
    await expect(refused).rejects.toMatchObject({ exit: 2, code: 'variable-unset' })
    await expect(refused).rejects.toThrow(/lowUrgencyIntegrationUrl.*env:LOW/)
  })

  it('is not missed where the option is said in another way, or by a command without it', async () => {
    const url = `https://events.pagerduty.com/x-ere/${KEY}`
    const env = { CLOUDTRAIL_PD_LOW_URGENCY_INTEGRATION_URL: url }
    expect(await optionsFor('init', line, env, files)).toMatchObject({ lowUrgencyIntegrationUrl: url })
    expect(await optionsFor('backtest', ['backtest', '--config', 'setup.yaml'], {}, files)).toMatchObject({})
  })

  it('says nothing for the key: the topic may be subscribed already, and a run without either asks for one', async () => {
    const key = { 'setup.yaml': 'integrationKey: env:KEY\n' }
    expect((await optionsFor('init', line, {}, key)).integrationKey).toBeUndefined()
  })

  it('is named at the head of a saved file, and no other is', async () => {
    const url = `https://events.pagerduty.com/x-ere/${KEY}`
    const head = async (options: InitOptions) => (await saved(options)).split('\n\n')[0]
    expect(await head({ integrationKey: KEY, lowUrgencyIntegrationUrl: url })).toContain(
      '# It needs in the environment: CLOUDTRAIL_PD_INTEGRATION_KEY, CLOUDTRAIL_PD_LOW_URGENCY_INTEGRATION_URL',
    )
    expect(await head({ pagerdutyService: 'Security', lowUrgencyIntegrationUrl: url })).toContain(
      '# It needs in the environment: CLOUDTRAIL_PD_LOW_URGENCY_INTEGRATION_URL, PAGERDUTY_TOKEN',
    )
    expect(await head({ hold: 5 })).not.toContain('needs in the environment')
  })
})

describe('saving over a file that is there', () => {
  const there = { 'setup.yaml': 'hold: 1\n' }

  it('is refused where there is no one to ask, and agreed to with --yes', async () => {
    const account = await anAccount()
    try {
      const files: Record<string, string> = { ...there }
      const refused = await account.run(['init', '--dry-run', '--save', 'setup.yaml', '--json'], { files })
      expect(refused.exit).toBe(2)
      expect(refused.json()).toMatchObject({ error: { code: 'file-exists' } })
      expect(files).toEqual(there)
      const replaced = await account.run(['init', '--dry-run', '--save', 'setup.yaml', '--yes'], {
        files,
        columns: 100,
      })
      expect(replaced).toMatchObject({ exit: 0, stderr: expect.stringContaining('what it held before is replaced') })
      expect(files['setup.yaml']).not.toBe(there['setup.yaml'])
      // The same again replaces nothing.
      const again = await account.run(['init', '--dry-run', '--save', 'setup.yaml'], { files })
      expect(again).toMatchObject({
        exit: 0,
        stderr: expect.stringContaining('setup.yaml holds these answers already'),
      })
      const other = await account.run(['init', '--dry-run', '--save', 'other.yaml'], { files })
      expect(other.stderr).toContain('answers saved to other.yaml, without secrets')
    } finally {
      await account.close()
    }
  })

  it.each([true, false])('asks a person, who says %s', async (answer) => {
    const confirm = async () => answer
    expect(await replaceIfAgreed('setup.yaml', false, { confirm })).toBe(answer)
  })
})

describe('the JSON Schema of a setup file', () => {
  it('knows its keys and nothing else', () => {
    const schema = setupSchema() as {
      properties: Record<string, { description?: string }>
      additionalProperties: boolean
    }
    expect(schema.additionalProperties).toBe(false)
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(['route', 'trail', 'detections', 'hold', 'tag']),
    )
    expect(schema.properties).not.toHaveProperty('yes')
    expect(schema.properties.hold?.description).toMatch(/stays in ALARM/)
  })
})

describe('a setup file that cannot be written', () => {
  it('is an error that names the path and the reason', async () => {
    const write = () => Promise.reject(new Error('EACCES: permission denied'))
    await expect(saveSetupFile('/root/setup.yaml', {}, { read: write, write }, async () => true)).rejects.toMatchObject(
      {
        code: 'file-not-written',
        message: expect.stringContaining('"/root/setup.yaml" could not be written (EACCES'),
      },
    )
  })
})

describe('a setup file that is refused', () => {
  it.each([
    ['an alias', 'name: &a chain\ntrail: *a\n', 'setup.yaml:1:'],
    [
      'a secret itself',
      `route: service\nintegrationKey: ${'a'.repeat(32)}\n`,
      'setup.yaml:2:17: integrationKey holds the secret itself',
    ],
  ])('for %s, with the line', async (_what, text, place) => {
    const error: unknown = await readSetupFile(text, 'setup.yaml').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ exit: 2, code: 'setup-file', message: expect.stringContaining(place) })
    expect(String(error)).not.toContain('aaaa')
  })
})
