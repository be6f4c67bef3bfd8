import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import { startOwnThread } from '@spanledger/store/threads'
import type { Destination } from '../../destination/destination.ts'
import type { StoreWorkerData } from './worker-protocol.ts'

/** A thread that stores calls, as the application sees it. It does not keep the process alive. */
export interface StoreWorker {
  send(message: unknown): void
  /** Handles arrived messages without the event loop, for a process that is exiting. */
  takeMessages(): void
  /** Asks it to end, and waits until it has. Never rejects. */
  close(): Promise<void>
  /** Ends it immediately. It reports nothing afterwards. */
  terminate(): void
}

export interface StoreWorkerListener<Message> {
  onMessage(message: Message): void
  /** The worker ended by itself. */
  onGone(why: Error): void
}

/** Starts the worker. Throws if Node does not allow one. */
export function startStoreWorker<Message>(
  database: Destination,
  given: { readonly work: StoreWorkerData['work']; readonly closing: unknown },
  listener: StoreWorkerListener<Message>,
): StoreWorker {
  // Not the worker's own port, because its messages cannot be read without the event loop.
  const { port1: port, port2 } = new MessageChannel()
  const worker = startOwnThread<StoreWorkerData>({
    beside: import.meta.url,
    module: 'store-worker',
    data: { port: port2, database, work: given.work },
    transferList: [port2],
    stdout: false,
  })
  let isEnding = false
  const takeMessages = () => {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      listener.onMessage(next.message as Message) // the worker sends nothing else
    }
  }
  const onEnd = (why: Error) => {
    if (isEnding) return
    isEnding = true
    // Reports from before it died still count.
    takeMessages()
    port.close()
    listener.onGone(why)
  }
  port.on('message', (message: Message) => listener.onMessage(message))
  worker.on('error', onEnd)
  worker.on('exit', (code) => onEnd(new Error(`the worker ended with code ${code}`)))
  // After the listeners are added, because adding one keeps the process alive again.
  worker.unref()
  port.unref()
  return {
    send: (message) => port.postMessage(message),
    takeMessages,
    close: () =>
      new Promise((resolve) => {
        if (isEnding) return resolve()
        isEnding = true
        worker.ref()
        worker.once('exit', () => {
          takeMessages()
          resolve()
        })
        port.postMessage(given.closing)
      }),
    terminate() {
      isEnding = true
      takeMessages()
      port.close()
      worker.terminate().catch(() => {})
    },
  }
}
