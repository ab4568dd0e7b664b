/** Files of CloudTrail, one or millions: searches them a few at a time, here and on other threads, and tells of them in order. */

import type { FoundFile, StartSearch, Thread } from '../ports.ts'
import {
  type ArchivePart,
  type Loaded,
  load,
  passedBefore,
  type Search,
  type Searched,
  type SearchSetup,
  searchHeld,
  searchLong,
  suitsThread,
} from './search.ts'
import { WORTH_THREADS } from './worth-threads.ts'

export interface ArchiveReading extends Search {
  readonly setup: SearchSetup
  readonly signal: AbortSignal
  /** Searches files on other threads; undefined: they are all searched here. */
  readonly startSearch?: StartSearch | undefined
}

/** Files that are unzipped here while another is searched: gunzip runs in the background. */
const AHEAD = 3
/** The same beside other threads, so that the last files are not all left to this one. */
const AHEAD_BESIDE = 1
/** What a thread is given at once, so that it never waits: several files up to this size together, in bytes as stored. */
const GIVEN_BYTES = 1024 * 1024
const GIVEN_FILES = 16
/** Files that are under way or wait for one before them. */
const MOST = 64

/** One file, from the moment it is found until it is told of. */
interface Turn {
  readonly file: FoundFile
  place: Place | undefined
  loaded?: Loaded | undefined
  parts?: readonly ArchivePart[]
}

/** A thread, with how many files it is busy with, and how many bytes. */
interface Place {
  readonly thread: Thread<FoundFile, Searched>
  files: number
  bytes: number
}

/** Reads every file that `found` gives. Never throws for what a file holds. */
export async function* readArchive(
  found: AsyncIterable<FoundFile>,
  reading: ArchiveReading,
): AsyncGenerator<ArchivePart> {
  const { signal } = reading
  const iterator = found[Symbol.asyncIterator]()
  const turns: Turn[] = []
  const news = createNews()
  let places: readonly Place[] | undefined = reading.startSearch === undefined ? [] : undefined
  let stored = 0
  let upcoming: FoundFile | undefined
  let ended = false
  let started: readonly Thread<FoundFile, Searched>[] = []
  let over = false

  const beginHere = (turn: Turn) => {
    turn.place = undefined
    news.follow(load(turn.file, reading), (loaded) => {
      turn.loaded = loaded
    })
  }
  const beginAt = (place: Place, turn: Turn) => {
    turn.place = place
    place.files += 1
    place.bytes += turn.file.bytes
    const answer = place.thread.ask(turn.file).catch(() => {
      // A thread that has ended takes no file with it.
      places = places?.filter((one) => one !== place)
      return 'long' as const
    })
    news.follow(answer, (searched) => {
      place.files -= 1
      place.bytes -= turn.file.bytes
      if (searched !== 'long') turn.parts = searched
      else if (!over) beginHere(turn)
    })
  }
  /** False: everyone is busy. */
  const begin = (file: FoundFile): boolean => {
    const turn: Turn = { file, place: undefined }
    const passed = passedBefore(file, reading)
    if (passed !== undefined) {
      turns.push({ ...turn, parts: [passed] })
      return true
    }
    if (places !== undefined && places.length > 0 && suitsThread(file)) {
      const idlest = places.reduce((least, one) => (one.bytes < least.bytes ? one : least))
      const more = idlest.files < GIVEN_FILES && idlest.bytes + file.bytes <= GIVEN_BYTES
      if (idlest.files === 0 || more) {
        turns.push(turn)
        beginAt(idlest, turn)
        return true
      }
    }
    const here = turns.filter(({ place, parts }) => place === undefined && parts === undefined).length
    if (here > (places === undefined || places.length === 0 ? AHEAD : AHEAD_BESIDE)) return false
    turns.push(turn)
    beginHere(turn)
    return true
  }
  const beginMore = async () => {
    while (!ended && turns.length < MOST) {
      if (upcoming === undefined) {
        const next = await iterator.next()
        if (next.done === true) {
          ended = true
          return
        }
        upcoming = next.value
        stored += upcoming.bytes
      }
      if (places === undefined && stored > WORTH_THREADS) {
        const threads = (await reading.startSearch?.<FoundFile, Searched>(reading.setup)) ?? []
        places = threads.map((thread) => ({ thread, files: 0, bytes: 0 }))
        started = threads
      }
      if (!begin(upcoming)) return
      upcoming = undefined
    }
  }

  try {
    for (;;) {
      signal.throwIfAborted()
      await beginMore()
      const [first] = turns
      if (first === undefined) return
      if (first.parts !== undefined) {
        turns.shift()
        yield* first.parts
        continue
      }
      if (first.loaded?.kind === 'long') {
        turns.shift()
        yield* searchLong(first.loaded, reading, signal)
        continue
      }
      if (!searchOne(turns, reading)) await news.next()
    }
  } finally {
    over = true
    for (const thread of started) thread.end()
    await iterator.return?.()
  }
}

/** Searches the first file that is loaded and lies in memory; false: there is none. */
function searchOne(turns: readonly Turn[], search: Search): boolean {
  for (const turn of turns) {
    const { loaded, parts } = turn
    if (parts !== undefined || loaded === undefined || loaded.kind === 'long') continue
    turn.parts = loaded.kind === 'held' ? searchHeld(loaded, search) : [loaded]
    // Its text is not needed any more.
    turn.loaded = undefined
    return true
  }
  return false
}

interface News {
  /** Takes the result as soon as it is there, which is news. */
  follow<T>(promise: Promise<T>, take: (result: T) => void): void
  /** Resolves with the next piece of news; rejects where a promise did. */
  next(): Promise<void>
}

function createNews(): News {
  let failure: { readonly error: unknown } | undefined
  let tell: (() => void) | undefined
  const told = () => {
    tell?.()
    tell = undefined
  }
  return {
    follow(promise, take) {
      promise.then(take).then(told, (error: unknown) => {
        failure = { error }
        told()
      })
    },
    async next() {
      if (failure === undefined) {
        await new Promise<void>((resolve) => {
          tell = resolve
        })
      }
      if (failure !== undefined) throw failure.error
    },
  }
}
