/** Runs the program from its source, without a build. */
const { main } = await import('../src/cli/main.ts')
await main()
