// Kills the thread that stores calls, so many milliseconds after it was made as the second argument says.
import { Worker } from 'node:worker_threads'

const { unref } = Worker.prototype
Worker.prototype.unref = function (this: Worker) {
  unref.call(this)
  setTimeout(() => void this.terminate(), Number(process.argv[3]))
}
await import('./seven.ts')
