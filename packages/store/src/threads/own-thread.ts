import { isMainThread, Worker, workerData, type WorkerOptions } from 'node:worker_threads'

/** How to start a thread. */
export interface OwnThreadOptions<Data extends object> extends Pick<
  WorkerOptions,
  'transferList' | 'stdout' | 'resourceLimits'
> {
  /** `import.meta.url` of a module beside the thread's. */
  readonly beside: string
  /** File name of the thread's module without its ending, such as `reading-worker`. */
  readonly module: string
  readonly data: Data
}

type Marked<Data> = Data & { readonly spanledgerWorker: true }

/** Starts a thread that runs a module of Spanledger. Throws if Node does not allow one. */
export function startOwnThread<Data extends object>({
  beside,
  module,
  data,
  ...options
}: OwnThreadOptions<Data>): Worker {
  const isSource = beside.endsWith('.ts')
  const marked: Marked<Data> = { ...data, spanledgerWorker: true }
  return new Worker(new URL(`./${module}${isSource ? '.ts' : '.js'}`, beside), {
    ...options,
    workerData: marked,
    // Nothing that the application preloads may run here, and Node 22 warns about node:sqlite at every start.
    execArgv: [...(isSource ? ['--conditions=@spanledger/source'] : []), '--disable-warning=ExperimentalWarning'],
  })
}

/** True in a thread that `startOwnThread` started. */
export function isOwnThread(): boolean {
  return !isMainThread && (workerData as Partial<Marked<object>> | null)?.spanledgerWorker === true
}
