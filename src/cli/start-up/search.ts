/** What the threads that search files run: a file a question, and what it gave as the answer. */

import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { createSearch, type Searched, type SearchSetup, searchFile } from '../../backtest/search.ts'
import type { FoundFile } from '../../ports.ts'

/** Nothing else waits for this thread, so a file is read in one go. */
const files = {
  async *bytes(path: string) {
    yield readFileSync(path)
  },
}
const search = createSearch(workerData as SearchSetup, files)

// What is thrown ends the thread, and the files that it was given are searched by the program itself.
parentPort?.on('message', async ({ number, question }: { number: number; question: FoundFile }) => {
  const answer = await searchFile(question, search)
  parentPort?.postMessage({ number, answer }, numbersOf(answer))
})

/** These are handed over, not copied. */
function numbersOf(answer: Searched): ArrayBuffer[] {
  if (answer === 'long') return []
  return answer.flatMap((part) =>
    part.kind === 'events' ? [part.sightings.times.buffer, part.sightings.ids.buffer] : [],
  ) as ArrayBuffer[]
}
