import { createContext } from 'preact'
import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import { FILTER_NAMES } from '../view/filters.ts'
import type { View } from '../view/view.tsx'
import { followEvents } from './event-stream.ts'

/** Calls that arrive while the page is open. */
export interface Live {
  readonly state: 'off' | 'connecting' | 'open' | 'waiting'
  /** How many arrived that what is shown does not hold yet. */
  readonly arrived: number
  readonly isOn: boolean
  readonly toggle: () => void
}

const LIVE_KEY = 'spanledger.live'
const OFF: Live = { state: 'off', arrived: 0, isOn: false, toggle: () => undefined }
const LiveContext = createContext<Live>(OFF)

/** Provides arriving calls to all components below it. */
export const LiveProvider = LiveContext.Provider

/** The calls that arrive. */
export function useLive(): Live {
  return useContext(LiveContext)
}

/** Follows the calls that the filters let through. A range with a fixed end has none. */
export function useFollowedCalls({ route, range }: View): Live {
  const [isOn, setOn] = useState(() => localStorage.getItem(LIVE_KEY) !== 'off')
  const [state, setState] = useState<Live['state']>('connecting')
  const [arrived, setArrived] = useState(0)
  const filters = new URLSearchParams([...route.parameters].filter(([name]) => isStreamed(name))).toString()
  const isFollowing = isOn && range.preset !== undefined

  useEffect(() => {
    if (!isFollowing) return setState('off')
    const controller = new AbortController()
    setState('connecting')
    void followEvents(`/api/stream${filters === '' ? '' : `?${filters}`}`, {
      signal: controller.signal,
      onEvent: () => setArrived((count) => count + 1),
      onState: setState,
    })
    return () => controller.abort()
  }, [filters, isFollowing])

  // Whatever is shown was asked for up to the end of the range, so nothing is new any more.
  useEffect(() => setArrived(0), [range.to])

  const toggle = (): void => {
    localStorage.setItem(LIVE_KEY, isOn ? 'off' : 'on')
    setOn(!isOn)
  }
  return { state, arrived, isOn, toggle }
}

// Which tools a run uses is not known when one of its calls arrives.
function isStreamed(name: string): boolean {
  return FILTER_NAMES.includes(name) && name !== 'usedTool' && name !== 'notUsedTool'
}

const SETTLE_MS = 100
// As often as the server looks for new calls; with a longer pause a call would be seen later than two seconds after it.
const AT_MOST_EVERY_MS = 1_000

/** Asks again, shortly after calls arrived; for pages whose numbers change in place. */
export function useLiveRefresh(refresh: () => void, isOn = true): void {
  const { arrived } = useLive()
  const isWaiting = arrived > 0 && isOn
  const refreshedAt = useRef(0)
  useEffect(() => {
    if (!isWaiting) return undefined
    const pauseMs = Math.max(SETTLE_MS, refreshedAt.current + AT_MOST_EVERY_MS - performance.now())
    const timer = setTimeout(() => {
      refreshedAt.current = performance.now()
      refresh()
    }, pauseMs)
    return () => clearTimeout(timer)
    // Not again for each call: the first of many starts the clock, and the answer holds them all.
  }, [isWaiting])
}
