import { inspect } from 'node:util'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import type { Capture } from './capture.ts'
import { inTreeOrder } from './span-tree.ts'

const KINDS = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']
const STATUSES = ['UNSET', 'OK', 'ERROR']
const LONGEST = 2000

/** Everything that stands on the captured spans, as an indented text for people. */
export function formatSpans(capture: Capture): string {
  const start = Math.min(...[...capture.spans, ...capture.open].map(startMs))
  const blocks = inTreeOrder(capture).map(({ span, depth, ended }) => {
    const indent = '    '.repeat(depth)
    return formatSpan(span, ended, start)
      .map((line) => indent + line)
      .join('\n')
  })
  const error = capture.error === undefined ? [] : [`threw ${inspect(capture.error).slice(0, LONGEST)}`]
  return [...blocks, ...error].join('\n\n') + '\n'
}

function formatSpan(span: ReadableSpan, ended: boolean, start: number): string[] {
  const { name, kind, status, duration, instrumentationScope: scope } = span
  const parent = span.parentSpanContext?.spanId ?? 'none'
  const time = ended ? `took ${(duration[0] * 1000 + duration[1] / 1e6).toFixed(1)} ms` : 'NEVER ENDED'
  return [
    `${name}   [${KINDS[kind]}] scope=${scope.name} id=${span.spanContext().spanId} parent=${parent}`,
    `  ${STATUSES[status.code]}${status.message === undefined ? '' : `: ${JSON.stringify(status.message)}`}, starts at +${(startMs(span) - start).toFixed(1)} ms, ${time}`,
    ...formatAttributes(span.attributes, '  '),
    ...span.events.flatMap((event) => [
      `  event ${event.name} at +${(event.time[0] * 1000 + event.time[1] / 1e6 - start).toFixed(1)} ms`,
      ...formatAttributes(event.attributes ?? {}, '    '),
    ]),
  ]
}

function formatAttributes(attributes: Readonly<Record<string, unknown>>, indent: string): string[] {
  return Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${indent}${name} = ${formatValue(value)}`)
}

function formatValue(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text
}

function startMs({ startTime: [seconds, nanos] }: ReadableSpan): number {
  return seconds * 1000 + nanos / 1e6
}
