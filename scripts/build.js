/** Bundles the program: one chunk a command, dependencies included, so that a cold `npx` installs this package alone. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'

const OUT = 'dist'

await rm(OUT, { recursive: true, force: true })
const { metafile } = await build({
  entryPoints: { main: 'src/main.ts', 'setup-yaml': 'src/options/setup-yaml.ts' },
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Stack traces in bug reports have to be readable.
  minifyWhitespace: true,
  minifySyntax: true,
  keepNames: true,
  legalComments: 'none',
  chunkNames: 'chunks/[name]-[hash]',
  metafile: true,
  // Some dependencies are CommonJS and ask for Node's own modules by require().
  banner: {
    js: "import{createRequire as cloudtrailPdRequire}from'node:module';const require=cloudtrailPdRequire(import.meta.url);",
  },
})

const { setupSchema } = await import('../dist/setup-yaml.js')
await writeFile(`${OUT}/setup.schema.json`, `${JSON.stringify(setupSchema(), undefined, 2)}\n`)

await writeFile(`${OUT}/LICENSES.txt`, await licenses(Object.keys(metafile.inputs)))

const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0)
console.log(`${Object.keys(metafile.outputs).length} files, ${Math.round(bytes / 1024)} KiB`)

/** The licence texts of everything that was bundled: most of them ask to be handed on. */
async function licenses(inputs) {
  const folders = inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [])
  const texts = await Promise.all([...new Set(folders)].sort().map(licenseOf))
  return `${texts.join('\n')}`
}

async function licenseOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'))
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? '' : await readFile(`${folder}/${file}`, 'utf8')
  return `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${text.trim()}\n`
}
