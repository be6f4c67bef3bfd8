import { area, line } from 'd3-shape'
import type { JSX } from 'preact'
import { linearScale } from './linear-scale.ts'

const WIDTH = 120
const HEIGHT = 28
const MOST_POINTS = 36

/** The shape of a number over time, without its values: these stand beside it. A gap is a time that nothing is known of. */
export function Sparkline({ points: all }: { readonly points: readonly (number | null)[] }): JSX.Element | null {
  const points = thin(all)
  const known = points.filter((point) => point !== null)
  if (known.length < 2) return null
  const x = linearScale({ domain: [0, points.length - 1], range: [1, WIDTH - 1] })
  const y = linearScale({ domain: [0, Math.max(...known, 1e-9)], range: [HEIGHT - 1, 2] })
  const places = points.map((point, index) => ({ index, point }))
  const isKnown = ({ point }: { readonly point: number | null }): boolean => point !== null
  const stroke = line<(typeof places)[number]>()
    .defined(isKnown)
    .x(({ index }) => x(index))
    .y(({ point }) => y(point ?? 0))
  const fill = area<(typeof places)[number]>()
    .defined(isKnown)
    .x(({ index }) => x(index))
    .y0(HEIGHT)
    .y1(({ point }) => y(point ?? 0))
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="sparkline-fill" d={fill(places) ?? ''} />
      <path class="sparkline-line" d={stroke(places) ?? ''} />
    </svg>
  )
}

// The mean of neighbours: a shape of more points than this is only noise.
function thin(points: readonly (number | null)[]): readonly (number | null)[] {
  const size = Math.ceil(points.length / MOST_POINTS)
  return Array.from({ length: Math.ceil(points.length / size) }, (_, place) => {
    const known = points.slice(place * size, (place + 1) * size).filter((point) => point !== null)
    return known.length === 0 ? null : known.reduce((sum, point) => sum + point, 0) / known.length
  })
}
