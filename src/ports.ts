/** What the core may ask of the world around it: small interfaces, no code. */

/** Time as the run sees it; the sandbox and the tests move it faster than the wall. */
export interface Clock {
  now(): Date
  /** Resolves after `milliseconds` of this clock; rejects with the signal's reason when it aborts first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** Files of the person: setup files, key files, reports. Paths are taken as the shell gave them. */
export interface Files {
  /** The whole text; rejects with a Node error (`ENOENT`, `EACCES`, …) when it cannot be read. `-` is standard input. */
  read(path: string): Promise<string>
  /** The bytes as they come, for files that need not fit into memory; fails as `read` does, with the first or a later one. */
  bytes(path: string): AsyncIterable<Uint8Array>
  /**
   * The files at and below a path, in the order of their names. A folder is entered once, so links that lead back end;
   * what cannot be read is given with its problem. Rejects as `read` does when there is nothing at the path.
   * Undefined: there are no folders.
   */
  under?(path: string): AsyncIterable<FoundFile>
  /** Whether other users of this machine may read the file; undefined where that is unknown, as on Windows. */
  readableByOthers?(path: string): Promise<boolean | undefined>
  /**
   * The beginning of the file that `write` would replace, empty where that is none or a device. Rejects as `write`
   * would, as far as that can be told before. Undefined: it cannot.
   */
  toReplace?(path: string): Promise<string>
  /** Writes the whole text, given at once or in pieces; `mode` defaults to 0644. */
  write(path: string, text: string | Iterable<string>, mode?: number): Promise<void>
  /** Writes the text after what the file holds; `mode` is that of a file that is not there. */
  append(path: string, text: string, mode?: number): Promise<void>
}

export interface FoundFile {
  readonly path: string
  /** Its size. */
  readonly bytes: number
  /** Why it, or the folder, cannot be read. */
  readonly problem?: string
}

/** Work that is done on another core. Questions and answers are copied: plain data alone. */
export interface Thread<Question, Answer> {
  /** Rejects when the thread has ended. */
  ask(question: Question): Promise<Answer>
  end(): void
}

/** Starts threads that search files; `setup` is copied too. None: there is one core alone. */
export type StartSearch = <Question, Answer>(setup: unknown) => Promise<readonly Thread<Question, Answer>[]>

export type Env = Readonly<Record<string, string | undefined>>

/** One answer that a person can pick. */
export interface Choice<T> {
  readonly value: T
  readonly name: string
  /** One line that says what this choice means. */
  readonly description?: string
  readonly disabled?: string
  readonly checked?: boolean
  /** Stays in a search that it does not match: a way out of the list. */
  readonly always?: boolean
  /** What `?` shows of it: a few lines. */
  readonly details?: string
}

/** Choices that can be picked by one name. */
export interface ChoiceGroup<T> {
  readonly name: string
  readonly values: readonly T[]
}

/** What every question has. */
interface Asked {
  readonly message: string
  /** Esc, or "back" where lines are typed, rejects with `WentBack`. */
  readonly back?: boolean
}

export interface AskedForMany<T> {
  readonly choices: readonly Choice<T>[]
  readonly groups?: readonly ChoiceGroup<T>[]
  /** Told of what is picked when the person goes back. */
  left?(picked: readonly T[]): void
}

interface AskedForText extends Asked {
  validate?(text: string): string | true
}

/** Asks a person. Every method rejects with `Cancelled` on Ctrl-C or when the input ends. */
export interface Prompter {
  select<T>(question: Asked & { readonly choices: readonly Choice<T>[]; readonly default?: T }): Promise<T>
  /** One or more of many; a group picks or drops all of its choices at once. */
  checkbox<T>(question: Asked & AskedForMany<T>): Promise<readonly T[]>
  /** `pasted` makes an answer of a key, token or integration URL that was pasted to search for: it is not drawn. */
  search<T>(
    question: Asked & { readonly choices: readonly Choice<T>[]; readonly default?: T; pasted?(text: string): T },
  ): Promise<T>
  input(question: AskedForText & { readonly default?: string }): Promise<string>
  /** Never echoed. `shown` says what was given without giving it away, for the answered line. */
  secret(question: AskedForText & { shown?(text: string): string }): Promise<string>
  confirm(question: Asked & { readonly default: boolean }): Promise<boolean>
}

/** Where progress goes: stderr, as a spinner on a terminal and as plain lines elsewhere. */
export interface Progress {
  /** Says that something has begun or moved on; `label` names the link, `text` what is happening to it. */
  working(label: string, text: string): void
  /** Ends what `working` began under this label. */
  done(label: string, mark: 'good' | 'bad' | 'warn' | 'skip', text: string): void
  /** A sentence for the person that is neither result nor prompt, behind a mark or its own indent; wrapped between words. */
  note(text: string, mark?: Mark): void
  /** A question that was answered without being asked, as an answered prompt looks. */
  answered(message: string, answer: string): void
  /** A block for the person, such as a plan before it is approved. */
  show(render: (theme: Theme, width: number) => string): void
  /** One line of `--verbose`; dropped otherwise. */
  trace(text: string): void
}

/** What a hop, check or step stands at, or what a plan does to a resource. */
export type Mark = 'good' | 'bad' | 'warn' | 'skip' | 'working' | 'create' | 'update' | 'delete' | 'keep'

/** Meanings, not colours: what a text is to the reader. */
export interface Theme {
  readonly coloured: boolean
  /** Marks and lines beyond ASCII may be used. */
  readonly unicode: boolean
  /** A plain word above a block. */
  heading(text: string): string
  good(text: string): string
  bad(text: string): string
  warn(text: string): string
  /** Beside the point. */
  quiet(text: string): string
  /** A command that can be pasted. */
  command(text: string): string
  /** Links can be opened from a text; otherwise the address has to be shown. */
  readonly links: boolean
  /** The text, opening this address where that can be. */
  link(text: string, url: string): string
  /** The sign of a state: one column wide, two in ASCII. */
  mark(mark: Mark): string
  /** Marks a cut: `…` or `...`. */
  readonly ellipsis: string
  /** Between two facts on one line: ` · ` or ` - `. */
  readonly dot: string
  readonly arrow: string
}
