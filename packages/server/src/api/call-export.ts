import type { StoredCall } from '@spanledger/store'
import { callsAsText } from '../export/call-text.ts'

/** Formats of an export. */
export const EXPORT_FORMATS = ['csv', 'jsonl'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** The content type of each export format. */
export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/x-ndjson',
}

/** Streams an exported file. Reads calls as fast as the client reads the file. */
export function exportStream(calls: AsyncIterable<StoredCall>, format: ExportFormat): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const texts = callsAsText(calls, format)
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await texts.next()
      if (done === true) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await texts.return(undefined)
    },
  })
}
