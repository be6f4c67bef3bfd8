import { useEffect, useState } from 'preact/hooks'

/**
 * How many parts of a page may be drawn: one more after each that was painted. All at once they would keep the browser
 * from answering the reader, and the first of them from being seen.
 */
export function useStage(last: number): number {
  const [stage, setStage] = useState(0)
  useEffect(() => {
    if (stage >= last) return undefined
    const timer = setTimeout(() => setStage(stage + 1))
    return () => clearTimeout(timer)
  }, [stage, last])
  return stage
}
