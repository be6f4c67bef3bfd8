import { setImmediate, setTimeout } from 'node:timers'

/**
 * Lets the event loop take a turn. Without this, a database that answers at once would keep messages and timers from
 * being heard. In the background it does not keep the process alive.
 */
export function nextTurn(isBackground: boolean): Promise<void> {
  return new Promise((resolve) => {
    // An unreferenced immediate does not run until something else happens.
    if (isBackground) setTimeout(resolve, 1).unref()
    else setImmediate(resolve)
  })
}
