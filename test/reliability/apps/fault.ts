// Preloaded before us: makes something of Node's fail, as the environment variable FAULT says.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { performance } from 'node:perf_hooks'
import workers from 'node:worker_threads'

// Our sources lie in folders of that name too.
const OURS = /\.spanledger|usage\.db/
const DAY_MS = 86_400_000
const BLOCK_MS = 20
/** Long enough for a worker to have begun its work. */
const LATE_MS = 3_000
const TEN_YEARS_MS = 3_652 * DAY_MS

/** Every fault, by the name that FAULT gives. */
const FAULTS: Readonly<Record<string, () => void>> = {
  'writing fails': () => failing('writeSync', 'EIO'),
  'opening fails': () => failing('openSync', 'EMFILE'),
  'folders cannot be made': () => failing('mkdirSync', 'EACCES'),
  'folders cannot be read': () => failing('readdirSync', 'EACCES'),
  'times cannot be set': () => failing('utimesSync', 'EPERM'),
  'files cannot be asked for': () => failing('statSync', 'EIO'),
  'writing takes its time': () => around('writeSync', block),
  'every second writing fails': () => {
    let writes = 0
    around('writeSync', () => {
      writes += 1
      if (writes % 2 === 0) throw failure('EIO')
    })
  },
  'the clock jumps a day ahead and back': () =>
    shifted((count) => (count % 7 === 0 ? DAY_MS : count % 5 === 0 ? -DAY_MS : 0)),
  'the clock goes ten years ahead': () => shifted((count) => (count > 40 ? TEN_YEARS_MS : 0)),
  'the clock goes backwards': () => shifted((count) => -count * 1_000),
  'the clock stands still': () => {
    const at = Date.now()
    Date.now = () => at
    performance.now = () => 1
  },
  'there is no clock': () => {
    Date.now = () => Number.NaN
  },
  'no worker can be made': () => {
    function NoWorker(): never {
      throw new Error('hostile')
    }
    Object.assign(workers, { Worker: NoWorker })
  },
  'the worker dies at once': () => replaceWorker((worker) => void worker.terminate()),
  'the worker dies again and again': () => replaceWorker((worker) => setTimeout(() => void worker.terminate(), 150)),
  'the worker dies after a while': () => replaceWorker((worker) => setTimeout(() => void worker.terminate(), LATE_MS)),
  'the worker stands still': () => replaceWorker(() => {}, ['--import', 'data:text/javascript,for(;;);']),
  'the worker stands still once': () => standStillOnce(),
  'the worker fails to load': () =>
    replaceWorker(() => {}, ['--import', 'data:text/javascript,throw new Error("hostile")']),
  'nobody may be told': () => {
    process.emitWarning = () => {
      throw new Error('hostile')
    }
  },
  'no signal can be listened to': () => {
    const { on } = process
    process.on = function (this: NodeJS.Process, name: string, ...rest: unknown[]) {
      if (name.startsWith('SIG')) throw new Error('hostile')
      return Reflect.apply(on, this, [name, ...rest]) as NodeJS.Process
    } as typeof process.on
  },
  'the journal is deleted all the time': () => {
    setInterval(() => fs.rmSync('.spanledger', { recursive: true, force: true }), 5).unref()
  },
}

FAULTS[process.env['FAULT'] ?? '']?.()
syncBuiltinESMExports()

type Name = 'writeSync' | 'openSync' | 'mkdirSync' | 'readdirSync' | 'utimesSync' | 'statSync'

function failing(name: Name, code: string): void {
  around(name, () => {
    throw failure(code)
  })
}

// Only where we write: the application's own files are not what is tried here. What is written to is known by its number alone.
function around(name: Name, before: () => void): void {
  const original = fs[name] as (...parameters: unknown[]) => unknown
  Object.assign(fs, {
    [name](...parameters: unknown[]) {
      const [target] = parameters
      const isOurs = typeof target === 'number' ? target > 2 : OURS.test(String(target))
      if (isOurs) before()
      return Reflect.apply(original, fs, parameters)
    },
  })
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: hostile`), { code })
}

function block(): void {
  const until = performance.now() + BLOCK_MS
  while (performance.now() < until);
}

function shifted(shiftMs: (count: number) => number): void {
  const { now } = Date
  let count = 0
  Date.now = () => now() + shiftMs(count++)
}

function replaceWorker(then: (worker: workers.Worker) => void, execArgv: readonly string[] = []): void {
  const Original = workers.Worker
  class HostileWorker extends Original {
    constructor(file: string | URL, options: workers.WorkerOptions = {}) {
      super(file, { ...options, execArgv: [...(options.execArgv ?? []), ...execArgv] })
      then(this)
    }
  }
  Object.assign(workers, { Worker: HostileWorker })
}

// It works for two seconds first; the next one goes on working.
function standStillOnce(): void {
  let made = 0
  const Original = workers.Worker
  class StandingWorker extends Original {
    constructor(file: string | URL, options: workers.WorkerOptions = {}) {
      made += 1
      const stand = ['--import', 'data:text/javascript,setTimeout(() => { for(;;); }, 2000)']
      super(file, { ...options, execArgv: [...(options.execArgv ?? []), ...(made === 1 ? stand : [])] })
    }
  }
  Object.assign(workers, { Worker: StandingWorker })
}
