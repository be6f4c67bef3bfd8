import { clearTimeout, setTimeout } from 'node:timers'

const LATE = Symbol('late')

export interface WithinOptions<Late> {
  readonly ms: number
  /** What to resolve with when the time is over; or it throws, and `within` rejects with that. */
  readonly onLate: () => Late
  /** The wait does not keep the process alive. */
  readonly isBackground?: boolean | undefined
}

/** Waits for a result, but no longer than a given time. The work itself is not stopped. */
export async function within<Result, Late>(
  work: Promise<Result>,
  { ms, onLate, isBackground = false }: WithinOptions<Late>,
): Promise<Result | Late> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), ms)
    if (isBackground) timer.unref()
  })
  try {
    const result = await Promise.race([work, late])
    return result === LATE ? onLate() : result
  } finally {
    clearTimeout(timer)
  }
}
