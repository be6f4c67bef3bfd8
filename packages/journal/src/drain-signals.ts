/**
 * What the appending and the draining thread report to each other in shared memory, without the event loop. Each value is
 * written by only one of them.
 */
export interface DrainSignals {
  readonly memory: SharedArrayBuffer
  /** Appending thread: every frame up to here is written. */
  written(number: number, offset: number): void
  /** Draining thread: up to where frames are written, never further. */
  lastWritten(): { readonly number: number; readonly offset: number }
  /** Draining thread: from now on it must be woken. */
  sleep(): void
  /** Appending thread: true, once, if the draining thread must be woken. */
  mustWake(): boolean
  /** Draining thread: it is alive. */
  beat(): void
  /** How many beats there were. */
  beats(): number
  /** Draining thread: it has sent an event. */
  eventSent(): void
  /** Blocks until an event is sent that the last call has not seen, or the time is over. */
  waitForEvent(timeoutMs: number): void
  /** Draining thread: how many bytes the folder holds. */
  measured(bytes: number): void
  /** The last measure, and how many there have been. */
  lastMeasure(): { readonly bytes: number; readonly count: number }
}

const NUMBER = 0
const OFFSET = 1
const SLEEPS = 2
const BEATS = 3
const EVENTS = 4
const FOLDER_KILOBYTES = 5
const MEASURES = 6
const SLOTS = 7
const KILOBYTE = 1024

/** Both threads make their signals over the same memory. */
export function createDrainSignals(
  memory: SharedArrayBuffer = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT),
): DrainSignals {
  const slots = new Int32Array(memory)
  let seenEvents = 0
  return {
    memory,
    written(number, offset) {
      if (Atomics.load(slots, NUMBER) !== number) {
        // A read in between must not find the number of one segment with the offset of the other.
        Atomics.store(slots, OFFSET, 0)
        Atomics.store(slots, NUMBER, number)
      }
      Atomics.store(slots, OFFSET, offset)
    },
    lastWritten() {
      for (;;) {
        const number = Atomics.load(slots, NUMBER)
        const offset = Atomics.load(slots, OFFSET)
        if (Atomics.load(slots, NUMBER) === number) return { number, offset }
      }
    },
    sleep: () => void Atomics.store(slots, SLEEPS, 1),
    mustWake: () => Atomics.load(slots, SLEEPS) === 1 && Atomics.exchange(slots, SLEEPS, 0) === 1,
    beat: () => void Atomics.add(slots, BEATS, 1),
    beats: () => Atomics.load(slots, BEATS),
    eventSent() {
      Atomics.add(slots, EVENTS, 1)
      Atomics.notify(slots, EVENTS)
    },
    waitForEvent(timeoutMs) {
      Atomics.wait(slots, EVENTS, seenEvents, timeoutMs)
      seenEvents = Atomics.load(slots, EVENTS)
    },
    measured(bytes) {
      Atomics.store(slots, FOLDER_KILOBYTES, Math.ceil(bytes / KILOBYTE))
      Atomics.add(slots, MEASURES, 1)
    },
    lastMeasure: () => ({
      count: Atomics.load(slots, MEASURES),
      bytes: Atomics.load(slots, FOLDER_KILOBYTES) * KILOBYTE,
    }),
  }
}
