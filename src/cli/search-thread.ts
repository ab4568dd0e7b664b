/** The threads that search files while this one counts. */

import type { Worker } from 'node:worker_threads'
import type { Thread } from '../ports.ts'

/** Each takes about 40 MB, and a backtest stays below 250 MB. */
const MOST = 2

/** A file lasts no longer than its search: a small young generation frees it soon, with few steps of the collector. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 }

/**
 * One thread a core; none where there is one core alone. A thread runs `start-up/search.ts` with a copy of `setup`; its
 * questions and answers are copies too.
 */
export async function startSearch<Question, Answer>(setup: unknown): Promise<readonly Thread<Question, Answer>[]> {
  const { availableParallelism } = await import('node:os')
  const cores = availableParallelism()
  if (cores < 2) return []
  const { Worker } = await import('node:worker_threads')
  // The built package has the file beside this one.
  const file = import.meta.url.endsWith('.ts') ? './start-up/search.ts' : './search.js'
  const start = () => new Worker(new URL(file, import.meta.url), { workerData: setup, resourceLimits: LIMITS })
  return Array.from({ length: Math.min(cores, MOST) }, () => threadOf<Question, Answer>(start()))
}

function threadOf<Question, Answer>(worker: Worker): Thread<Question, Answer> {
  const asked = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>()
  let ended: Error | undefined
  let count = 0
  const end = (error: Error) => {
    ended ??= error
    for (const { reject } of asked.values()) reject(ended)
    asked.clear()
  }
  worker.on('message', ({ number, answer }: { number: number; answer: Answer }) => {
    asked.get(number)?.resolve(answer)
    asked.delete(number)
  })
  worker.on('error', end)
  worker.on('messageerror', end)
  worker.on('exit', () => end(new Error('the thread has ended')))
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
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
}
