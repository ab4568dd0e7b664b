/** Whether a page may be written: asked before the work whose result it shows. */

import { fileNotWritten, usage } from '../errors.ts'
import type { Files } from '../ports.ts'

/** Throws `file-not-written` (exit 1), and a usage error (exit 2) where something other than a page would be replaced. */
export async function requirePlace(path: string, files: Pick<Files, 'toReplace'>): Promise<void> {
  let there: string | undefined
  try {
    there = await files.toReplace?.(path)
  } catch (error) {
    throw fileNotWritten(path, error)
  }
  if (there && !/^<!doctype html/i.test(there)) {
    throw usage('file-exists', `"${path}" already exists and is no HTML page`, 'name another file')
  }
}
