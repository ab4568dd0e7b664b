/** Where detections of urgency `ticket` go, so that they wake no one. */

import { lookedUp } from '../../domain/destination.ts'
import { readRoute } from '../../domain/route.ts'
import { ROUTE_HELP } from '../../domain/route-help.ts'
import type { InitOptions } from '../../options/command-options.ts'
import { setupOf } from '../../options/setup.ts'
import { lookUpTicketUrl } from '../pagerduty.ts'
import { type Question, usageErrorOf } from '../question.ts'
import { shownEndpoint } from './shown-endpoint.ts'

/** Asked unbidden only of those who are signed in and chose such detections. */
export const tickets: Question = {
  title: 'Where low-urgency tickets go',
  message: 'Where should low-urgency detections go?',
  options: ['lowUrgencyIntegrationUrl'],
  isOpen: (options) =>
    options.lowUrgencyIntegrationUrl === undefined && lookedUp(options) !== undefined && hasTickets(options),
  isOffered: hasTickets,
  async ask(options, asking) {
    const { pagerduty } = asking.look
    const canLookUp = pagerduty?.hasToken() === true
    const { lowUrgencyIntegrationUrl: before } = asking.former
    const where = await asking.prompter.select<'keep' | 'same' | 'service' | 'url'>({
      message: tickets.message,
      choices: [
        ...(before === undefined
          ? []
          : [{ value: 'keep' as const, name: 'Keep what was answered', description: tickets.answer(asking.former) }]),
        { value: 'same', name: 'Where pages go' },
        ...(canLookUp
          ? [{ value: 'service' as const, name: 'To another service', description: 'uses a separate SNS topic' }]
          : []),
        { value: 'url', name: 'To an integration URL', description: 'uses a separate SNS topic' },
      ],
    })
    if (where === 'same') return options
    if (where === 'keep') return { ...options, lowUrgencyIntegrationUrl: before }
    const url =
      where === 'service' && pagerduty !== undefined
        ? await lookUpTicketUrl(options, asking, pagerduty)
        : await askUrl(asking)
    return url === undefined ? options : { ...options, lowUrgencyIntegrationUrl: url }
  },
  answer({ lowUrgencyIntegrationUrl: url }) {
    return url === undefined ? 'where pages go' : shownEndpoint(readRoute({ url }))
  },
}

async function askUrl({ prompter, progress }: Parameters<Question['ask']>[1]): Promise<string> {
  progress.note(`  ${ROUTE_HELP.service.where}`)
  const text = await prompter.secret({
    message: 'Integration URL for low urgency:',
    validate: (typed) =>
      /^https?:/i.test(typed.trim())
        ? (usageErrorOf(() => readRoute({ url: typed.trim() })) ?? true)
        : 'paste the whole Integration URL: it begins with https://',
    shown: (typed) => shownEndpoint(readRoute({ url: typed.trim() })),
  })
  return text.trim()
}

/** Throws where the answers contradict each other. */
function hasTickets(options: InitOptions): boolean {
  return setupOf(options).setup.detections.some(({ urgency }) => urgency === 'ticket')
}
