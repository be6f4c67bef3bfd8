import { isObject } from '../json/attribute-values.ts'
import { integerOfOtlp, OTLP_LIMITS, setAttribute } from './otlp-span.ts'

/**
 * The attributes of an OTLP `KeyValue` list. Invalid entries, values of the wrong type, the key `__proto__` and
 * everything beyond the limits are left out. For a repeated key the last entry wins.
 */
export function attributesOfOtlp(list: unknown): Record<string, unknown> {
  return keyValues(list, 0)
}

function keyValues(list: unknown, depth: number): Record<string, unknown> {
  const attributes: Record<string, unknown> = {}
  if (!Array.isArray(list)) return attributes
  const entries: readonly unknown[] =
    list.length > OTLP_LIMITS.attributes ? list.slice(0, OTLP_LIMITS.attributes) : list
  for (const entry of entries) {
    if (!isObject(entry) || typeof entry['key'] !== 'string') continue
    const value = anyValue(entry['value'], depth)
    if (value !== undefined) setAttribute(attributes, entry['key'], value)
  }
  return attributes
}

/** The value in an OTLP `AnyValue`; null if it is empty or too deep, undefined if it is invalid. */
function anyValue(value: unknown, depth: number): unknown {
  if (!isObject(value)) return undefined
  if (depth >= OTLP_LIMITS.depth) return null
  if (isGiven(value['stringValue'])) return textOf(value['stringValue'])
  if (isGiven(value['boolValue'])) return typeof value['boolValue'] === 'boolean' ? value['boolValue'] : undefined
  if (isGiven(value['intValue'])) return integerOf(value['intValue'])
  if (isGiven(value['doubleValue'])) return doubleOf(value['doubleValue'])
  if (isGiven(value['arrayValue'])) return elementsOf(value['arrayValue'], depth + 1)
  if (isGiven(value['kvlistValue']))
    return isObject(value['kvlistValue']) ? keyValues(value['kvlistValue']['values'], depth + 1) : undefined
  // Bytes stay in base64, as sent: no attribute that we read holds bytes.
  if (isGiven(value['bytesValue'])) return textOf(value['bytesValue'])
  return null
}

// In protobuf JSON, `null` is the same as an absent field.
function isGiven(field: unknown): boolean {
  return field !== undefined && field !== null
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= OTLP_LIMITS.textLength ? value : undefined
}

function elementsOf(list: unknown, depth: number): unknown[] | undefined {
  if (!isObject(list)) return undefined
  const values = list['values']
  // Positions matter in an array, so an invalid element becomes `null`.
  return Array.isArray(values) ? values.map((value) => anyValue(value, depth) ?? null) : []
}

function integerOf(value: unknown): number | string | undefined {
  if (typeof value === 'number')
    return Number.isInteger(value) ? integerOfOtlp(Number.isSafeInteger(value) ? value : BigInt(value)) : undefined
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value)) return undefined
  return integerOfOtlp(value.length <= SHORT ? Number(value) : BigInt(value))
}

// Integers with up to 15 digits are always safe numbers.
const SHORT = 15

/** A number, or one of the three values that JSON can only write as text. */
function doubleOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (value === 'NaN') return Number.NaN
  if (value === 'Infinity') return Number.POSITIVE_INFINITY
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY
  const isDecimal = typeof value === 'string' && /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value)
  return isDecimal ? Number(value) : undefined
}
