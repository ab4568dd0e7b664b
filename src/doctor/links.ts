/** The columns of the matrix, known to whoever draws it without the checks that fill it. */

import { LINKS, type Link } from '../domain/resources.ts'

/** The links that a signal passes. */
export type Hop = Exclude<Link, 'dashboard'>

/** In the order of the signal. */
export const HOPS: readonly Hop[] = LINKS.filter((link): link is Hop => link !== 'dashboard')
