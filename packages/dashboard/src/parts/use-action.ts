import { useState } from 'preact/hooks'
import { toError } from '../api/use-query.ts'

/** Something that is done at the server when the reader says so. */
export interface Action {
  readonly isRunning: boolean
  readonly error: Error | undefined
  readonly run: (work: () => Promise<void>) => void
}

/** Keeps track of one thing that is being done, so that it is not done twice and its failure is shown. */
export function useAction(): Action {
  const [isRunning, setRunning] = useState(false)
  const [error, setError] = useState<Error>()
  const run = (work: () => Promise<void>): void => {
    if (isRunning) return
    setRunning(true)
    setError(undefined)
    work()
      .catch((reason: unknown) => setError(toError(reason)))
      .finally(() => setRunning(false))
  }
  return { isRunning, error, run }
}

/** The fields of a form that hold something. */
export function readForm(form: HTMLFormElement): Readonly<Record<string, string>> {
  const fields = [...new FormData(form)].flatMap(([name, value]) =>
    typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()] as const] : [],
  )
  return Object.fromEntries(fields)
}
