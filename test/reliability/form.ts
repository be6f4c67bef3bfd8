import { writeSync } from 'node:fs'

/** The long form of the suite, with as many rounds as the promises say. */
export const IS_FULL = process.env['SPANLEDGER_RELIABILITY'] === 'full'

/** How long a test may take at most. */
export const LIMIT = { timeout: IS_FULL ? 3_600_000 : 300_000 }

/** A size of the short form, or of the long one. */
export function sized<Size>(short: Size, full: Size): Size {
  return IS_FULL ? full : short
}

/** Prints what a test has measured, in one line: `R1 kill9: 20 rounds, acked 12,345, lost 0`. */
export function sayFigure(name: string, figures: Readonly<Record<string, number | string>>): void {
  const parts = Object.entries(figures).map(([what, value]) =>
    `${what} ${typeof value === 'number' ? value.toLocaleString('en-US') : value}`.trim(),
  )
  // Past vitest, which would put a heading over every line.
  writeSync(process.stdout.fd, `${name}: ${parts.join(', ')}\n`)
}

/** Milliseconds from `least` to `most`, any of them. */
export function randomMs(least: number, most: number): number {
  return least + Math.floor(Math.random() * (most - least + 1))
}

/** Lets so much time pass. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Waits until something is so; fails the test when it is not within the time. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await isSo())) {
    if (performance.now() > deadline)
      throw new Error(`it has not come to be within ${withinMs / 1000} seconds: ${String(isSo)}`)
    await pause(20)
  }
}

/** Does something with each of a list, some of them at once, in its order. */
export async function forEachOf<Item>(
  list: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...list]
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
