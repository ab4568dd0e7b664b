import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { builtTool } from '../package/built.ts'
import { KEY } from '../support/tool.ts'
import { describeWithEmulators } from './available.ts'
import { type Between, openBetween, type Write } from './between.ts'
import { census, NOTHING, namesIn } from './census.ts'
import { EMULATORS, type Emulator, startEmulator } from './servers.ts'
import { CREDENTIALS, emulatedStage, type Stage, worldOf } from './stage.ts'

const INIT = ['init', '--yes', '--detections', 'root-account-usage,vpc-changes']

/** The sandbox is stopped at every call; here it is a real process, so a few have to do. */
const MOMENTS: readonly Pick<Write, 'nth' | 'when'>[] = [
  { nth: 1, when: 'before' },
  { nth: 5, when: 'after' },
  { nth: 8, when: 'before' },
  { nth: 14, when: 'after' },
]

await describeWithEmulators('a real process', () => {
  describe.each(EMULATORS)('on %s', (name) => {
    let tool = ''
    let emulator: Emulator
    let stage: Stage
    let between: Between | undefined

    beforeAll(async () => {
      tool = await builtTool()
      emulator = await startEmulator(name)
    }, 120_000)
    beforeEach(async () => {
      stage = await emulatedStage(emulator)
    })
    afterEach(async () => {
      await between?.close()
      await stage.close()
    })
    afterAll(() => emulator.stop())

    /** Runs the tool behind a proxy; `act` may do what it likes to it at each write. */
    async function start(args: readonly string[], act: (write: Write, child: ChildProcess) => Promise<void> | void) {
      let child: ChildProcess | undefined
      between = await openBetween(emulator.endpoint, (write) => {
        if (child !== undefined) return act(write, child)
      })
      const env = {
        PATH: process.env.PATH,
        ...CREDENTIALS,
        ...worldOf(emulator, stage.pagerDuty),
        CLOUDTRAIL_PD_INTEGRATION_KEY: KEY,
      }
      const started = spawn(process.execPath, [tool, ...args, '--endpoint-url', between.endpoint], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = started
      const [stdout, stderr, [exit, signal]] = await Promise.all([
        text(started.stdout),
        text(started.stderr),
        once(started, 'exit'),
      ])
      return { exit, signal, stdout, stderr }
    }

    it('that is killed at a write converges when it is run again, with nothing doubled', async () => {
      await stage.run(INIT)
      const whole = await census(stage.aws)
      for (const moment of MOMENTS) {
        await emulator.reset()
        const { signal } = await start(INIT, ({ nth, when }, child) => {
          if (nth === moment.nth && when === moment.when) child.kill('SIGKILL')
        })
        const at = `killed ${moment.when} write ${moment.nth}`
        expect(signal, at).toBe('SIGKILL')
        expect(between?.done.length, at).toBeLessThan(17)
        await between?.close()
        const again = await stage.run([...INIT, '--json'])
        expect(again.exit, `${at}: ${again.stdout}${again.stderr}`).toBe(0)
        expect(await census(stage.aws), at).toEqual(whole)
        expect((await stage.run([...INIT, '--json'])).json(), at).toMatchObject({ status: 'unchanged' })
      }
    }, 60_000)

    it('that is killed while it destroys leaves nothing when it is run again', async () => {
      await stage.run(INIT)
      const destroy = ['destroy', '--yes', '--delete-trail']
      const { signal } = await start(destroy, ({ nth, when }, child) => {
        if (nth === 5 && when === 'after') child.kill('SIGKILL')
      })
      expect(signal).toBe('SIGKILL')
      const again = await stage.run([...destroy, '--json'])
      expect(again.exit, again.stdout + again.stderr).toBe(0)
      expect(namesIn(await census(stage.aws))).toEqual(NOTHING)
    })

    it('C63 that hears SIGINT ends the call in flight, lists what is there and what is missing, and exits 130', async () => {
      const { exit, stdout, stderr } = await start([...INIT, '--json'], async ({ call, when }, child) => {
        if (call !== 'AWS:CreateTrail' || when !== 'before') return
        child.kill('SIGINT')
        // Long enough for the signal to be heard before the call is answered.
        await new Promise((resolve) => setTimeout(resolve, 300))
      })
      expect(exit, stderr).toBe(130)
      expect(stderr).toContain('interrupted: finishing the current call')
      const told = JSON.parse(stdout)
      const seen = namesIn(await census(stage.aws))
      expect(told).toMatchObject({ status: 'incomplete', error: { code: 'interrupted' } })
      expect(told.created).toContain(`arn:aws:cloudtrail:us-east-1:${stage.account}:trail/cloudtrail-pd`)
      expect(seen.trails).toEqual(['cloudtrail-pd'])
      // What waits for the trail was never begun; what runs beside it may have ended before the signal.
      expect(told.remaining).toContain(`cloudtrail-pd-root-account-usage-${stage.account}-us-east-1`)
      expect(seen).toMatchObject({ alarms: [] })
      expect(told.next).toEqual([
        expect.stringMatching(/^npx cloudtrail-pd init .*--yes$/),
        expect.stringMatching(/^npx cloudtrail-pd destroy --endpoint-url http/),
      ])
    })

    it('C63 that hears a second signal ends at once, with its call still unanswered', async () => {
      let release = () => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      const before = Date.now()
      const { exit } = await start(INIT, async ({ call, when }, child) => {
        if (call !== 'AWS:CreateTopic' || when !== 'before') return
        child.kill('SIGINT')
        setTimeout(() => child.kill('SIGINT'), 200)
        await held
      })
      release()
      expect(exit).toBe(130)
      expect(Date.now() - before).toBeLessThan(5_000)
    })
  })
})
