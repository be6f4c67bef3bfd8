/**
 * The span id of a tool call without a span: 16 lower-case hex characters, always the same for one call of one trace,
 * and never all zeros, which OpenTelemetry treats as invalid.
 */
export function toToolSpanId(traceId: string, toolCallId: string): string {
  const text = `${traceId}-${toolCallId}`
  let high = 0x811c9dc5
  let low = 0x9e3779b9
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    high = Math.imul(high ^ unit, 0x01000193)
    low = Math.imul(low ^ unit, 0x85ebca6b)
  }
  // Without a final mix, ids that differ only in their last character would look alike.
  const id = hexOf(mixed(high ^ (low >>> 16))) + hexOf(mixed(low ^ (high >>> 15)))
  return id === NO_SPAN ? `${NO_SPAN.slice(1)}1` : id
}

const NO_SPAN = '0000000000000000'

function mixed(bits: number): number {
  const once = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return (twice ^ (twice >>> 16)) >>> 0
}

function hexOf(bits: number): string {
  return bits.toString(16).padStart(8, '0')
}
