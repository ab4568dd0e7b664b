import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesOf, wallClock } from '../../src/cli/platform.ts'
import { freshAccount } from '../support/fresh-account.ts'
import { KEY } from '../support/tool.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudtrail-pd-host-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the files of a process', () => {
  it('are written whole and can be read back', async () => {
    const files = filesOf(() => Readable.from([]))
    const path = join(folder, 'setup.yaml')
    await files.write(path, 'hold: 5\n', 0o600)
    expect(await files.read(path)).toBe('hold: 5\n')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(path, 'utf8')).toBe('hold: 5\n')
  })

  it('come as bytes, from a path or from standard input, and fail by name of the reason', async () => {
    const files = filesOf(() => Readable.from(['ab', Buffer.from([0xff])]))
    const path = join(folder, 'bytes')
    await files.write(path, 'xyz')
    expect(await bytesOf(files.bytes(path))).toEqual([...Buffer.from('xyz')])
    expect(await bytesOf(files.bytes('-'))).toEqual([0x61, 0x62, 0xff])
    await expect(bytesOf(files.bytes(join(folder, 'none')))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('have standard input under the name -', async () => {
    const files = filesOf(() => Readable.from([Buffer.from('ke'), Buffer.from('y\n')]))
    expect(await files.read('-')).toBe('key\n')
  })
})

describe('the clock of a process', () => {
  it('stops a sleep for the reason of the signal', async () => {
    const controller = new AbortController()
    const reason = new Error('stop')
    const sleeping = wallClock().sleep(60_000, controller.signal)
    controller.abort(reason)
    await expect(sleeping).rejects.toBe(reason)
  })

  it('wakes', async () => {
    const before = Date.now()
    await wallClock().sleep(5)
    expect(Date.now()).toBeGreaterThanOrEqual(before)
  })
})

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<number[]> {
  const bytes: number[] = []
  for await (const chunk of chunks) bytes.push(...chunk)
  return bytes
}

describe('a file that will be written', () => {
  it('says what it would replace, and whether there is a folder for it', async () => {
    const { toReplace } = filesOf(() => Readable.from([]))
    const path = join(folder, 'page.html')
    expect(await toReplace?.(path)).toBe('')
    await writeFile(path, '<!doctype html>')
    expect(await toReplace?.(path)).toBe('<!doctype html>')
    expect(await toReplace?.('/dev/null')).toBe('')
    await expect(toReplace?.(folder)).rejects.toMatchObject({ code: 'EISDIR' })
    await expect(toReplace?.(join(path, 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' })
    await expect(toReplace?.(join(folder, 'nosuch', 'x'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('a file with a secret', () => {
  it.skipIf(process.platform === 'win32').each([
    [0o600, false],
    [0o640, true],
    [0o604, true],
  ])('of mode %o is open to others: %s', async (mode, open) => {
    const path = join(folder, `secret-${mode}`)
    await writeFile(path, 'key')
    await chmod(path, mode)
    expect(await filesOf(() => Readable.from([])).readableByOthers?.(path)).toBe(open)
  })

  it('that others can read is remarked with the command that restricts it', async () => {
    const aws = await freshAccount()
    const files = { '/shared/key': KEY, '/home/key': KEY }
    const env = { CLOUDTRAIL_PD_INTEGRATION_KEY: '' }
    const init = (path: string) => aws.run(['init', '--dry-run', '--integration-key-file', path], { env, files })
    expect((await init('/shared/key')).stderr).toContain(
      '! other users can read /shared/key; restrict it: chmod 600 /shared/key',
    )
    expect((await init('/home/key')).stderr).not.toContain('chmod')
  })
})
