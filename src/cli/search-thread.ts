/** The threads that search files beside this one. */

import type { Worker } from 'node:worker_threads'
import { WORTH_THREADS } from '../backtest/worth-threads.ts'
import type { StartSearch, Thread } from '../ports.ts'
import { filesUnder } from './folders.ts'

/** This thread searches too. Each further one takes about 40 MB, and a backtest stays below 250 MB. */
const MOST = 1

/** A file lasts no longer than its search: a small young generation frees it soon, with few steps of the collector. */
const LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 }

export interface SearchThreads {
  /**
   * A thread for each further core; none where there is one core alone. A thread runs `start-up/search.ts` with a copy
   * of `setup`; its questions and answers are copies too.
   */
  readonly start: StartSearch
  /** Threads load their code while the program loads its own: a run that will need them starts them first. */
  expect(paths: readonly string[]): Promise<void>
}

export function searchThreads(): SearchThreads {
  let begun: Promise<readonly Begun[]> | undefined
  return {
    async start<Question, Answer>(setup: unknown) {
      begun ??= begin()
      const threads = await begun
      begun = undefined
      return threads.map(({ setUp }) => setUp<Question, Answer>(setup))
    },
    async expect(paths) {
      if ((await others()) > 0 && (await areWorth(paths))) begun ??= begin()
    },
  }
}

/** What is wrong with a path is said by whoever reads it. */
async function areWorth(paths: readonly string[]): Promise<boolean> {
  let stored = 0
  try {
    for (const path of paths) {
      for await (const { bytes } of filesUnder(path)) {
        stored += bytes
        if (stored > WORTH_THREADS) return true
      }
    }
  } catch {}
  return false
}

/** A thread that waits for its setup. */
interface Begun {
  setUp<Question, Answer>(setup: unknown): Thread<Question, Answer>
}

async function others(): Promise<number> {
  const { availableParallelism } = await import('node:os')
  return Math.min(availableParallelism() - 1, MOST)
}

async function begin(): Promise<readonly Begun[]> {
  const length = await others()
  if (length === 0) return []
  const { Worker } = await import('node:worker_threads')
  // The built package has the file beside this one.
  const file = import.meta.url.endsWith('.ts') ? './start-up/search.ts' : './search.js'
  const one = () => new Worker(new URL(file, import.meta.url), { resourceLimits: LIMITS })
  return Array.from({ length }, () => begunOf(one()))
}

function begunOf(worker: Worker): Begun {
  const asked = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>()
  let ended: Error | undefined
  let count = 0
  const end = (error: Error) => {
    ended ??= error
    for (const { reject } of asked.values()) reject(ended)
    asked.clear()
  }
  worker.on('message', ({ number, answer }: { number: number; answer: never }) => {
    asked.get(number)?.resolve(answer)
    asked.delete(number)
  })
  worker.on('error', end)
  worker.on('messageerror', end)
  worker.on('exit', () => end(new Error('the thread has ended')))
  return {
    setUp<Question, Answer>(setup: unknown): Thread<Question, Answer> {
      worker.postMessage({ setup })
      return {
        ask: (question) =>
          new Promise<Answer>((resolve, reject) => {
            if (ended !== undefined) return reject(ended)
            count += 1
            asked.set(count, { resolve, reject })
            worker.postMessage({ number: count, question })
          }),
        end() {
          end(new Error('the thread was ended'))
          void worker.terminate()
        },
      }
    },
  }
}
