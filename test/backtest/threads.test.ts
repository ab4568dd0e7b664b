import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeTally } from '../../src/backtest/result.ts'
import { createSearch, type SearchSetup, searchFile } from '../../src/backtest/search.ts'
import { countFiles } from '../../src/backtest/sources.ts'
import { filesOf, wallClock } from '../../src/cli/platform.ts'
import { catalogue } from '../../src/detections/catalogue.ts'
import { customDetection } from '../../src/detections/custom.ts'
import type { FoundFile, StartSearch } from '../../src/ports.ts'
import { writeArchive } from './archive-files.ts'

const files = filesOf(() => process.stdin)
const START = Date.UTC(2026, 0, 5)
const WINDOW = { from: START / 60_000, to: START / 60_000 + 14_400 }
const bytesRead = {
  filterPattern: '{ $.eventName = "Get*" }',
  filterName: 'own',
  metricValue: '$.requestParameters.size',
}
const detections = [...catalogue, customDetection(bytesRead).detection]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-threads-'))
  writeArchive(folder, START)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function count(startSearch: StartSearch | undefined, signal = new AbortController().signal) {
  const progress: string[] = []
  const run = { detections, window: WINDOW, clock: wallClock(), signal, startSearch }
  const result = judgeTally(await countFiles({ ...run, progress: (_, text) => progress.push(text) }, files, [folder]))
  return { result, progress }
}

/** What a thread does with each file that it is given; the last one goes for all that follow. */
type Deed = 'answers' | 'answers late' | 'ends'

/** Two threads of this process: whatever goes there and back is copied, as between real ones. */
function threadsThat(deeds: readonly Deed[]): { start: StartSearch; asked: FoundFile[]; ended: () => number } {
  const asked: FoundFile[] = []
  let ended = 0
  return {
    asked,
    ended: () => ended,
    start: async <Question, Answer>(setup: unknown) => {
      const search = createSearch(structuredClone(setup) as SearchSetup, files)
      return [0, 1].map(() => {
        let gone = false
        return {
          async ask(question: Question) {
            const file = structuredClone(question) as FoundFile
            const deed = deeds[Math.min(asked.push(file), deeds.length) - 1]
            if (deed === 'ends') gone = true
            if (deed === 'answers late') await sleep(20)
            if (gone) throw new Error('the thread has ended')
            return structuredClone(await searchFile(file, search)) as Answer
          },
          end() {
            ended += 1
          },
        }
      })
    },
  }
}

describe('an archive that is searched on several threads', { timeout: 120_000 }, () => {
  it('gives what one thread gives, with damaged files, duplicates, digests and long lines in it', async () => {
    const alone = await count(undefined)
    const { events, duplicates, skippedFiles, skippedLines, notes } = alone.result
    expect(events).toBeGreaterThan(2_000)
    expect(duplicates).toBeGreaterThan(200)
    expect(skippedFiles.length).toBe(3)
    expect(skippedLines).toBeGreaterThan(0)
    expect(notes).toContain('1 digest file passed over: they hold no events')
    const threads = threadsThat(['answers'])
    expect(await count(threads.start)).toEqual(alone)
    expect(threads.asked.length).toBeGreaterThan(5)
    expect(threads.ended()).toBe(2)
  })

  it('gives the same however slow the threads are, and where they end in the middle', async () => {
    const alone = await count(undefined)
    const deed = fc.constantFrom<Deed>('answers', 'answers late', 'ends')
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 6 }), async (deeds) => {
        expect(await count(threadsThat(deeds).start)).toEqual(alone)
      }),
      { numRuns: 6, examples: [[['ends']], [['answers', 'answers late', 'ends']]] },
    )
    expect(await count(async () => [])).toEqual(alone)
  })

  it('asks no thread for a file that is too long to hold, for what may be a pipe, or for what its name rules out', async () => {
    const threads = threadsThat(['answers'])
    await count(threads.start)
    const names = threads.asked.map(({ path }) => path.slice(folder.length + 1))
    expect(names.filter((name) => /Digest|20260301|long-line|empty/.test(name))).toEqual([])
  })

  it('starts none for a small archive', async () => {
    const small = join(folder, '..', `${folder.split('/').at(-1)}-small`)
    mkdirSync(small)
    writeFileSync(join(small, 'a.json.gz'), gzipSync('{"Records":[]}'))
    let started = 0
    const startSearch: StartSearch = async () => {
      started += 1
      return []
    }
    const run = { detections, window: WINDOW, clock: wallClock(), signal: new AbortController().signal, startSearch }
    await expect(countFiles({ ...run, progress: () => {} }, files, [small])).rejects.toMatchObject({
      code: 'no-events',
    })
    rmSync(small, { recursive: true })
    expect(started).toBe(0)
  })

  it('ends the threads when the run is interrupted', async () => {
    const interrupt = new AbortController()
    const threads = threadsThat(['answers', 'answers late'])
    const startSearch: StartSearch = (setup) => {
      setTimeout(() => interrupt.abort(new Error('interrupted')), 5)
      return threads.start(setup)
    }
    await expect(count(startSearch, interrupt.signal)).rejects.toThrow('interrupted')
    expect(threads.ended()).toBe(2)
  })
})
