const DECIMAL = /^(\d{1,9})(?:\.(\d{1,12}))?$/

/** Decimal places kept of a price in dollars. */
export const PRICE_DECIMALS = 12

/** A price such as `"0.0035"` as an integer of 10^-12 dollars; undefined unless it is a plain decimal. */
export function parseDecimal(text: string): bigint | undefined {
  const parts = DECIMAL.exec(text)
  if (parts === null) return undefined
  const [, whole = '0', fraction = ''] = parts
  return BigInt(whole + fraction.padEnd(PRICE_DECIMALS, '0'))
}

/** Divides non-negative integers, rounding half up. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor / 2n) / divisor
}

// Longer numbers and exponents are not amounts of money, and would be expensive to expand as BigInt.
const LONGEST_AMOUNT = 64
const LARGEST_EXPONENT = 40
const AMOUNT = /^(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/

/**
 * An amount reported by a provider, times 10^`decimals`, rounded half up, without floating point. Accepts a number or a
 * decimal string; undefined if negative, not finite, too large for a safe integer or not an amount.
 */
export function parseAmount(value: unknown, decimals: number): number | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || text.length > LONGEST_AMOUNT) return undefined
  const parts = AMOUNT.exec(text.trim())
  if (parts === null) return undefined
  const [, whole = '', fraction = '', exponent = '0'] = parts
  if (whole === '' && fraction === '') return undefined
  const shift = decimals - fraction.length + Number(exponent)
  if (Math.abs(shift) > LARGEST_EXPONENT + LONGEST_AMOUNT) return undefined
  const digits = BigInt(whole + fraction)
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : divideHalfUp(digits, 10n ** BigInt(-shift))
  return scaled <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(scaled) : undefined
}
