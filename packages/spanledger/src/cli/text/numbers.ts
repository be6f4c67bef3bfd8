/** Shown for an unknown value, which is never 0. */
export const UNKNOWN = '–'

const NANO_PER_SHOWN_UNIT = 100_000n
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

/** Integer nano-USD for a person, such as `$0.0041`, rounded to four places; `<$0.0001` for an amount that would round to 0. */
export function formatUsd(nanoUsd: number): string {
  const nano = BigInt(Math.round(nanoUsd))
  const units = (nano + NANO_PER_SHOWN_UNIT / 2n) / NANO_PER_SHOWN_UNIT
  if (units === 0n && nano > 0n) return '<$0.0001'
  return `$${(units / 10_000n).toLocaleString('en-US')}.${String(units % 10_000n).padStart(4, '0')}`
}

/** A count for a table: `999`, `1.2k`, `3.4M`. */
export function formatCount(count: number | null): string {
  return count === null ? UNKNOWN : COMPACT.format(count).replace('K', 'k')
}

/** A duration for a table: `850ms`, `1.9s`, `2m 05s`, `1h 02m`. */
export function formatDuration(durationMs: number | null): string {
  if (durationMs === null) return UNKNOWN
  if (durationMs > 0 && durationMs < 1) return '<1ms'
  if (Math.round(durationMs) < 1000) return `${Math.round(durationMs)}ms`
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)}s`
  const seconds = Math.round(durationMs / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`
  return `${Math.floor(seconds / 3600)}h ${pad(Math.floor(seconds / 60) % 60)}m`
}

/** A share as `98.7%`, rounded, but 100 % means all of them and 0 % none. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return UNKNOWN
  if (part === 0 || part === whole) return part === 0 ? '0%' : '100%'
  const percent = Math.round((part * 1000) / whole) / 10
  return `${Math.min(99.9, Math.max(0.1, percent))}%`
}

/** A change as `+12%` or `−3.4%`; `new` if there was nothing before. Unknown if either number is. */
export function formatChange(now: number | null, before: number | null): string {
  if (now === null || before === null) return UNKNOWN
  if (before === 0) return now === 0 ? '0%' : 'new'
  const percent = ((now - before) / before) * 100
  return `${signed(percent, Math.abs(percent) < 10 ? 1 : 0)}%`
}

/** The change of a failure rate in percentage points, as `+1.2 points`; unknown if a range has no calls. */
export function formatPoints({
  now,
  before,
}: Readonly<Record<'now' | 'before', { calls: number; errors: number }>>): string {
  if (now.calls === 0 || before.calls === 0) return UNKNOWN
  return `${signed((now.errors / now.calls - before.errors / before.calls) * 100, 1)} points`
}

/** `0.13%`, `66%`, `134%`: never rounded up, so 100% means that a limit is reached. */
export function formatPercent(percent: number): string {
  if (percent === 0 || percent >= 1) return `${Math.floor(percent)}%`
  return percent < 0.01 ? '<0.01%' : `${Math.floor(percent * 100) / 100}%`
}

/** A count with its noun: `1 call`, `1,200 calls`. */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}

function signed(value: number, digits: number): string {
  const rounded = Math.round(value * 10 ** digits) / 10 ** digits
  const sign = rounded === 0 ? '' : rounded > 0 ? '+' : '−'
  return `${sign}${Math.abs(rounded).toLocaleString('en-US')}`
}

function pad(count: number): string {
  return String(count).padStart(2, '0')
}
