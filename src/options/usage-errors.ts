/** Gathers usage errors, so that a person hears of all of them at once. */

import { AppError, EXIT, usage } from '../errors.ts'

export interface UsageErrors {
  /** What `attempt` returns; undefined when it threw a usage error, which is kept. Any other error passes through. */
  collect<T>(attempt: () => T): T | undefined
  /** Throws the one error, or one that says them all. */
  settle(): void
}

export function collectUsageErrors(): UsageErrors {
  const heard: AppError[] = []
  return {
    collect(attempt) {
      try {
        return attempt()
      } catch (error) {
        if (!(error instanceof AppError) || error.exit !== EXIT.usage) throw error
        heard.push(error)
        return undefined
      }
    },
    settle() {
      const [first] = heard
      if (first === undefined) return
      if (heard.length === 1) throw first
      const hints = heard.flatMap(({ hint }) => (hint === undefined ? [] : [hint]))
      throw usage(
        first.code,
        heard.map(({ message }) => message).join('; '),
        hints.length === 0 ? undefined : hints.join('; '),
      )
    },
  }
}
