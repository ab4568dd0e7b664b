import { describe, expect, it } from 'vitest'
import { decodeText } from '../../src/cli/platform.ts'

const utf16le = (text: string) =>
  Uint8Array.from(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]))

describe('N31 a file as an editor or a shell saved it', () => {
  it.each([
    ['UTF-8', Uint8Array.from(Buffer.from('route: service')), 'route: service'],
    ['UTF-8 with a byte order mark', Uint8Array.from(Buffer.from('\uFEFFroute: service')), 'route: service'],
    ['UTF-16, as PowerShell redirects', utf16le('route: service\r\n'), 'route: service\r\n'],
    ['UTF-16 of the other byte order', utf16le('key').map((_, at, all) => all[at ^ 1] ?? 0), 'key'],
    ['nothing', new Uint8Array(), ''],
  ])('%s is read', (_how, bytes, text) => {
    expect(decodeText(bytes)).toBe(text)
  })
})
