import type { Bucket } from '@spanledger/server/api'
import { useRef, useState } from 'preact/hooks'
import type { BarGeometry } from './bar-geometry.ts'

interface BarInput {
  readonly buckets: readonly Bucket[]
  readonly onOpen?: (from: number, to: number) => void
  readonly onZoom?: (from: number, to: number) => void
}

type SetActive = (index: number | undefined) => void

/** The keyboard of a chart: one stop for Tab, which the arrows move, so that two hundred bars are not two hundred stops. */
export function useRoving(props: BarInput, active: number | undefined, setActive: SetActive) {
  const svg = useRef<SVGSVGElement>(null)
  const last = props.buckets.length - 1
  const stop = Math.min(active ?? last, last)
  const press = (event: KeyboardEvent): void => {
    const at = indexOf(event) ?? stop
    const moves: Readonly<Record<string, number>> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }
    const bucket = props.buckets[at]
    if (event.key === 'Enter' && bucket !== undefined) props.onOpen?.(bucket.start, bucket.end)
    const next = moves[event.key]
    if (next === undefined) return
    event.preventDefault()
    const index = Math.max(0, Math.min(last, next))
    setActive(index)
    svg.current?.querySelector<SVGGElement>(`[data-index="${index}"]`)?.focus()
  }
  const enter = (event: FocusEvent): void => setActive(indexOf(event))
  const leave = (): void => setActive(undefined)
  return { svg, stop, press, enter, leave }
}

function indexOf({ target }: Event): number | undefined {
  const bucket = target instanceof Element ? target.closest('[data-index]') : null
  return bucket === null ? undefined : Number(bucket.getAttribute('data-index'))
}

/** The pointer of a chart: over a bar shows it, on a bar opens it, drawn over several zooms in. */
export function usePointer(props: BarInput, geometry: BarGeometry, setActive: SetActive) {
  const [start, setStart] = useState<number>()
  const [end, setEnd] = useState<number>()
  const indexUnder = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }): number =>
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
      setActive(indexUnder(event))
      if (start !== undefined) setEnd(indexUnder(event))
    },
    down: (event: PointerEvent & { readonly currentTarget: SVGSVGElement }): void => {
      if (event.button !== 0 || event.pointerType === 'touch') return
      setStart(indexUnder(event))
      setEnd(indexUnder(event))
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
