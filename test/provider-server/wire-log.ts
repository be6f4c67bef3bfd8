import type { ProviderCall } from './provider-call.ts'

/** What is known of an attempt when it arrives. */
export type ArrivedCall = Pick<
  ProviderCall,
  'provider' | 'api' | 'path' | 'requestModel' | 'stream' | 'requestHeaders' | 'requestBody'
>

/** What becomes known while it is answered. */
export type CallNotes = Partial<
  Pick<ProviderCall, 'responseModel' | 'responseId' | 'status' | 'usage' | 'billed' | 'text' | 'toolCalls'>
>

/** The open line of one attempt. */
export interface WireLogEntry {
  readonly call: ProviderCall
  note(notes: CallNotes): void
  /** Only the first end counts. */
  end(completed: boolean): void
}

/** Every attempt, in order of arrival. */
export interface WireLog {
  open(arrived: ArrivedCall): WireLogEntry
  calls(): readonly ProviderCall[]
  /** Resolves when no attempt is open. */
  idle(): Promise<void>
  clear(): void
}

/** Keeps the wire log in memory. */
export function createWireLog(): WireLog {
  let entries: WireLogEntry[] = []
  const open = new Set<WireLogEntry>()
  let waiting: (() => void)[] = []

  return {
    open(arrived) {
      const entry = createEntry(arrived, () => {
        open.delete(entry)
        if (open.size > 0) return
        for (const resolve of waiting) resolve()
        waiting = []
      })
      entries.push(entry)
      open.add(entry)
      return entry
    },
    calls: () => entries.map((entry) => entry.call),
    idle: () =>
      new Promise((resolve) => {
        if (open.size === 0) resolve()
        else waiting.push(resolve)
      }),
    clear() {
      entries = []
    },
  }
}

function createEntry(arrived: ArrivedCall, onEnd: () => void): WireLogEntry {
  let call: ProviderCall = {
    ...arrived,
    responseModel: undefined,
    responseId: undefined,
    status: undefined,
    usage: undefined,
    billed: undefined,
    text: '',
    toolCalls: [],
    completed: false,
    startedAt: Date.now(),
    endedAt: undefined,
  }
  return {
    get call() {
      return call
    },
    note(notes) {
      call = { ...call, ...notes }
    },
    end(completed) {
      if (call.endedAt !== undefined) return
      call = { ...call, completed, endedAt: Date.now() }
      onEnd()
    },
  }
}
