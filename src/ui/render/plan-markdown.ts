/** A plan as Markdown, to paste into a pull request: what happens to what, every value of it, and what it costs. */

import { costsByUse } from '../../plan/cost.ts'
import { detailsOf, differingLines } from '../../plan/details.ts'
import type { Action, Change, Plan } from '../../plan/plan.ts'
import { clean, cleanLine } from '../clean.ts'
import { LABEL, titleOf, totals, watchingText } from './plan.ts'
import { fieldName, withUnit } from './plan-details.ts'

export interface PlanMarkdown {
  readonly plan: Plan
  readonly account: string
  readonly region: string
  /** Each one sentence. */
  readonly notes: readonly string[]
}

const DOES: Readonly<Record<Action, string>> = {
  create: 'create',
  update: 'change',
  delete: 'delete',
  none: 'keep',
  blocked: 'refused',
}

/** The whole document, with a newline at its end. */
export function planMarkdown({ plan, account, region, notes }: PlanMarkdown): string {
  const changes = plan.filter(({ action }) => action !== 'none')
  const kept = plan.filter(({ action }) => action === 'none')
  const byUse = costsByUse(plan)
  return [
    '## CloudTrail to PagerDuty: plan',
    '',
    `Account \`${account}\`, region \`${region}\`. ${totals(plan, { dot: ', ' })}.`,
    ...(watchingText(plan) === '' ? [] : ['', `Of it: ${watchingText(plan)}.`]),
    ...(byUse.length === 0 ? [] : ['', `And by use: ${byUse.join(', ')}.`]),
    ...notes.flatMap((note) => ['', `> ${escaped(note)}`]),
    ...(changes.length === 0 ? ['', 'No changes.'] : changes.flatMap(section)),
    ...(kept.length === 0
      ? []
      : ['', `Kept as they are: ${kept.map(({ resource }) => code(titleOf(resource))).join(', ')}`]),
    '',
  ].join('\n')
}

function section(change: Change): readonly string[] {
  const { action, resource } = change
  const head = `<summary>${DOES[action]} ${LABEL[resource.kind]} <code>${html(titleOf(resource))}</code></summary>`
  const why = change.action === 'delete' || change.action === 'blocked' ? ['', escaped(change.why)] : []
  const fields = detailsOf(change).flatMap((detail) => {
    const name = fieldName(detail.field)
    const to = clean(withUnit(detail, detail.to))
    if (detail.from === undefined)
      return to.includes('\n') ? [`- ${name}:`, ...block('', to)] : [`- ${name}: ${code(to)}`]
    const { gone, fresh } = differingLines(clean(withUnit(detail, detail.from)), to)
    const lines = [...gone.map((line) => `- ${line}`), ...fresh.map((line) => `+ ${line}`)]
    return [`- ${name}:`, ...block('diff', lines.join('\n'))]
  })
  return ['', '<details>', head, ...why, '', ...fields, '', '</details>']
}

/** A block of code in a list item. Its fence is longer than any that the text has. */
function block(language: string, text: string): readonly string[] {
  const fence = '`'.repeat(Math.max(3, 1 + longestRun(text)))
  return ['', ...[`${fence}${language}`, ...text.split('\n'), fence].map((line) => `  ${line}`), '']
}

function code(text: string): string {
  const fence = '`'.repeat(1 + longestRun(text))
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${fence}${space}${cleanLine(text)}${space}${fence}`
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
}

function escaped(text: string): string {
  return html(cleanLine(text)).replaceAll(/[\\`*_[\]|]/g, (sign) => `\\${sign}`)
}

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
