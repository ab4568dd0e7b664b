import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { awsFault } from '../../src/aws/backend.ts'
import { run } from '../../src/cli/main.ts'
import { paper } from '../ui/terminal.ts'

/** A run that hears a signal during its first call to AWS, as often as told. */
async function interrupted(times: number) {
  const stdout = paper()
  const stderr = paper()
  const exits: number[] = []
  const listeners = new Set<() => void>()
  const exit = await run(['destroy', '--yes', '--json', '--region', 'us-east-1'], {
    stdin: Object.assign(Readable.from([]), { isTTY: false }),
    stdout,
    stderr,
    env: {},
    clock: { now: () => new Date(0), sleep: async () => {} },
    files: { read: async () => '', async *bytes() {}, write: async () => {}, append: async () => {} },
    onInterrupt(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    exit: (code) => exits.push(code),
    async backend() {
      for (let time = 0; time < times; time += 1) for (const listener of [...listeners]) listener()
      // What an aborted call of the SDK rejects with.
      throw Object.assign(awsFault('AbortError', 'aborted'), { status: 400 })
    },
  })
  return { exit, exits, stderr: stderr.text(), document: JSON.parse(stdout.text()), listening: listeners.size }
}

describe('C63 a signal', () => {
  it('is answered at once, and the process goes on to the end of the call', async () => {
    const { exits, stderr } = await interrupted(1)
    expect(stderr).toContain('interrupted: finishing the current call; press Ctrl-C again to stop now')
    expect(exits).toEqual([])
  })

  it('that comes twice ends the process at once', async () => {
    expect((await interrupted(2)).exits).toEqual([130])
  })

  it('leaves no listener and one document behind', async () => {
    const { listening, document } = await interrupted(1)
    expect(listening).toBe(0)
    expect(document).toMatchObject({ schemaVersion: 1, command: 'destroy' })
  })
})
