/** Chromium, headless, steered over its own pipe: a page at any width and scheme, with scripts on or off, on a screen or on paper. */

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

/** The path of Chromium; undefined where there is none. */
export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
if (CHROMIUM === undefined && process.env.REQUIRE_CHROMIUM === '1') {
  throw new Error('REQUIRE_CHROMIUM=1, and there is none')
}

export interface ScreenOptions {
  /** CSS pixels. */
  readonly width: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
  /** The page's own scripts. */
  readonly scripts?: boolean
  readonly media?: 'screen' | 'print'
}

export interface Screen {
  /** The value of an expression in the page; what it gives must be JSON. */
  evaluate<T>(expression: string): Promise<T>
  /** A PNG of what the window shows. */
  picture(): Promise<Buffer>
  /** A PDF, as the print dialog makes it. */
  paper(): Promise<Buffer>
  /** What was asked of the network, files apart. */
  readonly requests: readonly string[]
  /** What the console and the policy of the page complained about. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

export interface Browser {
  /** Opens a file. */
  open(path: string, options: ScreenOptions): Promise<Screen>
  close(): Promise<void>
}

type Params = Readonly<Record<string, unknown>>
// biome-ignore lint/suspicious/noExplicitAny: what the protocol answers has a shape for each method.
type Answer = any

/** Starts Chromium; what it keeps lies in a folder that goes with it. */
export function startBrowser(): Browser {
  const folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-browser-'))
  const flags = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--remote-debugging-pipe',
    `--user-data-dir=${folder}`,
    'about:blank',
  ]
  const child = spawn(CHROMIUM ?? '', flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
  const { send, on } = protocolOver(child)
  return {
    async open(path, { width, height = 900, scheme = 'light', scripts = true, media = 'screen' }) {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank' })
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
      const tell = (method: string, params: Params = {}) => send(method, params, sessionId)
      const requests: string[] = []
      const complaints: string[] = []
      let loaded = () => {}
      const whenLoaded = new Promise<void>((resolve) => {
        loaded = resolve
      })
      on(sessionId, (method, params) => {
        if (method === 'Network.requestWillBeSent' && !params.request.url.startsWith('file:'))
          requests.push(params.request.url)
        if (method === 'Log.entryAdded') complaints.push(params.entry.text)
        if (method === 'Runtime.exceptionThrown') complaints.push(params.exceptionDetails.text)
        if (method === 'Page.loadEventFired') loaded()
      })
      for (const domain of ['Page', 'Network', 'Log', 'Runtime']) await tell(`${domain}.enable`)
      await tell('Emulation.setScriptExecutionDisabled', { value: !scripts })
      await tell('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 })
      const features = [{ name: 'prefers-color-scheme', value: scheme }]
      await tell('Emulation.setEmulatedMedia', { media: media === 'print' ? 'print' : '', features })
      await tell('Page.navigate', { url: `file://${path}` })
      await whenLoaded
      return {
        requests,
        complaints,
        async evaluate(expression) {
          const { result, exceptionDetails } = await tell('Runtime.evaluate', { expression, returnByValue: true })
          if (exceptionDetails !== undefined)
            throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
          return result.value
        },
        async picture() {
          const shot = await tell('Page.captureScreenshot', { format: 'png', captureBeyondViewport: false })
          return Buffer.from(shot.data, 'base64')
        },
        async paper() {
          const printed = await tell('Page.printToPDF', { printBackground: true, preferCSSPageSize: true })
          return Buffer.from(printed.data, 'base64')
        },
        async close() {
          await send('Target.closeTarget', { targetId })
        },
      }
    },
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      await send('Browser.close').catch(() => {})
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Messages of the DevTools protocol, each ended by a zero byte. */
function protocolOver(child: ChildProcess) {
  const [toBrowser, fromBrowser] = [child.stdio[3] as Writable, child.stdio[4] as Readable]
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>()
  const listeners = new Map<string, (method: string, params: Answer) => void>()
  let id = 0
  let rest = ''
  fromBrowser.setEncoding('utf8').on('data', (piece: string) => {
    const messages = (rest + piece).split('\0')
    rest = messages.pop() ?? ''
    for (const text of messages) {
      const message = JSON.parse(text)
      if (message.id === undefined) listeners.get(message.sessionId)?.(message.method, message.params)
      else if (message.error !== undefined) waiting.get(message.id)?.reject(new Error(message.error.message))
      else waiting.get(message.id)?.resolve(message.result)
      waiting.delete(message.id)
    }
  })
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the browser has ended'))
    waiting.clear()
  })
  return {
    send(method: string, params: Params = {}, sessionId?: string): Promise<Answer> {
      id += 1
      const own = id
      return new Promise((resolve, reject) => {
        waiting.set(own, { resolve, reject })
        toBrowser.write(`${JSON.stringify({ id: own, method, params, sessionId })}\0`)
      })
    },
    on: (sessionId: string, listener: (method: string, params: Answer) => void) => listeners.set(sessionId, listener),
  }
}
