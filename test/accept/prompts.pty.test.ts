import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { builtTool, ROOT } from '../package/built.ts'
import { runInTerminal } from '../ui/pty-session.ts'

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

async function acceptInTerminal() {
  await builtTool()
  return runInTerminal(['--import', TSX, join(ROOT, 'accept', 'main.ts'), '--sandbox'])
}

describe('npm run accept on a terminal', { timeout: 60_000 }, () => {
  it('asks before it makes anything, and takes Enter for no', async () => {
    const session = await acceptInTerminal()
    await session.answer('to be deleted at the end? [y/N]', '\r')
    const { exit, text, made } = await session.end()
    expect([exit, made], text).toEqual([1, []])
    expect(text).toContain('declined    integrations')
  })

  it('asks before it pages, and goes on to destroy after Ctrl-C at the question', async () => {
    const session = await acceptInTerminal()
    await session.answer('to be deleted at the end? [y/N]', 'y\r')
    await session.answer('Make a chain named pd-accept in the sandbox? [y/N]', 'yes\r')
    await session.answer('This pages whoever is on call. [y/N]', '\u0003')
    const { exit, text, made } = await session.end()
    expect([exit, made], text).toEqual([130, []])
    expect(text).toContain('interrupted test-api-call')
  })
})
