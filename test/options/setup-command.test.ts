import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import { selectDetections } from '../../src/detections/select.ts'
import { commandLine, neededText } from '../../src/next-command.ts'
import type { InitOptions } from '../../src/options/command-options.ts'
import { givenFile, initCommand } from '../../src/options/setup-command.ts'
import { formatSetup } from '../../src/options/setup-yaml.ts'
import type { Env } from '../../src/ports.ts'
import { anyOptions } from './any-options.ts'
import { filesWith, optionsFor, shellWords } from './reading.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const LOW = `https://events.pagerduty.com/x-ere/${KEY}`
const PATH = 'setup.yaml'

/** The command that says the same as a run with this file and these flags. */
async function commandAfter(file: string, flags: readonly string[] = [], env: Env = {}) {
  const texts = { [PATH]: file }
  const options = await optionsFor('init', ['init', '--config', PATH, ...flags], env, texts)
  return initCommand(options, await givenFile(options, { env, files: filesWith(texts) }))
}

const lineAfter = async (...args: Parameters<typeof commandAfter>) => commandLine(await commandAfter(...args))
const neededAfter = async (...args: Parameters<typeof commandAfter>) => neededText(await commandAfter(...args))

const LONG = 'detections: [root-account-usage]\nhold: 5\nheartbeat: 60\n'

describe('the command after a run with a setup file', () => {
  it('names the file, in place of everything that it says', async () => {
    expect(await lineAfter(LONG)).toBe('npx cloudtrail-pd init --config setup.yaml')
    expect(await lineAfter(`profile: audit\nregion: eu-west-1\nname: team-a\n${LONG}`)).toBe(
      'npx cloudtrail-pd init --config setup.yaml',
    )
  })

  it('says beside it what was said beside it', async () => {
    expect(await lineAfter(LONG, ['--hold', '30', '--profile', 'audit', '--sandbox', '--yes'])).toBe(
      'npx cloudtrail-pd init --config setup.yaml --hold 30 --profile audit --sandbox',
    )
    expect(await lineAfter(LONG, ['--no-heartbeat'])).toBe('npx cloudtrail-pd init --config setup.yaml --heartbeat 0')
  })

  it('says what a variable said, which another shell may not have', async () => {
    expect(await lineAfter(LONG, [], { CLOUDTRAIL_PD_HOLD: '30', CLOUDTRAIL_PD_NAME: 'team-a' })).toBe(
      'npx cloudtrail-pd init --config setup.yaml --hold 30 --name team-a',
    )
  })

  it('names one trail where another one is in the file', async () => {
    expect(await lineAfter(`createTrail: mine\n${LONG}`, ['--trail', 'theirs'])).toBe(
      'npx cloudtrail-pd init --config setup.yaml --trail theirs',
    )
  })

  it('is spelled out where that is shorter, and where the file says what was taken back', async () => {
    expect(await lineAfter('hold: 5\n')).toBe('npx cloudtrail-pd init --hold 5')
    const files = filesWith({ [PATH]: LONG })
    const file = await givenFile({ config: PATH }, { env: {}, files })
    expect(commandLine(initCommand({ config: PATH, detections: ['root-account-usage'] }, file))).toBe(
      'npx cloudtrail-pd init --detections root-account-usage',
    )
  })

  it.each(['-', '/dev/fd/63', 'gone.yaml', 'broken.yaml'])('is spelled out after %s', async (config) => {
    const files = filesWith({ '/dev/fd/63': '', 'broken.yaml': 'hold: [\n', '-': LONG })
    const options: InitOptions = { config, detections: ['root-account-usage'], hold: 5, heartbeat: 60 }
    expect(commandLine(initCommand(options, await givenFile(options, { env: {}, files })))).toBe(
      'npx cloudtrail-pd init --detections root-account-usage --hold 5 --heartbeat 60',
    )
  })

  it('needs the variables that the file refers to, and no other', async () => {
    const refers = `route: service\nintegrationKey: env:KEY\nlowUrgencyIntegrationUrl: env:LOW\n${LONG}`
    expect(await neededAfter(refers, [], { KEY, LOW })).toBe('needs KEY and LOW in the environment')
    expect(await neededAfter(refers, ['--sandbox'], { LOW })).toBe('needs LOW in the environment')
    expect(await neededAfter(LONG, ['--route', 'service'], { CLOUDTRAIL_PD_INTEGRATION_KEY: KEY })).toBe(
      'needs CLOUDTRAIL_PD_INTEGRATION_KEY in the environment',
    )
    const other = { KEY, LOW, CLOUDTRAIL_PD_INTEGRATION_KEY: `${KEY.slice(1)}0` }
    expect(await neededAfter(refers, [], other)).toBe('needs CLOUDTRAIL_PD_INTEGRATION_KEY and LOW in the environment')
    expect(await neededAfter(`pagerdutyService: Security\n${LONG}`)).toBe('needs PAGERDUTY_TOKEN in the environment')
    expect(await neededAfter(LONG)).toBeUndefined()
  })

  it('takes the few words for a long selection beside what the file leaves out', async () => {
    const flags = ['--detections', 'recommended']
    expect(await lineAfter(`exclude: [root-account-usage, console-signin-without-mfa]\n${LONG}`, flags)).toContain(
      '--config setup.yaml --detections recommended',
    )
  })

  it('gives the same options when it is run, whatever of them stands in the file', async () => {
    const ids = fc.subarray(
      catalogue.map(({ id }) => id),
      { minLength: 1 },
    )
    const few = fc.subarray(['root-account-usage', 'iam-policy-changes'])
    await fc.assert(
      fc.asyncProperty(
        anyOptions,
        ids,
        few,
        fc.infiniteStream(fc.boolean()),
        async (any, detections, exclude, coin) => {
          const options: InitOptions = { ...any, detections: [...detections, 'trail-stopped-or-blinded'], exclude }
          const inFile = Object.fromEntries(Object.entries(options).filter(() => coin.next().value === true))
          const texts = { [PATH]: formatSetup(inFile) }
          const file = await givenFile({ config: PATH }, { env: {}, files: filesWith(texts) })
          const [, , ...argv] = shellWords(commandLine(initCommand(options, file)))
          expect(selected(await optionsFor('init', argv, {}, texts))).toEqual(selected(options))
        },
      ),
      { numRuns: 50 },
    )
  })
})

/** With the detections that are meant, in whatever words. */
function selected({ config: _, detections = [], exclude, ...rest }: InitOptions) {
  return { ...rest, ids: selectDetections(detections, exclude).map(({ id }) => id) }
}
