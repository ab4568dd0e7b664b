/** Bundles the program, dependencies included, so that a cold `npx` installs this package alone: a front that answers help and mistyped lines, and one chunk a command. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'
import { lazily, settledColour, trimmings } from './trimmings.js'

const OUT = 'dist'
const { version } = JSON.parse(await readFile('package.json', 'utf8'))

const SETTINGS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // The ES modules of the SDK let go of the operations that nobody calls; its CommonJS ones cannot.
  mainFields: ['module', 'main'],
  // Stack traces in bug reports have to be readable.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  metafile: true,
  // commander is CommonJS and asks by require() for modules of Node alone.
  banner: { js: 'const require=process.getBuiltinModule;' },
}

/** Bundles of what reaches nothing beyond files, and the folders of its commands; shells complete the ids of the detections. */
const OFFLINE = { detections: ['detections', 'completion'], files: ['pattern', 'backtest'] }
/** Of these there is nothing else; a backtest may also ask AWS. */
const ALWAYS_OFFLINE = [...OFFLINE.detections, 'pattern']
const isOf = (folders, path) => folders.some((folder) => path.includes(`/commands/${folder}/`))

/** What the front loads stands beside it, but for what it writes files with: that is small and asks for nothing. */
const inFront = (path) => {
  if (path.endsWith('/atomic-file.ts')) return 'here'
  return /\/(start-up\/.*|run-command)\.ts$/.test(path) ? 'beside' : 'elsewhere'
}

/** What throws or catches errors of ours is taken in: in the file beside is another copy of their classes. */
const inGroup = (folders) => (path) => {
  if (isOf(folders, path) || /\/(plain-prompter|backtest\/page\/page)\.ts$/.test(path)) return 'here'
  return path.endsWith('/spinner.ts') ? 'beside' : 'elsewhere'
}

const inRunner = (path) => (isOf(ALWAYS_OFFLINE, path) ? 'elsewhere' : 'here')

await rm(OUT, { recursive: true, force: true })
const built = await Promise.all([
  // One file each, because every further file costs a start about a millisecond.
  build({
    ...SETTINGS,
    entryPoints: { main: 'src/cli/main.ts' },
    outdir: OUT,
    plugins: [trimmings, settledColour, lazily(inFront)],
  }),
  ...Object.entries(OFFLINE).map(([group, folders]) =>
    build({
      ...SETTINGS,
      entryPoints: { [group]: `src/cli/start-up/${group}.ts` },
      outdir: OUT,
      plugins: [trimmings, settledColour, lazily(inGroup(folders))],
    }),
  ),
  // The threads begin with it.
  build({
    ...SETTINGS,
    entryPoints: { search: 'src/cli/start-up/search.ts' },
    outdir: OUT,
    plugins: [trimmings],
  }),
  build({
    ...SETTINGS,
    entryPoints: {
      'run-command': 'src/cli/run-command.ts',
      spinner: 'src/ui/spinner.ts',
      'plain-prompter': 'src/ui/plain-prompter.ts',
      'setup-yaml': 'src/options/setup-yaml.ts',
    },
    outdir: OUT,
    splitting: true,
    // Others ask for packages too, and go on without them.
    banner: {
      js: "const require=process.getBuiltinModule('node:module').createRequire(import.meta.url);",
    },
    // Some libraries go by the names of their classes; the other bundles do not need what this costs at start.
    keepNames: true,
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [trimmings, lazily(inRunner)],
  }),
])
const inputs = Object.assign({}, ...built.map(({ metafile }) => metafile.inputs))
const outputs = Object.assign({}, ...built.map(({ metafile }) => metafile.outputs))

const { helpPages } = await import('../dist/main.js')
await writeFile(`${OUT}/pages.json`, JSON.stringify(helpPages()))
// The manual page is made once, so what makes it stays out of the package.
const maker = `${OUT}/man-page.js`
await build({ ...SETTINGS, metafile: false, entryPoints: ['src/cli/man-page.ts'], outfile: maker })
const { manPage } = await import(`../${maker}`)
await rm(maker)
await writeFile(`${OUT}/cloudtrail-pd.1`, manPage(version))
const { setupSchema } = await import('../dist/setup-yaml.js')
await writeFile(`${OUT}/setup.schema.json`, `${JSON.stringify(setupSchema(), undefined, 2)}\n`)
await writeFile(`${OUT}/LICENSES.txt`, await licenses(Object.keys(inputs)))
// What is loaded when, for the test that holds every command to its own code.
if (process.env.BUILD_METAFILE) await writeFile(process.env.BUILD_METAFILE, JSON.stringify({ inputs, outputs }))

const bytes = Object.values(outputs).reduce((sum, output) => sum + output.bytes, 0)
console.log(`${Object.keys(outputs).length} files, ${Math.round(bytes / 1024)} KiB`)

/** The licence texts of everything that was bundled: most of them ask to be handed on. A text that several share stands once. */
async function licenses(inputs) {
  const folders = inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [])
  const texts = new Map()
  for (const folder of [...new Set(folders)].sort()) {
    const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'))
    const text = await textOf(folder)
    texts.set(text, [...(texts.get(text) ?? []), `${name} ${version} (${license})`])
  }
  return [...texts].map(([text, packages]) => `${'-'.repeat(80)}\n${packages.join('\n')}\n\n${text}\n`).join('\n')
}

async function textOf(folder) {
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
  return file === undefined ? '' : (await readFile(`${folder}/${file}`, 'utf8')).trim()
}
