/** What stands where nothing is known. */
export const UNKNOWN = '–'

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 })

/** `1,204`. */
export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : whole.format(value)
}

/** `1 call`, `1,204 calls`. */
export function countOf(value: number, noun: string): string {
  return `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** `1.2M`; whole numbers under ten thousand. */
export function formatCompact(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN
  return Math.abs(value) < 10_000 ? whole.format(value) : compact.format(value)
}

/** `5K`, for the axis of a chart. */
export function axisCount(value: number): string {
  return compact.format(value)
}

/** `12.3%` of a fraction. */
export function formatShare(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN
  const percent = value * 100
  if (percent > 0 && percent < 0.1) return '<0.1%'
  return `${percent >= 99.95 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1)}%`
}

/** `0.13%`, `66%`, `134%`: never rounded up, so 100% means that a limit is reached. */
export function formatPercent(percent: number | null | undefined): string {
  if (percent === null || percent === undefined) return UNKNOWN
  if (percent === 0 || percent >= 1) return `${Math.floor(percent)}%`
  return percent < 0.01 ? '<0.01%' : `${(Math.floor(percent * 100) / 100).toString()}%`
}

/** `850 ms`, `1.24 s`, `2 m 05 s`. */
export function formatDuration(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN
  if (value < 1) return `${value === 0 ? 0 : '<1'} ms`
  if (value < 999.5) return `${Math.round(value)} ms`
  if (value < 59_950) return `${(value / 1000).toFixed(value < 9_995 ? 2 : 1)} s`
  const seconds = Math.round(value / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')} m`
}

/** `12.4 MB`. */
export function formatBytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), units.length - 1)
  const scaled = value / 1000 ** power
  return `${scaled.toFixed(power === 0 || scaled >= 100 ? 0 : 1)} ${units[power]}`
}

/** A part of a whole; unknown where either is, or where there is no whole. */
export function shareOf(part: number | null | undefined, all: number | null | undefined): number | null {
  return part === null || part === undefined || all === null || all === undefined || all === 0 ? null : part / all
}
