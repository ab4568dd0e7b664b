/** `npm run accept`: options, consent, signals, and the report that is written at the end. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { writeAtomically } from '../src/atomic-file.ts'
import { DEFAULT_NAME } from '../src/domain/names.ts'
import { ROUTES, type RouteKind, shapeOf } from '../src/domain/route.ts'
import { SANDBOX_SERVICE_ID } from '../src/sandbox/pagerduty/state.ts'
import { builtTool as build } from '../test/package/built.ts'
import { accountsOf } from './accounts.ts'
import { type AcceptOptions, accept, type Host } from './flow.ts'
import { passed, reportOf, summaryOf } from './report.ts'
import { builtTool, killRunning } from './tool.ts'

const USAGE = `usage: npm run accept -- [options]

  --profile NAME, --region NAME, --endpoint-url URL, --sandbox    as in the tool
  --name NAME                  of the chain that is made and destroyed (pd-accept)
  --trail NAME                 use this trail; without it the run makes one
  --route ROUTE                ${ROUTES.join(', ')}
  --service-region us|eu
  --integration-key-file PATH  the first key, of a service or an orchestration
  --second-key-file PATH       another key of the same route: for the rotation
  --pagerduty-service NAME     make two integrations there, and delete them; needs a token that may write
  --pagerduty-token-file PATH  or PAGERDUTY_TOKEN
  --timeout SECONDS            the longest that a drill, or the wait for the first OK, may take
  --out PATH                   where the report goes (acceptance.json)
  --yes                        ask nothing: this pages someone twice

docs/acceptance.md says what it makes, what it costs and whom it pages.`

class UsageError extends Error {}

interface Given {
  readonly options: AcceptOptions
  readonly profile: string | undefined
  readonly region: string | undefined
  readonly endpointUrl: string | undefined
  readonly sandbox: boolean
  readonly token: string | undefined
  readonly out: string
  readonly yes: boolean
}

function given(argv: readonly string[]): Given | undefined {
  const values = parsed(argv)
  if (values.help) return undefined
  const {
    profile,
    region,
    sandbox = false,
    name = 'pd-accept',
    trail,
    timeout,
    yes = false,
    out = 'acceptance.json',
  } = values
  const endpointUrl = values['endpoint-url']
  const route = routeOf(values.route ?? 'service')
  const serviceRegion = values['service-region'] ?? 'us'
  if (serviceRegion !== 'us' && serviceRegion !== 'eu') throw new UsageError('--service-region is us or eu')
  if (name === DEFAULT_NAME)
    throw new UsageError(`--name ${DEFAULT_NAME} is the name of a real chain, and the run destroys its own`)
  if (timeout !== undefined && !/^[1-9]\d{0,4}$/.test(timeout)) throw new UsageError('--timeout is a number of seconds')
  if (!yes && process.stdin.isTTY !== true)
    throw new UsageError('there is no terminal for the prompts: pass --yes to approve')
  const token = (fileText(values['pagerduty-token-file']) ?? process.env.PAGERDUTY_TOKEN) || undefined
  const first = fileText(values['integration-key-file']) ?? (process.env.CLOUDTRAIL_PD_INTEGRATION_KEY || undefined)
  const service =
    values['pagerduty-service'] ??
    (sandbox && first === undefined && route === 'service' ? SANDBOX_SERVICE_ID : undefined)
  if (service !== undefined && shapeOf(route) !== 'enqueue')
    throw new UsageError('--pagerduty-service goes with --route service')
  if (service !== undefined && token === undefined && !sandbox)
    throw new UsageError('--pagerduty-service needs a token in PAGERDUTY_TOKEN')
  if (first === undefined && service === undefined && !sandbox)
    throw new UsageError('where do pages go? pass --integration-key-file or --pagerduty-service')
  const where = [
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(region === undefined ? [] : ['--region', region]),
    ...(endpointUrl === undefined ? [] : ['--endpoint-url', endpointUrl]),
    ...(sandbox ? ['--sandbox'] : []),
  ]
  const target = sandbox ? 'sandbox' : endpointUrl === undefined && !process.env.AWS_ENDPOINT_URL ? 'aws' : 'endpoint'
  const options: AcceptOptions = {
    ...{ target, name, where, trail, route, serviceRegion, service },
    profile: profile ?? (process.env.AWS_PROFILE || undefined),
    keys: [first, fileText(values['second-key-file'])],
    token: token !== undefined || sandbox,
    timeout: timeout === undefined ? undefined : Number(timeout),
  }
  return { options, profile, region, endpointUrl, sandbox, token, out, yes }
}

function parsed(argv: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = {
    ...{ profile: text, region: text, 'endpoint-url': text, sandbox: flag, name: text, trail: text, route: text },
    ...{ 'service-region': text, 'integration-key-file': text, 'second-key-file': text, 'pagerduty-service': text },
    ...{ 'pagerduty-token-file': text, timeout: text, out: text, yes: flag, help: flag },
  }
  try {
    return parseArgs({ args: [...argv], options }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function routeOf(text: string): RouteKind {
  const route = ROUTES.find((one) => one === text)
  if (route === undefined) throw new UsageError(`--route is one of ${ROUTES.join(', ')}`)
  return route
}

function fileText(path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** One Ctrl-C may arrive twice: from the terminal, and once more from npm (milliseconds). */
const SAME_SIGNAL_MS = 400

