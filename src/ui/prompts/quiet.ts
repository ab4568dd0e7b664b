/** Waits until nothing more comes of what was typed before a question stood there. */

/** Milliseconds without a key after which what comes is an answer to this question, and the longest wait for such a pause. */
const QUIET_MS = 40
const LONGEST_QUIET_MS = 400

/** Resolves at the first pause; `listen` gets what has to be called at each piece of input, until then. */
export function untilQuiet(listen: (heard: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const began = performance.now()
    let timer = setTimeout(resolve, QUIET_MS)
    listen(() => {
      clearTimeout(timer)
      timer = setTimeout(resolve, Math.max(0, Math.min(QUIET_MS, LONGEST_QUIET_MS - (performance.now() - began))))
    })
  })
}
