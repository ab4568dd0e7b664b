/** Names the repository that a release is made from in package.json: npm accepts a provenance statement only if it names the same one. */

import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/**
 * The manifest with `repository`, `bugs` and `homepage` of the repository that the workflow runs in, taken from the variables
 * that GitHub Actions sets. Throws where they are missing or of another form.
 */
export function withRepository(manifest, { GITHUB_SERVER_URL: server = '', GITHUB_REPOSITORY: repository = '' }) {
  if (!/^https:\/\/[\w.-]+$/.test(server)) throw new Error(`GITHUB_SERVER_URL is not an https address: "${server}"`)
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new Error(`GITHUB_REPOSITORY is not OWNER/NAME: "${repository}"`)
  const page = `${server}/${repository}`
  return {
    ...manifest,
    repository: { type: 'git', url: `git+${page}.git` },
    bugs: { url: `${page}/issues` },
    homepage: `${page}#readme`,
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
  writeFileSync('package.json', `${JSON.stringify(withRepository(manifest, process.env), undefined, 2)}\n`)
}
