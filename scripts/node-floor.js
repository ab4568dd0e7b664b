/** Warns when the day has come to leave the oldest Node that is supported (docs/decisions/0009-node-floor.md). Never fails. */

import { pathToFileURL } from 'node:url'

/** The day from which on Node 20 is to be dropped. */
export const MOVES_ON = '2027-01-04'

/** The warning, or undefined while the floor holds. `engines` is that of package.json. */
export function floorWarning(now, engines) {
  if (!/^>=20\b/.test(engines) || now < new Date(`${MOVES_ON}T00:00:00Z`)) return undefined
  return `Node 20 is still supported after ${MOVES_ON}, and the AWS SDK drops it: move the floor as docs/decisions/0009-node-floor.md says`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { default: manifest } = await import('../package.json', { with: { type: 'json' } })
  const warning = floorWarning(new Date(), manifest.engines.node)
  // In GitHub Actions a line of this form is shown on the page of the run.
  if (warning !== undefined)
    console.log(`${process.env.GITHUB_ACTIONS ? '::warning title=Node floor::' : 'warning: '}${warning}`)
}
