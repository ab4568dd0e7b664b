import { describe, expect, it } from 'vitest'
import { readKeyText } from '../../src/options/key-text.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const URL_TEXT = `https://events.pagerduty.com/integration/${KEY}/enqueue`

describe('an integration key or URL as people save it', () => {
  it.each([
    ['bare', `${KEY}\n`, { integrationKey: KEY }],
    ['in quotes', `"${KEY}"`, { integrationKey: KEY }],
    ['as an assignment', `PAGERDUTY_KEY=${KEY}`, { integrationKey: KEY }],
    ['as an exported assignment in quotes', `export KEY='${KEY}'`, { integrationKey: KEY }],
    ['in angle brackets', `<${URL_TEXT}>`, { integrationUrl: URL_TEXT }],
    ['as a Markdown link', `[link](${URL_TEXT})`, { integrationUrl: URL_TEXT }],
    ['under a comment', `# PagerDuty prod\r\n${URL_TEXT}\r\n`, { integrationUrl: URL_TEXT }],
    [
      'broken over two lines',
      `https://events.pagerduty.com/integration/${KEY.slice(0, 16)}\n${KEY.slice(16)}/enqueue\n`,
      { integrationUrl: URL_TEXT },
    ],
  ])('%s is read', (_how, text, read) => {
    expect(readKeyText(text, 'the file')).toEqual(read)
  })

  it.each([
    ['nothing but a comment', '# later\n', 'the file is empty'],
    ['two keys', `${KEY}\n${KEY}\n`, 'the file has 2 lines'],
    [
      'a user name and password',
      `https://user:pw@events.pagerduty.com/integration/${KEY}/enqueue`,
      'contains a user name or password',
    ],
  ])('with %s is refused, without repeating it', (_what, text, message) => {
    expect(() => readKeyText(text, 'the file')).toThrow(message)
    expect(() => readKeyText(text, 'the file')).not.toThrow(KEY)
  })
})
