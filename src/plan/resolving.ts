/** When the incidents of a setup resolve, as one sentence: a script never sees the question. */

import { holdSeconds } from '../domain/alarm-arithmetic.ts'
import type { Setup } from './setup.ts'

/** By themselves after the hold of each detection, or never. */
export function resolveText({ autoResolve, detections }: Pick<Setup, 'autoResolve' | 'detections'>): string {
  if (!autoResolve) return 'incidents do not resolve automatically: resolve each by hand'
  const minutes = detections.map(({ paging }) => Math.round(holdSeconds(paging.alarm) / 60))
  const [least, most] = [Math.min(...minutes), Math.max(...minutes)]
  const span = least === most ? `${most}` : `${least} to ${most}`
  return `incidents resolve automatically after ${span} quiet minutes; --hold or --no-auto-resolve changes that`
}
