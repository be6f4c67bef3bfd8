import type { StreamAnswer } from '../sdk.ts'

/** Reads a stream to its end. Whether a broken stream throws here differs between majors; errors are parts as well. */
export async function consume(answer: StreamAnswer): Promise<void> {
  for await (const part of answer.fullStream) void part
}

/** Reads until the first text and gives up there. */
export async function readFirstText(answer: StreamAnswer): Promise<void> {
  for await (const text of answer.textStream) if (text !== '') return
}

/** Keeps the SDK from printing what a scenario provokes on purpose. */
export const quiet = { onError: (): void => {} }
