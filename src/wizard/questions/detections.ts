/** Which detections page: packs and single ones, with what each would have done in the past where that is known. */

import { catalogue } from '../../detections/catalogue.ts'
import type { Detection } from '../../detections/detection.ts'
import { packs, selectDetections, wordsFor } from '../../detections/select.ts'
import type { InitOptions } from '../../options/command-options.ts'
import type { Choice } from '../../ports.ts'
import type { PastResult } from '../lookups.ts'
import type { Question } from '../question.ts'
import { pagesAWeek, pastPages, quieten } from './past.ts'

export const detections: Question = {
  heading: 'Detections',
  title: 'The detections',
  message: 'Which detections should page?',
  options: ['detections', 'exclude'],
  isOpen: ({ detections, filterPattern }) => detections === undefined && filterPattern === undefined,
  async ask(options, asking) {
    const past = await pastPages(options, asking)
    const preset = presetOf(options, asking.former)
    const quieted = await quieten(options, past, preset, asking)
    const ticked = new Set(preset.filter((id) => !quieted.left.has(id)))
    const excluded = new Set(options.exclude ?? [])
    const shown = catalogue.filter(({ id }) => !excluded.has(id))
    // What is ticked stands first, so that the list begins with what is going to page.
    const rows = [true, false].flatMap((checked) => shown.filter(({ id }) => ticked.has(id) === checked))
    const picked = await asking.prompter.checkbox({
      message: detections.message,
      choices: rows.map((one) => choiceOf(one, ticked.has(one.id), past.get(one.id))),
      groups: packs.map(({ name, detections: members }) => ({
        name,
        values: members.map(({ id }) => id).filter((id) => !excluded.has(id)),
      })),
      left: (picked) => asking.draft({ detections: picked }),
    })
    // Beside a pattern of one's own packs are not taken.
    return { ...quieted.options, detections: options.filterPattern === undefined ? wordsFor(picked) : picked }
  },
  answer({ detections = ['recommended'], filterName, filterPattern }) {
    const own = filterPattern === undefined ? [] : [filterName ?? 'one of your own']
    return [...(filterPattern === undefined || detections[0] !== 'recommended' ? detections : []), ...own].join(', ')
  },
}

/** What was chosen before, or what is recommended. */
function presetOf({ exclude }: InitOptions, former: InitOptions): readonly string[] {
  const words = former.detections ?? ['recommended']
  return words.length === 0 ? [] : selectDetections(words, exclude).map(({ id }) => id)
}

function choiceOf(detection: Detection, checked: boolean, past: PastResult | undefined): Choice<string> {
  const { id, severity, title } = detection
  return {
    value: id,
    name: past === undefined ? id : `${id.padEnd(32)} ${pagesAWeek(past)}`,
    description: `${severity.padEnd(8)}  ${title}`,
    details: detailsOf(detection),
    checked,
  }
}

/** What it is for, and what is lost without it. */
function detailsOf({ urgency, whyItMatters, firstLook, knownNoise, packs: controls }: Detection): string {
  const benchmarks = controls.map(({ pack, control }) => `${pack} ${control}`)
  return [
    `${urgency === 'page' ? 'Pages' : 'Makes a low-urgency ticket'}. ${whyItMatters}`,
    `First look: ${firstLook}`,
    ...(knownNoise.length === 0 ? [] : [`Known noise: ${knownNoise.join(' ')}`]),
    `Without it no one is told of this${benchmarks.length === 0 ? '' : `, and these controls stay open: ${benchmarks.join(', ')}`}.`,
  ].join('\n')
}
