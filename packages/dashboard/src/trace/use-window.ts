import type { RefObject } from 'preact'
import { useCallback, useLayoutEffect, useState } from 'preact/hooks'

// Drawn above and below what is seen, so that a fast scroll shows no gap.
const SPARE_ROWS = 12

/** The rows of a long list that are in sight: `from` inclusive, `to` exclusive. All rows are equally high. */
export interface RowWindow {
  readonly from: number
  readonly to: number
  /** Scrolls no further than a row needs to be in sight. */
  readonly reveal: (index: number) => void
}

/** Follows what is in sight of a list that scrolls by itself; `headHeight` is what stays at its top. All sizes in pixels. */
export function useWindow(
  scroller: RefObject<HTMLDivElement | null>,
  { rowHeight, headHeight }: { readonly rowHeight: number; readonly headHeight: number },
): RowWindow {
  const [seen, setSeen] = useState({ top: 0, height: 1000 })
  useLayoutEffect(() => {
    const { current } = scroller
    if (current === null) return undefined
    const look = (): void => setSeen({ top: current.scrollTop, height: current.clientHeight })
    look()
    const observer = new ResizeObserver(look)
    observer.observe(current)
    current.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      current.removeEventListener('scroll', look)
    }
  }, [scroller])
  const reveal = useCallback(
    (index: number) => {
      const { current } = scroller
      if (current === null) return
      const top = index * rowHeight
      const room = current.clientHeight - headHeight - rowHeight
      if (top < current.scrollTop) current.scrollTop = top
      else if (top > current.scrollTop + room) current.scrollTop = top - room
    },
    [scroller, rowHeight, headHeight],
  )
  return {
    from: Math.max(0, Math.floor(seen.top / rowHeight) - SPARE_ROWS),
    to: Math.ceil((seen.top + seen.height) / rowHeight) + SPARE_ROWS,
    reveal,
  }
}
