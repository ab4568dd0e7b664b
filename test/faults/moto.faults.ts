/** A sample of the matrix on a real server: calls of init and destroy on moto, spoiled on the wire by a proxy. */

import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithEmulators } from '../emulators/available.ts'
import { type Census, census, NOTHING, namesIn } from '../emulators/census.ts'
import { type Emulator, startEmulator } from '../emulators/servers.ts'
import { emulatedStage, type Stage, type Told } from '../emulators/stage.ts'
import { type FaultProxy, openFaultProxy, type WireFault } from './fault-proxy.ts'

const INIT = ['init', '--yes', '--json', '--detections', 'root-account-usage,vpc-changes']
const DESTROY = ['destroy', '--yes', '--json', '--delete-trail']

const FAULTS: readonly WireFault[] = [
  'throttle',
  'server-error',
  'reset-before',
  'reset-after',
  'truncated',
  'garbled',
  'denied',
]
/** Of each fault's calls, one in so many is tried: each meets other calls. */
const STRIDE = 12

await describeWithEmulators('on moto', () => {
  let emulator: Emulator
  let proxy: FaultProxy

  beforeAll(async () => {
    emulator = await startEmulator('moto')
    proxy = await openFaultProxy(emulator.endpoint)
  }, 120_000)
  afterAll(async () => {
    await proxy.close()
    await emulator.stop()
  })

  /** An empty account whose calls go through the proxy. */
  async function fresh(): Promise<Stage> {
    proxy.spoil(undefined)
    return emulatedStage({ ...emulator, endpoint: proxy.endpoint })
  }

  async function cellsOf(args: readonly string[], prepare: (stage: Stage) => Promise<unknown>) {
    const stage = await fresh()
    await prepare(stage)
    proxy.spoil(undefined)
    await stage.run(args)
    const { calls } = proxy
    await stage.close()
    return FAULTS.flatMap((fault, row) =>
      Array.from({ length: calls }, (_, at) => ({ fault, nth: at + 1 })).filter(({ nth }) => nth % STRIDE === row),
    )
  }

  it('init reports what is there, and the next run finishes with nothing doubled', async () => {
    const undisturbed = await fresh()
    await undisturbed.run(INIT)
    const whole = await census(undisturbed.aws)
    await undisturbed.close()
    const broken: string[] = []
    const cells = await cellsOf(INIT, async () => {})
    for (const { fault, nth } of cells) {
      const stage = await fresh()
      proxy.spoil({ fault, nth })
      const told = await stage.run(INIT)
      proxy.spoil(undefined)
      const there = JSON.stringify(await census(stage.aws))
      const { created = [] } = documentOf(told) as { created?: readonly string[] }
      const claimed = created.filter((name) => !there.includes(lastPart(name)))
      if (claimed.length > 0) broken.push(`${fault} at call ${nth}: ${claimed.join()} is in created, and not there`)
      const again = await stage.run(INIT)
      if (again.exit !== 0) broken.push(`${fault} at call ${nth}: the next run ends with ${again.exit}`)
      const ended = await census(stage.aws)
      if (!isDeepStrictEqual(asOnAws(ended), asOnAws(whole))) broken.push(`${fault} at call ${nth}: it ends elsewhere`)
      await stage.close()
    }
    process.stderr.write(`init on moto: ${cells.length} faults tried, ${cells.length - broken.length} held\n`)
    expect(broken).toEqual([])
    expect(cells.length).toBeGreaterThan(20)
  }, 900_000)

  it('destroy keeps what it could not judge, and the next run leaves nothing', async () => {
    const prepare = (stage: Stage) => stage.run(INIT)
    const broken: string[] = []
    const cells = await cellsOf(DESTROY, prepare)
    for (const { fault, nth } of cells) {
      const stage = await fresh()
      await prepare(stage)
      proxy.spoil({ fault, nth })
      const told = await stage.run(DESTROY)
      proxy.spoil(undefined)
      const left = namesIn(await census(stage.aws))
      if (told.exit === 0 && JSON.stringify(left) !== JSON.stringify(NOTHING)) {
        broken.push(`${fault} at call ${nth}: exit 0 with ${JSON.stringify(left)} left`)
      }
      const again = await stage.run(DESTROY)
      const ended = namesIn(await census(stage.aws))
      if (again.exit !== 0 || JSON.stringify(ended) !== JSON.stringify(NOTHING)) {
        broken.push(`${fault} at call ${nth}: the next run ends with ${again.exit}, ${JSON.stringify(ended)} left`)
      }
      await stage.close()
    }
    process.stderr.write(`destroy on moto: ${cells.length} faults tried, ${cells.length - broken.length} held\n`)
    expect(broken).toEqual([])
    expect(cells.length).toBeGreaterThan(15)
  }, 900_000)
})

/** moto keeps a second filter of one name where AWS replaces the first (PutMetricFilter, CloudWatch Logs API reference). */
function asOnAws(seen: Census): Census {
  const filters = Object.entries(seen.metricFilters).filter(([name]) => !/ #\d+$/.test(name))
  return { ...seen, metricFilters: Object.fromEntries(filters) }
}

function documentOf({ stdout }: Told): object {
  return JSON.parse(stdout)
}

/** What a name or ARN ends with: a census names resources without their ARN. */
function lastPart(name: string): string {
  return name.split(/[:/]/).at(-1) ?? name
}