/** The first signal ends the step and goes on to destroy; the third leaves everything as it is. */
function listen(destroy: string): AbortSignal {
  const controller = new AbortController()
  let signals = 0
  let last = Number.NEGATIVE_INFINITY
  const heard = () => {
    const again = performance.now() - last < SAME_SIGNAL_MS
    last = performance.now()
    if (again) return
    signals += 1
    if (signals === 1) {
      say('interrupted: ending this step, then removing the chain')
      controller.abort(new Error('interrupted'))
    } else if (signals === 2) {
      say(`the chain is being removed; once more leaves it as it is, to be removed with: ${destroy}`)
    } else {
      killRunning()
      process.exit(130)
    }
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, heard)
  return controller.signal
}

async function confirmed(question: string, signal: AbortSignal): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  prompt.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `, { signal })).trim())
  } catch {
    return false
  } finally {
    prompt.close()
  }
}

async function main(): Promise<number> {
  const all = given(process.argv.slice(2))
  if (all === undefined) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  const { options, yes, out, token, profile, region, endpointUrl, sandbox } = all
  const program = await build()
  const box =
    sandbox && !process.env.CLOUDTRAIL_PD_SANDBOX_FILE ? mkdtempSync(join(tmpdir(), 'cloudtrail-pd-')) : undefined
  // An account of its own: that of --sandbox belongs to whoever tries the tool in it.
  if (box !== undefined) process.env.CLOUDTRAIL_PD_SANDBOX_FILE = join(box, 'sandbox.json')
  const destroy = [
    'npx cloudtrail-pd destroy',
    ...options.where,
    '--name',
    options.name,
    '--delete-trail',
    '--delete-logs',
  ].join(' ')
  const signal = listen(destroy)
  // Looks outlive the signal: destroy is followed by one.
  const accounts = accountsOf({ profile, region, endpointUrl, sandbox, token }, new AbortController().signal)
  const env = { ...process.env, ...(token === undefined ? {} : { PAGERDUTY_TOKEN: token }) }
  const host: Host = {
    tool: builtTool(program, env, (line) => {
      // Calls to PagerDuty are lines of --verbose as well.
      if (!/^pagerduty [A-Z]+ \//.test(line)) say(`  ${line}`)
    }),
    look: accounts.look,
    ask: async (question) => {
      if (yes) say(`${question} yes`)
      return yes || confirmed(question, signal)
    },
    say,
    signal,
  }
  const outcome = await accept(options, host)
  await accounts.close()
  if (box !== undefined) rmSync(box, { recursive: true, force: true })
  process.stdout.write(`${summaryOf(outcome).join('\n')}\n`)
  writeAtomically(out, `${JSON.stringify(reportOf(outcome), null, 2)}\n`, { mode: 0o600 })
  process.stdout.write(`Report: ${out}. Read it before you attach it to an issue.\n`)
  return signal.aborted ? 130 : passed(outcome) ? 0 : 1
}

try {
  process.exit(await main())
} catch (error) {
  if (error instanceof UsageError) say(`${error.message}\n\n${USAGE}`)
  else say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exit(error instanceof UsageError ? 2 : 1)
}
