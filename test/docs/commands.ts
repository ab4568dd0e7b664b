/** The commands that a page tells its reader to run, line by line, with what it shows of their answers. */

import { type Block, blocksOf } from './markdown.ts'

export interface Written {
  readonly heading: string
  readonly line: number
  /** As it stands, on one line, without a comment at its end. */
  readonly text: string
  /** What the page shows of the answer. */
  readonly shown: readonly string[]
  /** The exit code that the comment names; 0 without one. */
  readonly exit: number
}

/** Languages of blocks that hold commands: `sh`, and what names none and has a line that begins as a command. */
const COMMANDS = /^(?:\$ |npx |npm |export )/m

export function commandsOf(page: string): readonly Written[] {
  return blocksOf(page).flatMap((block) => {
    if (block.language === 'yaml') return workflowCommands(block)
    if (block.language !== 'sh' && !(block.language === '' && COMMANDS.test(block.text))) return []
    return /^\$ /m.test(block.text)
      ? transcript(block)
      : block.text.split(/(?<!\\)\n/).flatMap((line, index) => written(line, block, index))
  })
}

/** Behind `$ ` stands a command, and below it the answer. */
function transcript(block: Block): readonly Written[] {
  return block.text.split(/^\$ /m).flatMap((part, index) => {
    const [line = '', ...shown] = part.split(/(?<!\\)\n/)
    return written(line, block, index).map((one) => ({ ...one, shown: shown.filter((text) => text.trim() !== '') }))
  })
}

/** What a workflow or buildspec runs. */
function workflowCommands(block: Block): readonly Written[] {
  return block.text.split('\n').flatMap((line, index) => {
    const [, command] = /(npx (?:--yes )?cloudtrail-pd .*)$/.exec(line) ?? []
    return command === undefined ? [] : written(command, block, index)
  })
}

function written(line: string, { heading, line: first }: Block, index: number): readonly Written[] {
  const [, command = '', comment = ''] = /^(.*?)(?:(?:^|\s+)# (.*))?$/s.exec(line.trim()) ?? []
  if (command === '') return []
  const exit = Number(/\bexit (\d+)/.exec(comment)?.[1] ?? 0)
  return [{ heading, line: first + index, text: command.replaceAll(/\s*\\\n\s*/g, ' '), shown: [], exit }]
}
