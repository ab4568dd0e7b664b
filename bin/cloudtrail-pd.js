#!/usr/bin/env node
/** Checks the Node version in words that older versions can still say, then starts the bundled program. */

// Nothing is imported here: an import of node:process alone opens all three standard streams.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`cloudtrail-pd needs Node.js 20.19 or newer, and this is ${process.versions.node}\n`)
  process.exit(2)
}

// Absent before Node 22.
process.getBuiltinModule('node:module').enableCompileCache?.()

// The AWS SDK announces that it will leave Node 20; that is for the package to solve, not for its users.
const emitWarning = process.emitWarning
process.emitWarning = (warning, ...rest) => {
  if (!/AWS SDK for JavaScript/.test(String(warning))) emitWarning.call(process, warning, ...rest)
}

const { main } = await import('../dist/main.js')
await main()
