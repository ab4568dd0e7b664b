/** Where the events come from: the trail that would be taken unasked, another one, or a new one. */

import { DEFAULT_NAME } from '../../domain/names.ts'
import type { InitOptions } from '../../options/command-options.ts'
import type { Choice, Prompter } from '../../ports.ts'
import type { TrailLookup, WizardContext } from '../lookups.ts'
import { judgedAs, type Question } from '../question.ts'

export const trail: Question = {
  heading: 'CloudTrail',
  title: 'The trail',
  message: 'Where do the events come from?',
  options: ['trail', 'createTrail', 'trailBucket', 'organization'],
  isOpen: ({ trail, createTrail }) => trail === undefined && createTrail === undefined,
  async ask(options, asking) {
    const { look, prompter, progress, former, isPicked } = asking
    const trails = await look.trails()
    const own = freeName(options.name ?? DEFAULT_NAME, trails)
    if (trails.length === 0) {
      const named = isPicked === true ? await askName(former.createTrail, own, prompter) : undefined
      progress.note(`  No trail found: ${named ?? own} will be created, with a bucket and a log group.`)
      return withOrganization(named === undefined ? options : { ...options, createTrail: named }, asking)
    }
    const best = trails.find((one) => one.best)
    if (best !== undefined) {
      progress.note(
        `  ${trails.length === 1 ? '1 trail' : `${trails.length} trails`} found. ${best.name}: ${best.choiceText}.`,
      )
      const moves = best.elsewhere === undefined ? '' : ` It is in ${best.elsewhere}; all resources are created there.`
      const isOther =
        former.createTrail !== undefined || trails.some((one) => one !== best && one.name === former.trail)
      if (await prompter.confirm({ message: `Take events from ${best.name}?${moves}`, default: !isOther })) {
        return { ...options, trail: best.name }
      }
    }
    // What was refused a moment ago stands last, where Enter does not take it.
    const others = trails.filter((one) => one !== best)
    const usable = others.filter(({ unusable }) => unusable === undefined)
    const rest = others.filter(({ unusable }) => unusable !== undefined)
    const refused = best === undefined ? [] : [trailChoice(best)]
    const before = former.createTrail === undefined ? former.trail : NEW
    const picked = await prompter.select({
      message: trail.message,
      choices: [...usable.map(trailChoice), newTrail(own, trails), ...rest.map(trailChoice), ...refused],
      ...(before === undefined || before === best?.name ? {} : { default: before }),
    })
    if (picked !== NEW) return { ...options, trail: picked }
    return withOrganization({ ...options, createTrail: own }, asking)
  },
  answer: ({ trail, createTrail, organization }) => {
    const named = trail ?? (createTrail === undefined ? 'the best trail, or a new one' : `a new trail, ${createTrail}`)
    return organization === true ? `${named}, of every account of the organization` : named
  },
}

/** The choice of a trail that is not there; undefined would be the default of a list without one. */
const NEW = null

/** Undefined: the name that it has unasked. */
async function askName(former: string | undefined, own: string, prompter: Prompter): Promise<string | undefined> {
  const typed = await prompter.input({
    message: 'Name of the new trail:',
    default: former ?? own,
    validate: judgedAs('createTrail', 'the name'),
  })
  return typed.trim() === own ? undefined : typed.trim()
}

/** The name of a trail that is not there yet. */
function freeName(wanted: string, trails: readonly TrailLookup[]): string {
  const taken = new Set(trails.map(({ name }) => name))
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`
    if (!taken.has(name)) return name
  }
}

/** Only the management account can create an organization trail, so only there it is a question. */
async function withOrganization(options: InitOptions, { look, prompter, former }: WizardContext): Promise<InitOptions> {
  if (options.organization !== undefined || (await look.managesOrganization?.()) !== true) return options
  const organization = await prompter.confirm({
    message: 'This is the management account. Should the trail record every account of the organization?',
    default: former.organization ?? false,
  })
  return { ...options, organization }
}

function trailChoice({ name, choiceText, unusable, elsewhere }: TrailLookup): Choice<string | typeof NEW> {
  const description =
    elsewhere === undefined ? choiceText : `${choiceText}; in ${elsewhere}, where all resources are created`
  return { value: name, name, description, ...(unusable === undefined ? {} : { disabled: unusable }) }
}

function newTrail(name: string, others: readonly TrailLookup[]): Choice<string | typeof NEW> {
  const choice = { value: NEW, name: `A new trail, ${name}` }
  const isCopy = others.some(({ deliversEvents }) => deliversEvents === true)
  if (!isCopy && others.every(({ deliversEvents }) => deliversEvents === false)) return choice
  return { ...choice, description: `a second copy of the events ${isCopy ? 'is' : 'may be'} charged` }
}
