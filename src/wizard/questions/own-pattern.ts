/** A filter pattern of one's own, beside the detections of the catalogue. */

import { judgePattern } from '../../detections/custom.ts'
import { selectDetections } from '../../detections/select.ts'
import { detectionsOf } from '../../options/setup.ts'
import type { WizardContext } from '../lookups.ts'
import { judgedAs, type Question, usageErrorOf } from '../question.ts'

export const ownPattern: Question = {
  title: 'A filter pattern of your own',
  message: 'Filter pattern:',
  options: ['filterPattern', 'filterName'],
  isOpen: () => false,
  async ask(options, asking) {
    const { prompter, progress, former } = asking
    progress.note(
      '  A pattern as CloudWatch Logs takes it, such as { $.eventName = "DeleteBackupVault" }; empty: none.',
    )
    const filterPattern = await askPattern(asking)
    if (filterPattern === '') return options
    // Beside an own pattern packs are not taken, and nothing of the catalogue is meant unless it is named.
    const ids = selectDetections(options.detections ?? ['recommended'], options.exclude).map(({ id }) => id)
    const filterName = await prompter.input({
      message: 'Its name:',
      default: former.filterName ?? 'own-detection',
      validate(text) {
        const verdict = judgedAs('filterName', 'the name')(text)
        if (verdict !== true) return verdict
        return usageErrorOf(() => detectionsOf({ detections: ids, filterPattern, filterName: text.trim() })) ?? true
      },
    })
    return { ...options, detections: ids, filterPattern, filterName: filterName.trim() }
  },
  answer: ({ filterName, filterPattern }) => (filterPattern === undefined ? 'none' : (filterName ?? filterPattern)),
}

/** Empty: none. A dubious one is taken when that was said and seen. */
async function askPattern({ prompter, progress, former }: WizardContext): Promise<string> {
  for (let preset = former.filterPattern; ; ) {
    const typed = await prompter.input({
      message: ownPattern.message,
      ...(preset === undefined ? {} : { default: preset }),
      validate: (text) => text.trim() === '' || (usageErrorOf(() => judgePattern(text.trim())) ?? true),
    })
    const pattern = typed.trim()
    const warnings = pattern === '' ? [] : judgePattern(pattern)
    for (const warning of warnings) progress.note(warning, 'warn')
    if (warnings.length === 0 || (await prompter.confirm({ message: USE_IT, default: false }))) return pattern
    preset = pattern
  }
}

const USE_IT = 'Use it all the same?'
