/** Runs `destroy` as a script does, and reads its document. */

import type { Account } from '../../support/tool.ts'

export interface DestroyJson {
  readonly planned?: readonly string[]
  readonly deleted: readonly string[]
  readonly kept: readonly { readonly resource: string; readonly why: string }[]
  readonly failed: readonly { readonly resource: string; readonly why: string }[]
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string | null }
}

export async function destroyWith(aws: Account, flags: readonly string[]) {
  const { exit, stdout, json } = await aws.run(['destroy', '--yes', '--json', ...flags])
  return { exit, stdout, json: json() as unknown as DestroyJson }
}

/** Why this resource was kept; undefined when it was not. */
export function whyKept({ kept }: DestroyJson, name: string): string | undefined {
  return kept.find(({ resource }) => resource === name)?.why
}
