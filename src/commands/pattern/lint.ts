/** `pattern lint`: what is wrong with a filter pattern. */

import { sampleMessages } from '../../detections/samples.ts'
import { EXIT } from '../../errors.ts'
import type { Body } from '../../json/schemas.ts'
import { lint } from '../../patterns/lint/lint.ts'
import { showLint } from '../../ui/render/lint.ts'
import type { Report } from '../report.ts'

/** Exit 4 when a finding fails; a pattern that AWS would refuse is such a finding. */
export function lintPattern(text: string): Report {
  const { valid, findings } = lint(text, sampleMessages())
  return {
    exit: findings.some(({ status }) => status === 'fail') ? EXIT.findings : EXIT.done,
    json: { valid, findings } satisfies Body<'pattern lint'>,
    text: (theme, width) => showLint(text, { valid, findings }, theme, width),
  }
}
