/** What a prompter needs of the world, whichever way it asks. */

import type { OutputStream } from './output.ts'
import type { Theme } from './theme.ts'

/** Standard input as a prompt needs it. */
export type InputStream = NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined }

export interface PrompterOptions {
  readonly stdin: InputStream
  readonly stderr: OutputStream
  readonly signal: AbortSignal
  readonly theme: Theme
  /** Called before each prompt: whatever else draws on the terminal has to rest. */
  rest(): void
  /** Until what it returns is called, Ctrl-C that comes as a signal ends the question, as one that comes as a key does, and not the run. */
  takeInterrupt?(end: () => void): () => void
  /** Gets every secret as soon as it was typed. */
  redact(secret: string): void
}
