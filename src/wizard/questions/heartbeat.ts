/** Whether somebody is paged when no events arrive any more. */

import { HEARTBEAT_MINUTES, heartbeatFor } from '../../plan/silence.ts'
import type { Choice } from '../../ports.ts'
import type { Question } from '../question.ts'

export const heartbeat: Question = {
  title: 'When the chain falls silent',
  message: 'Page when no events arrive from CloudTrail?',
  options: ['heartbeat'],
  isOpen: ({ heartbeat }) => heartbeat === undefined,
  async ask(options, { prompter, look, former }) {
    const quiet = await look.longestSilence?.(options.trail)
    const proposed = quiet === undefined ? HEARTBEAT_MINUTES : heartbeatFor(quiet)
    const minutes = Math.max(HEARTBEAT_MINUTES, proposed ?? 0)
    const because =
      quiet === undefined
        ? 'pages at once where no events arrive yet; '
        : `longest silence in two weeks: ${quiet} minutes; `
    const on: Choice<number> = {
      value: minutes,
      name: `After ${minutes} minutes of silence`,
      description: `${because}$0.10 a month`,
    }
    const off: Choice<number> = {
      value: 0,
      name: 'No',
      description:
        proposed === undefined ? `${because}it would page for nothing` : 'only doctor notices a chain that fell silent',
    }
    const choices = proposed === undefined ? [off, on] : [on, off]
    const preset = former.heartbeat === undefined ? {} : { default: former.heartbeat === 0 ? 0 : minutes }
    return { ...options, heartbeat: await prompter.select({ message: heartbeat.message, choices, ...preset }) }
  },
  answer({ heartbeat = 0 }) {
    return heartbeat === 0 ? 'no' : `after ${heartbeat} minutes of silence`
  },
}
