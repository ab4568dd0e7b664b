/** The questions of the wizard, in the order in which they are asked. */

import type { Question } from './question.ts'
import { destination } from './questions/destination.ts'
import { detections } from './questions/detections.ts'
import { drill } from './questions/drill.ts'
import { heartbeat } from './questions/heartbeat.ts'
import { name } from './questions/name.ts'
import { ownPattern } from './questions/own-pattern.ts'
import { region } from './questions/region.ts'
import { resolving } from './questions/resolving.ts'
import { tickets } from './questions/tickets.ts'
import { trail } from './questions/trail.ts'

/** The last four are asked only of whoever wants to change them. */
export const QUESTIONS: readonly Question[] = [
  destination,
  trail,
  detections,
  tickets,
  resolving,
  heartbeat,
  ownPattern,
  drill,
  name,
  region,
]
