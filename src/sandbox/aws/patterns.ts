/** The filter-pattern engine as the sandbox uses it: each pattern is read once. */
import { compile, type Matcher } from '../../patterns/match/match.ts'
import { parsePattern } from '../../patterns/parse/parse.ts'
import type { PatternEngine } from './context.ts'

type Read = { readonly refusal: string } | { readonly matches: Matcher }

/** Takes what is not established, since nobody has seen AWS refuse it. */
export function patternEngine(): PatternEngine {
  const known = new Map<string, Read>()

  function read(pattern: string): Read {
    const held = known.get(pattern) ?? judge(pattern)
    known.set(pattern, held)
    return held
  }

  return {
    refusal(pattern) {
      const held = read(pattern)
      return 'refusal' in held ? held.refusal : undefined
    },
    matches(pattern, message) {
      const held = read(pattern)
      return 'matches' in held && held.matches(message)
    },
  }
}

function judge(pattern: string): Read {
  const parsed = parsePattern(pattern)
  if (parsed.validity !== 'refused') return { matches: compile(parsed.pattern) }
  return { refusal: `column ${parsed.column}: ${parsed.message}` }
}
