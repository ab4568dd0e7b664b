#!/usr/bin/env node
/** Checks the Node version in words that older versions can still say, answers lines that ask for a page, and starts the bundled program for all others. */

// Nothing is imported here: an import of node:process alone opens all three standard streams.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`cloudtrail-pd needs Node.js 20.19 or newer, and this is ${process.versions.node}\n`)
  process.exit(2)
}

// Pages depend on nothing, so they were made when the package was built; to make one takes longer than to start Node.
const words = process.argv.slice(2)
const line = words
  .join(' ')
  .replace(/^(help)?$/, '--help')
  .replace(/^-v$/, '--version')
  .replace(/^help (?!-)(.*)$/, '$1 --help')
  .replace(/(^| )-h$/, '$1--help')
const isPlain = words.every((word) => /^[a-z-]+$/.test(word))
const page = isPlain && /--(help|version)$/.test(line) ? pages()[line] : undefined
// The pages are as wide as a pipe takes; for a terminal of another width one is made.
if (page === undefined || isOther(process.stdout.columns)) await start()
else process.stdout.on('error', passBrokenPipe).write(page)

function pages() {
  const path = new URL('../dist/pages.json', import.meta.url)
  return JSON.parse(process.getBuiltinModule('node:fs').readFileSync(path, 'utf8'))
}

function isOther(columns = 80) {
  return columns > 0 && columns !== 80
}

/** A reader that has gone away (`| head`) ends the output, not the run; a full disk is one sentence. */
function passBrokenPipe(error) {
  if (error.code === 'EPIPE') return
  process.stderr.on('error', () => {}).write(`the result could not be written to standard output (${error.code})\n`)
  process.exitCode = 1
}

async function start() {
  // Absent before Node 22.
  process.getBuiltinModule('node:module').enableCompileCache?.()

  // The AWS SDK announces that it will leave Node 20; that is for the package to solve, not for its users.
  const emitWarning = process.emitWarning
  process.emitWarning = (warning, ...rest) => {
    if (!/AWS SDK for JavaScript/.test(String(warning))) emitWarning.call(process, warning, ...rest)
  }

  const { main } = await import('../dist/main.js')
  await main()
}
