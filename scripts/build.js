/** Bundles the program: one chunk a command, dependencies included, so that a cold `npx` installs this package alone. */
import { rm, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'

const OUT = 'dist'

await rm(OUT, { recursive: true, force: true })
const { metafile } = await build({
  entryPoints: { main: 'src/main.ts', 'setup-file': 'src/options/setup-file.ts' },
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

const { setupFileSchema } = await import('../dist/setup-file.js')
await writeFile(`${OUT}/setup.schema.json`, `${JSON.stringify(await setupFileSchema(), undefined, 2)}\n`)

const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0)
console.log(`${Object.keys(metafile.outputs).length} files, ${Math.round(bytes / 1024)} KiB`)
