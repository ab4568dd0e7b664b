import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { withRepository } from '../../scripts/repository.js'

const GITHUB = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'someone/some.thing' }

describe('a release', () => {
  it('names the repository that its workflow runs in, and keeps the rest of the manifest', () => {
    expect(withRepository({ name: 'cloudtrail-pd', version: '1.2.3' }, GITHUB)).toEqual({
      name: 'cloudtrail-pd',
      version: '1.2.3',
      repository: { type: 'git', url: 'git+https://github.com/someone/some.thing.git' },
      bugs: { url: 'https://github.com/someone/some.thing/issues' },
      homepage: 'https://github.com/someone/some.thing#readme',
    })
  })

  it.each([
    [{}, 'GITHUB_SERVER_URL is not an https address: ""'],
    [{ ...GITHUB, GITHUB_SERVER_URL: 'http://github.com' }, 'GITHUB_SERVER_URL is not an https address'],
    [{ ...GITHUB, GITHUB_REPOSITORY: 'someone' }, 'GITHUB_REPOSITORY is not OWNER/NAME: "someone"'],
  ])('is refused outside of a workflow: %j', (env, message) => {
    expect(() => withRepository({}, env)).toThrow(message)
  })

  it('is the only one to ask for provenance: npm refuses it where no repository is named', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(manifest.publishConfig).toEqual({ access: 'public' })
    expect(readFileSync('.github/workflows/release.yml', 'utf8')).toMatch(/NPM_CONFIG_PROVENANCE: .true./)
  })
})
