/** Where a check is explained: its anchor on the page of checks, in the repository that this version was released from. */

import manifest from '../../package.json' with { type: 'json' }

interface Release {
  readonly version: string
  readonly homepage?: string
}

/** Undefined where package.json names no repository: a release writes it there. */
export function checkPage(check: string, { version, homepage = '' }: Release = manifest): string | undefined {
  const [, repository] = /^(https:\/\/[^#]+)#readme$/.exec(homepage) ?? []
  return repository === undefined ? undefined : `${repository}/blob/v${version}/docs/checks.md#${check}`
}
