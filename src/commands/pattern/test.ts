/** `pattern test`: which messages a filter pattern matches. */

import type { CommandContext } from '../../context.ts'
import { EXIT, usage } from '../../errors.ts'
import type { Body } from '../../json/schemas.ts'
import type { PatternTestOptions } from '../../options/command-options.ts'
import { compile } from '../../patterns/match/match.ts'
import { type MatchedMessage, showMatches } from '../../ui/render/matches.ts'
import type { Report } from '../report.ts'
import { eventReader, fieldWarnings, noRecord, readPattern } from './read.ts'

/** Matches that are shown to a person; scripts get the answer for every message. */
const SHOWN = 20

/** One document of more results than this would not fit into a string. */
const MOST_RESULTS = 5_000_000

/** Without a file it reads standard input. Throws usage errors (exit 2) for a pattern or a file that cannot be read. */
export async function testPattern(
  text: string,
  files: readonly string[],
  options: PatternTestOptions,
  context: Pick<CommandContext, 'files' | 'signal' | 'prompter' | 'progress'>,
): Promise<Report> {
  const { validity, pattern, ...uncertainty } = readPattern(text)
  if (files.length === 0 && context.prompter !== undefined) {
    throw usage('no-files', 'no file of events was named', 'name files, or pipe events in')
  }
  const matches = compile(pattern)
  const reader = eventReader(options.lines === true, context)
  const hits: number[] = []
  const shown: MatchedMessage[] = []
  let count = 0
  for (const path of files.length === 0 ? ['-'] : files) {
    let place = 0
    for await (const batch of reader.read(path)) {
      for (const message of batch) {
        place += 1
        if (matches(message)) {
          hits.push(count)
          if (shown.length < SHOWN) shown.push({ path: files.length > 1 ? path : undefined, place, message })
        }
        count += 1
      }
    }
  }
  // A term finds what it finds in any line; a selector finds nothing in a record that is not there.
  const understood = hits.length > 0 || count === 0 || options.lines === true || pattern.kind !== 'json'
  if (!understood && !reader.sawRecord()) throw noRecord('add --lines to test every line as plain text')
  if (options.json === true && count > MOST_RESULTS) throw tooMany(count)
  // Events of another kind have fields of their own.
  const warnings = count === 0 || reader.sawRecord() ? fieldWarnings(text) : []
  const unit = options.lines === true ? 'line' : 'event'
  return {
    exit: EXIT.done,
    get json() {
      const results = resultsOf(hits, count)
      return { validity, ...(warnings.length === 0 ? {} : { warnings }), results } satisfies Body<'pattern test'>
    },
    text: (theme, width) =>
      showMatches(
        {
          count,
          matched: hits.length,
          unit,
          shown,
          remarks: ['message' in uncertainty ? uncertainty : [], warnings].flat(),
        },
        theme,
        width,
      ),
  }
}

function resultsOf(hits: readonly number[], count: number): Body<'pattern test'>['results'] {
  const matched = new Set(hits)
  return Array.from({ length: count }, (_, index) => ({ index, match: matched.has(index) }))
}

function tooMany(count: number) {
  return usage(
    'too-many-results',
    `one JSON document cannot hold the results of ${count} messages; at most ${MOST_RESULTS} are possible`,
    'leave --json out, or split the input',
  )
}
