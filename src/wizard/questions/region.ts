/** The region that trails are looked for in, and everything is created in where the trail does not say otherwise. */

import { judgedAs, type Question } from '../question.ts'

export const region: Question = {
  title: 'The region',
  message: 'In which AWS region?',
  options: ['region'],
  isOpen: () => false,
  async ask(options, { prompter, look, former }) {
    const typed = await prompter.input({
      message: region.message,
      default: former.region ?? look.region ?? 'us-east-1',
      validate: judgedAs('region', 'the region'),
    })
    const chosen = typed.trim()
    const moves = chosen !== (former.region ?? look.region)
    // Trails of one region say nothing about another.
    return { ...options, region: chosen, ...(moves ? { trail: undefined, createTrail: undefined } : {}) }
  },
  answer: ({ region }) => region ?? 'the region of the profile',
}
