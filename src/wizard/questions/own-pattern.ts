/** A filter pattern of one's own, beside the detections of the catalogue. */

import { selectDetections } from '../../detections/select.ts'
import { detectionsOf } from '../../options/setup.ts'
import { type Question, usageErrorOf } from '../question.ts'

export const ownPattern: Question = {
  title: 'A filter pattern of your own',
  message: 'Filter pattern:',
  options: ['filterPattern', 'filterName'],
  isOpen: () => false,
  async ask(options, { prompter, progress, former }) {
    progress.note(
      '  A pattern as CloudWatch Logs takes it, such as { $.eventName = "DeleteBackupVault" }; empty: none.',
    )
    const preset = (value: string | undefined) => (value === undefined ? {} : { default: value })
    const pattern = await prompter.input({
      message: ownPattern.message,
      ...preset(former.filterPattern),
      validate: (text) =>
        text.trim() === '' ||
        (usageErrorOf(() => detectionsOf({ filterName: 'own', filterPattern: text.trim() })) ?? true),
    })
    if (pattern.trim() === '') return options
    const filterPattern = pattern.trim()
    const filterName = await prompter.input({
      message: 'Its name:',
      default: former.filterName ?? 'own-detection',
      validate: (text) => usageErrorOf(() => detectionsOf({ filterName: text.trim(), filterPattern })) ?? true,
    })
    // Beside an own pattern packs are not taken, and nothing of the catalogue is meant unless it is named.
    const ids = selectDetections(options.detections ?? ['recommended'], options.exclude).map(({ id }) => id)
    return { ...options, detections: ids, filterPattern, filterName: filterName.trim() }
  },
  answer: ({ filterName, filterPattern }) => (filterPattern === undefined ? 'none' : (filterName ?? filterPattern)),
}
