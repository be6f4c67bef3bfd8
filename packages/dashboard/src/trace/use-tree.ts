import type { RefObject } from 'preact'
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { TraceRow } from './trace-rows.ts'

/** A tree that is walked with the keyboard, as screen readers expect of one. */
export interface Tree {
  /** The span that Tab reaches. */
  readonly tabStop: string | undefined
  /** The span that the page is about, and its neighbours: the keys [ and ] look for them. */
  readonly nearCurrent: ReadonlySet<string>
  readonly toggle: (id: string) => void
  /** Opens everything above a span of `all`, and scrolls to it. */
  readonly show: (id: string, all: readonly TraceRow[]) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

interface TreeOptions {
  readonly scroller: RefObject<HTMLDivElement | null>
  /** What can be seen: nothing below a collapsed span. */
  readonly rows: readonly TraceRow[]
  readonly collapsed: ReadonlySet<string>
  readonly setCollapsed: (collapsed: ReadonlySet<string>) => void
  readonly current: string
  readonly reveal: (index: number) => void
}

/** Keeps the place of the reader in a tree. */
export function useTree({ scroller, rows, collapsed, setCollapsed, current, reveal }: TreeOptions): Tree {
  const [active, setActive] = useState<string>()
  const takesFocus = useRef(false)
  const at = Math.max(
    0,
    rows.findIndex(({ call }) => call.id === (active ?? current)),
  )

  useLayoutEffect(() => {
    if (active === undefined) return
    reveal(rows.findIndex(({ call }) => call.id === active))
    if (!takesFocus.current) return
    takesFocus.current = false
    scroller.current?.querySelector<HTMLElement>(`[data-span="${CSS.escape(active)}"]`)?.focus({ preventScroll: true })
  }, [active, rows])

  const toggle = (id: string, isOpen = collapsed.has(id)): void => {
    const next = new Set(collapsed)
    if (isOpen) next.delete(id)
    else next.add(id)
    setCollapsed(next)
  }
  const walk = (row: TraceRow | undefined): void => {
    takesFocus.current = true
    if (row !== undefined) setActive(row.call.id)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const row = rows[at]
    if (row === undefined) return
    const { id } = row.call
    const isClosed = collapsed.has(id)
    if (event.key === 'ArrowDown') walk(rows[at + 1])
    else if (event.key === 'ArrowUp') walk(rows[at - 1])
    else if (event.key === 'Home') walk(rows[0])
    else if (event.key === 'End') walk(rows.at(-1))
    else if (event.key === 'ArrowRight' && row.hasChildren && isClosed) toggle(id, true)
    else if (event.key === 'ArrowRight' && row.hasChildren) walk(rows[at + 1])
    else if (event.key === 'ArrowLeft' && row.hasChildren && !isClosed) toggle(id, false)
    else if (event.key === 'ArrowLeft') walk(rows.find(({ call }) => call.id === row.parent))
    else return
    event.preventDefault()
  }
  const show = (id: string, all: readonly TraceRow[]): void => {
    setCollapsed(openedAbove(id, all, collapsed))
    setActive(id)
  }
  const nearCurrent = useMemo(() => {
    const place = rows.findIndex(({ call }) => call.id === current)
    return new Set(rows.slice(Math.max(0, place - 1), place + 2).map(({ call }) => call.id))
  }, [rows, current])
  return { tabStop: rows[at]?.call.id, nearCurrent, toggle, show, onKeyDown }
}

function openedAbove(id: string, all: readonly TraceRow[], collapsed: ReadonlySet<string>): ReadonlySet<string> {
  const parents = new Map(all.map(({ call, parent }) => [call.id, parent]))
  const next = new Set(collapsed)
  for (let above = parents.get(id); above !== undefined; above = parents.get(above)) next.delete(above)
  return next
}
