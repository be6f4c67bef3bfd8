import { useCallback, useLayoutEffect, useState } from 'preact/hooks'
import { request } from './request.ts'

/** An answer of the API, as far as it is there. What was answered before stays while the next one is awaited. */
export interface Query<Answer> {
  readonly data: Answer | undefined
  readonly error: Error | undefined
  readonly isLoading: boolean
  readonly reload: () => void
}

interface State<Answer> {
  readonly data?: Answer
  readonly error?: Error
  readonly isLoading: boolean
}

/** Asks the API for a path, and again whenever the path changes or `reload` is called; asks nothing for `undefined`. */
export function useQuery<Answer>(path: string | undefined): Query<Answer> {
  const [round, setRound] = useState(0)
  const [state, setState] = useState<State<Answer>>({ isLoading: path !== undefined })

  // Not after the first paint, as other effects: the answer is what the reader waits for.
  useLayoutEffect(() => {
    if (path === undefined) return undefined
    const controller = new AbortController()
    setState((before) => ({ ...before, isLoading: true }))
    request<Answer>(path, { signal: controller.signal }).then(
      (data) => setState({ data, isLoading: false }),
      (error: unknown) => {
        if (controller.signal.aborted) return
        setState((before) => ({ ...before, error: toError(error), isLoading: false }))
      },
    )
    return () => controller.abort()
  }, [path, round])

  const reload = useCallback(() => setRound((count) => count + 1), [])
  return { data: state.data, error: state.error, isLoading: state.isLoading, reload }
}

/** An error, whatever was thrown. */
export function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
