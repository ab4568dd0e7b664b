/** Writing a file in one step: a process that dies, or a disk that is full, leaves the old file as it was. */

import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Replaces `path` by the text, given at once or in pieces; makes its folder first where `makeFolder` says so. What is no
 * regular file (`/dev/stdout`, a pipe) is written to as it stands. Throws Node's error; no draft is left behind.
 */
export function writeAtomically(
  path: string,
  text: string | Iterable<string>,
  { mode, makeFolder = false }: { readonly mode: number; readonly makeFolder?: boolean },
): void {
  if (makeFolder) mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const there = statSync(path, { throwIfNoEntry: false })
  if (there !== undefined && !there.isFile()) {
    writePieces(path, text, mode)
    return
  }
  const draft = `${path}.${process.pid}.tmp`
  try {
    writePieces(draft, text, mode)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

function writePieces(path: string, text: string | Iterable<string>, mode: number): void {
  const file = openSync(path, 'w', mode)
  try {
    for (const piece of typeof text === 'string' ? [text] : text) writeFileSync(file, piece)
  } finally {
    closeSync(file)
  }
}
