/** The columns of the matrix, known to whoever draws it without the checks that fill it. */

import { LINKS, type Link } from '../domain/resources.ts'

/** The links that a signal passes. */
export type ChainLink = Exclude<Link, 'dashboard'>

/** In the order of the signal. */
export const CHAIN_LINKS: readonly ChainLink[] = LINKS.filter((link): link is ChainLink => link !== 'dashboard')
