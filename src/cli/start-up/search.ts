/** What the threads that search files run: first the setup comes, then a file a question, and what it gave is the answer. */

import { readFileSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { createSearch, type Search, type Searched, type SearchSetup, searchFile } from '../../backtest/search.ts'
import type { FoundFile } from '../../ports.ts'

/** Nothing else waits for this thread, so a file is read in one go. */
const files = {
  async *bytes(path: string) {
    yield readFileSync(path)
  },
}
let search: Search | undefined

type Told = { readonly setup: SearchSetup } | { readonly number: number; readonly question: FoundFile }

/** One file after another: sixteen that wait would be held unzipped at once. */
let last: Promise<void> = Promise.resolve()

// What is thrown ends the thread, and the files that it was given are searched by the program itself.
parentPort?.on('message', (told: Told) => {
  last = last.then(() => take(told))
})

async function take(told: Told): Promise<void> {
  if ('setup' in told) {
    search = createSearch(told.setup, files)
    return
  }
  if (search === undefined) throw new Error('a question came before the setup')
  const { number, question } = told
  const answer = await searchFile(question, search)
  parentPort?.postMessage({ number, answer }, numbersOf(answer))
}

/** These are handed over, not copied. */
function numbersOf(answer: Searched): ArrayBuffer[] {
  if (answer === 'long') return []
  return answer.flatMap((part) =>
    part.kind === 'events' ? [part.sightings.times.buffer, part.sightings.ids.buffer] : [],
  ) as ArrayBuffer[]
}
