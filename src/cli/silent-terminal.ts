/** Keeps a terminal from echoing what is typed while nothing is asked. */

/** Milliseconds; a terminal that does not answer is left as it is. */
const TIMEOUT_MS = 5_000

/**
 * Begins at each call, until the process ends or is stopped. Only the echo is taken away, so that keys still raise their
 * signals, as in a raw terminal they would not. Node gives the terminal back as it was found however it ends, but for
 * SIGQUIT and a stop by Ctrl-Z, which are seen to here, and for what no process can see to, such as SIGKILL.
 */
export function silentTerminal(running: NodeJS.Process): () => Promise<void> {
  let found: string | undefined
  let silent = false
  const isAsking = () => running.stdin.isRaw === true
  return async () => {
    if (silent || isAsking() || running.platform === 'win32') return
    const stty = await sttyOf()
    if (found === undefined) {
      const read = stty('-g')
      if (read === undefined) return
      found = read
      running.on('SIGTSTP', () => {
        // What a prompt has set it needs again behind `fg`. Once given back, the terminal may be another program's.
        if (silent && !isAsking()) stty(read)
        silent = false
        running.kill(running.pid, 'SIGSTOP')
      })
      running.once('SIGQUIT', () => {
        if (silent) stty(read)
        running.kill(running.pid, 'SIGQUIT')
      })
    }
    silent = true
    stty('-echo')
  }
}

/** What the program of that name prints; undefined where there is none, or it fails. Loaded by a run that asks. */
async function sttyOf(): Promise<(setting: string) => string | undefined> {
  const { spawnSync } = await import('node:child_process')
  return (setting) => {
    const { status, stdout } = spawnSync('stty', [setting], {
      stdio: ['inherit', 'pipe', 'ignore'],
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    })
    return status === 0 ? stdout.trim() : undefined
  }
}
