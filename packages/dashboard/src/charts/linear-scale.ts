/**
 * Where a number is drawn. That of d3-scale would bring its colours, dates and number formats with it, a tenth of the
 * page.
 */
export interface LinearScale {
  (value: number): number
  /** About `count` round numbers within the domain. */
  readonly ticks: (count: number) => readonly number[]
}

type Ends = readonly [number, number]

/** Maps the numbers of a domain to places, evenly. */
export function linearScale({ domain, range }: { readonly domain: Ends; readonly range: Ends }): LinearScale {
  const [low, high] = domain
  const [start, end] = range
  const place = (value: number): number =>
    high === low ? (start + end) / 2 : start + ((value - low) / (high - low)) * (end - start)
  const ticks = (count: number): readonly number[] => {
    if (high <= low) return [low]
    const step = roundStep((high - low) / count)
    const first = Math.ceil(low / step)
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, index) => (first + index) * step)
  }
  return Object.assign(place, { ticks })
}

/** The next number above at which an axis from 0 with about `count` ticks has one. */
export function roundEnd(value: number, count: number): number {
  const step = roundStep(value / count)
  const end = Math.ceil(value / step) * step
  const next = roundStep(end / count)
  return next === step ? end : Math.ceil(value / next) * next
}

// 1, 2 or 5 times a power of ten.
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size))
  const error = size / power
  return power * (error >= Math.sqrt(50) ? 10 : error >= Math.sqrt(10) ? 5 : error >= Math.SQRT2 ? 2 : 1)
}
