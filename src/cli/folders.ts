/** Walks folders of the file system, one folder at a time, so that millions of files need no list. */

import type { Dirent } from 'node:fs'
import type { FoundFile } from '../ports.ts'

/** See `Files.under`. Standard input, `-`, is one file. */
export async function* filesUnder(path: string): AsyncGenerator<FoundFile> {
  if (path === '-') {
    yield { path, bytes: 0 }
    return
  }
  const fs = await import('node:fs/promises')
  const entered = new Set<string>()
  yield* visit(path, true)

  async function* visit(at: string, named: boolean): AsyncGenerator<FoundFile> {
    try {
      const found = await fs.stat(at)
      if (!found.isDirectory()) {
        // A socket or a device holds no events, and may never end.
        if (found.isFile() || named) yield { path: at, bytes: found.size }
        return
      }
      const identity = `${found.dev}:${found.ino}`
      if (entered.has(identity)) return
      entered.add(identity)
    } catch (error) {
      if (named) throw error
      yield { path: at, bytes: 0, problem: problemOf(error) }
      return
    }
    let entries: Dirent[]
    try {
      entries = await fs.readdir(at, { withFileTypes: true })
    } catch (error) {
      yield { path: at, bytes: 0, problem: problemOf(error) }
      return
    }
    for (const { name } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) yield* visit(`${at}/${name}`, false)
  }
}

function problemOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return (
    {
      EACCES: 'no permission to read it',
      ENOENT: 'a broken symbolic link',
      ELOOP: 'a symbolic link that points to itself',
    }[code] ?? code
  )
}
