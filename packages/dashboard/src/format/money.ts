import { UNKNOWN } from './numbers.ts'

const NANO = 1_000_000_000

const cents = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 })
const mills = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 3 })
const tiny = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 })
const short = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  notation: 'compact',
  maximumSignificantDigits: 3,
})

/** `$1,234`, `$12.34`, `$0.0041`: as many digits as say something. */
export function formatMoney(nanoUsd: number | null | undefined): string {
  if (nanoUsd === null || nanoUsd === undefined) return UNKNOWN
  const usd = nanoUsd / NANO
  const size = Math.abs(usd)
  if (size === 0) return '$0'
  if (size >= 10_000) return dollars.format(usd)
  if (size >= 0.1) return cents.format(usd)
  if (size >= 0.01) return mills.format(usd)
  return size < 1e-7 ? '<$0.0000001' : tiny.format(usd)
}

/** How many decimals the amounts of a column need, so that they line up. */
export function columnDecimals(amounts: readonly (number | null | undefined)[]): number {
  const isSmall = amounts.some((nanoUsd) => typeof nanoUsd === 'number' && nanoUsd > 0 && nanoUsd < NANO)
  return isSmall ? 4 : 2
}

/** `$12.3400` with four decimals: an amount in a column. */
export function formatColumnMoney(nanoUsd: number, decimals: number): string {
  const usd = nanoUsd / NANO
  const least = 10 ** -decimals
  if (usd > 0 && usd < least / 2) return `<$${least.toFixed(decimals)}`
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })}`
}

/** Every digit there is: `$0.004125`. */
export function exactMoney(nanoUsd: number | null | undefined): string {
  if (nanoUsd === null || nanoUsd === undefined) return UNKNOWN
  const [units = '0', fraction = ''] = (Math.abs(nanoUsd) / NANO).toFixed(9).split('.')
  const rest = fraction.replace(/0+$/, '').padEnd(2, '0')
  return `${nanoUsd < 0 ? '-' : ''}$${Number(units).toLocaleString('en-US')}.${rest}`
}

/** `$1.2K`, for the axis of a chart. */
export function axisMoney(nanoUsd: number): string {
  const usd = nanoUsd / NANO
  if (usd === 0) return '$0'
  return Math.abs(usd) >= 1 ? short.format(usd) : `$${usd.toFixed(9).replace(/(\.\d*[1-9])0+$/, '$1')}`
}
