/** The columns of the matrix, known to whoever draws it without the checks that fill it. */

/** The hops of the matrix, in the order of the signal. */
export const HOPS = [
  'trail',
  'delivery',
  'log-group',
  'metric-filter',
  'alarm',
  'topic',
  'subscription',
  'pagerduty',
] as const
export type Hop = (typeof HOPS)[number]
