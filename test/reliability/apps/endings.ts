import type { End } from './plan.ts'

/** What an application does to end in each of the ways. */
export const ENDINGS: Readonly<Record<Exclude<End, 'close'>, () => void>> = {
  natural: () => {},
  exit: () => process.exit(0),
  throw: () => {
    setImmediate(() => {
      throw new Error('the application failed by itself')
    })
  },
  reject: () => void Promise.reject(new Error('the application failed by itself')),
  SIGTERM: () => raise('SIGTERM'),
  SIGINT: () => raise('SIGINT'),
  SIGHUP: () => raise('SIGHUP'),
  SIGKILL: () => raise('SIGKILL'),
  abort: () => process.abort(),
  'out of memory': fillMemory,
  stay,
}

function raise(signal: NodeJS.Signals): void {
  stay()
  process.kill(process.pid, signal)
}

function stay(): void {
  setInterval(() => {}, 1_000)
}

function fillMemory(): void {
  const kept: unknown[] = []
  for (;;) kept.push(Array.from({ length: 1_000 }, (_, index) => ({ index })))
}
