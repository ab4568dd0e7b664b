/** Lists in schemas: what writes a document never changes one. */

import { z } from 'zod'

export const list = <T extends z.ZodType>(item: T) => z.array(item).readonly()

export const texts = list(z.string())
