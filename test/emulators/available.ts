/** Registers tests that need the emulators, or one that says why they cannot be had. */

import { describe, it } from 'vitest'
import { whyNoEmulators } from './servers.ts'

/** As `describe`, where python3 and the packages are there; elsewhere one line on stderr, and with REQUIRE_EMULATORS=1 a failure. */
export async function describeWithEmulators(title: string, body: () => void): Promise<void> {
  const why = await whyNoEmulators()
  if (why === undefined) {
    describe(title, body)
    return
  }
  it(`${title}: ${why}`, () => {
    process.stderr.write(`${why}\n`)
  })
}
