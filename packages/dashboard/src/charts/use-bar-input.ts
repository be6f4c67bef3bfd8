import { useRef, useState } from 'preact/hooks'
import type { Bucket } from '../api/contract.ts'
import type { BarGeometry } from './bar-geometry.ts'

interface BarInput {
  readonly buckets: readonly Bucket[]
  readonly onOpen?: (from: number, to: number) => void
  readonly onZoom?: (from: number, to: number) => void
}

/** The keyboard of a chart: one stop for Tab, which the arrows move, so that two hundred bars are not two hundred stops. */
export function useRoving(props: BarInput, active: number | undefined, setActive: (index: number) => void) {
  const svg = useRef<SVGSVGElement>(null)
  const last = props.buckets.length - 1
  const stop = Math.min(active ?? last, last)
  const press = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = { ArrowLeft: stop - 1, ArrowRight: stop + 1, Home: 0, End: last }
    const bucket = props.buckets[stop]
    if (event.key === 'Enter' && bucket !== undefined) props.onOpen?.(bucket.start, bucket.end)
    const next = moves[event.key]
    if (next === undefined) return
    event.preventDefault()
    const index = Math.max(0, Math.min(last, next))
    setActive(index)
    svg.current?.querySelector<SVGGElement>(`[data-index="${index}"]`)?.focus()
  }
  return { svg, stop, press }
}

/** The pointer of a chart: over a bar shows it, on a bar opens it, drawn over several zooms in. */
export function usePointer(props: BarInput, geometry: BarGeometry, setActive: (index: number | undefined) => void) {
  const [start, setStart] = useState<number>()
  const [end, setEnd] = useState<number>()
  const indexOf = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }): number =>
    geometry.indexAt(event.clientX - event.currentTarget.getBoundingClientRect().left)
  const first = Math.min(start ?? 0, end ?? 0)
  const last = Math.max(start ?? 0, end ?? 0)
  const stop = (): void => {
    setStart(undefined)
    setEnd(undefined)
  }
  return {
    drawn: start === undefined || end === undefined || start === end ? undefined : { first, last },
    move: (event: PointerEvent & { readonly currentTarget: SVGSVGElement }): void => {
      setActive(indexOf(event))
      if (start !== undefined) setEnd(indexOf(event))
    },
    down: (event: PointerEvent & { readonly currentTarget: SVGSVGElement }): void => {
      if (event.button !== 0 || event.pointerType === 'touch') return
      setStart(indexOf(event))
      setEnd(indexOf(event))
    },
    up: (): void => {
      const [from, to] = [props.buckets[first], props.buckets[last]]
      if (start === undefined || from === undefined || to === undefined) return
      if (first === last) props.onOpen?.(from.start, from.end)
      else props.onZoom?.(from.start, to.end)
      stop()
    },
    leave: (): void => {
      setActive(undefined)
      stop()
    },
  }
}
