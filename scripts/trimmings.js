/** What dependencies bring along and this program never reaches, or reaches seldom: kept out of the bundle, or loaded on first use. */

import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

const EMPTY = 'cloudtrail-pd-empty'
const FIRST_USE = 'cloudtrail-pd-first-use'
const ELSEWHERE = 'cloudtrail-pd-elsewhere'

/** Modules that are reached from one dependency alone and never run here. */
const UNREACHED = [
  // commander starts subcommands that are programs of their own; there is none here.
  { module: /^node:child_process$/, from: /node_modules\/commander\// },
  // node-fetch takes Node's own URL, and this only where there is none.
  { module: /^whatwg-url$/, from: /node_modules\/node-fetch\// },
  // The editor prompt, which nobody is shown, carries every character set that there is.
  { module: /^@inquirer\/external-editor$/, from: /node_modules\/@inquirer\/editor\// },
  // zod speaks some fifty languages; English comes by another way.
  { module: /^\.\.\/locales\/index\.js$/, from: /node_modules\/zod\/v4\// },
]

/** Modules that our own code reaches seldom, as a stand-in that loads the real one when it is called. */
const ON_FIRST_USE = {
  // Its Unicode tables take 30 ms to build, and most runs measure nothing but narrow characters.
  'string-width': "export default (text) => require('string-width').default(text)",
  // Most texts fit.
  'cli-truncate': "export default (...words) => require('cli-truncate').default(...words)",
  // A pipe gets no colours.
  chalk: "export function Chalk(options) { return new (require('chalk').Chalk)(options) }",
}

export const trimmings = {
  name: 'trimmings',
  setup(build) {
    for (const { module, from } of UNREACHED) {
      build.onResolve({ filter: module }, ({ importer, path }) =>
        from.test(importer) ? { path, namespace: EMPTY } : undefined,
      )
    }
    build.onLoad({ filter: /.*/, namespace: EMPTY }, () => ({ contents: 'module.exports = {}', loader: 'js' }))

    // Seventy spinners are as long as the rest of ora.
    build.onLoad({ filter: /cli-spinners\/spinners\.json$/ }, async ({ path }) => {
      const { dots, line } = JSON.parse(await readFile(path, 'utf8'))
      return { contents: JSON.stringify({ dots, line }), loader: 'json' }
    })

    build.onResolve({ filter: /^(string-width|cli-truncate|chalk)$/ }, ({ importer, path }) =>
      /\/src\/ui\//.test(importer) ? { path, namespace: FIRST_USE } : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: FIRST_USE }, ({ path }) => ({
      contents: ON_FIRST_USE[path],
      loader: 'js',
      resolveDir: process.cwd(),
    }))
  },
}

/** Whether there is colour is settled before chalk is asked; its own look at the streams would open all three of them at start. */
export const settledColour = {
  name: 'settled-colour',
  setup(build) {
    build.onResolve({ filter: /^#supports-color$/ }, ({ path }) => ({ path, namespace: EMPTY }))
  },
}

/**
 * Where the modules are that a bundle loads lazily: `here`, in a file that stands `beside` it under the module's own name
 * and belongs to another bundle, or `elsewhere`, because no command of this bundle reaches them.
 */
export function lazily(placeOf) {
  return {
    name: 'lazily',
    setup(build) {
      build.onResolve({ filter: /^(\..*\.ts|@inquirer\/prompts)$/ }, ({ kind, path }) => {
        const place = kind === 'dynamic-import' ? placeOf(path) : 'here'
        if (place === 'beside') return { path: `./${basename(path, '.ts')}.js`, external: true }
        return place === 'elsewhere' ? { path, namespace: ELSEWHERE } : undefined
      })
      build.onLoad({ filter: /.*/, namespace: ELSEWHERE }, ({ path }) => ({
        contents: `throw new Error(${JSON.stringify(`${path} is in another bundle`)})`,
      }))
    },
  }
}
