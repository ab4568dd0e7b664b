/** THE way in which an error is written as JSON: as a document of its own, or beside what a report has. */

import type { AppError } from '../errors.ts'
import type { ErrorBody } from './schemas.ts'

/** The `error` of a document; nothing to do is null. */
export function errorJson({ code, message, hint }: Pick<AppError, 'code' | 'message' | 'hint'>): ErrorBody {
  return { code, message, hint: hint ?? null }
}
