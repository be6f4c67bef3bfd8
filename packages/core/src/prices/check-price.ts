import { isObject } from '../json/attribute-values.ts'
import { parseDecimal } from './decimal.ts'
import type { JsonPath } from './price-error.ts'
import { TOKEN_PRICE_NAMES, UNIT_PRICE_NAMES } from './price-file.ts'

/** Throws an error that names the path. */
export type Fail = (path: JsonPath, message: string) => never

type Fields = Readonly<Record<string, unknown>>

const LONGEST_TEXT = 300
const TIME_UNITS = ['second', 'minute', 'hour'] as const

/** Checks the fields common to all prices: `from`, `per_mtok`, `above` and `per_unit`. */
export function checkPrice(price: Fields, path: JsonPath, fail: Fail): void {
  checkDay(price['from'], [...path, 'from'], fail)
  if (price['per_mtok'] !== undefined)
    checkDecimals(price['per_mtok'], { known: TOKEN_PRICE_NAMES, path: [...path, 'per_mtok'], fail })
  if (price['per_unit'] !== undefined) checkUnits(price['per_unit'], [...path, 'per_unit'], fail)
  if (price['above'] !== undefined) checkAbove(price, [...path, 'above'], fail)
}

/** Rejects unknown fields: most are spelling mistakes. */
export function refuseUnknown(
  value: Fields,
  { known, path, fail }: { readonly known: readonly string[]; readonly path: JsonPath; readonly fail: Fail },
): void {
  for (const field of Object.keys(value)) {
    if (!known.includes(field))
      fail([...path, field], `unknown field; use ${known.filter((name) => name !== '$schema').join(', ')}`)
  }
}

/** Checks a name: a string that is neither empty nor too long. */
export function checkText(value: unknown, path: JsonPath, fail: Fail): void {
  if (typeof value !== 'string' || value.trim() === '' || value.length > LONGEST_TEXT) {
    fail(path, `${quote(value)} is not a name; write 1 to ${LONGEST_TEXT} characters`)
  }
}

/** Checks a day such as `2026-01-31`; null and undefined are allowed. */
export function checkDay(value: unknown, path: JsonPath, fail: Fail): void {
  if (value === undefined || value === null) return
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value) || !isDay(value)) {
    fail(path, `${quote(value)} is not a day; write it as a string such as "2026-01-31"`)
  }
}

/** Checks a decimal string. */
export function checkDecimal(value: unknown, path: JsonPath, fail: Fail): void {
  if (typeof value !== 'string' || parseDecimal(value) === undefined) {
    fail(path, `${quote(value)} is not a decimal; write it as a string such as "0.25"`)
  }
}

function checkUnits(value: unknown, path: JsonPath, fail: Fail): void {
  checkDecimals(value, { known: UNIT_PRICE_NAMES, path, fail })
  const times = TIME_UNITS.filter((unit) => isObject(value) && value[unit] !== undefined)
  if (times.length > 1) fail(path, `time is priced twice; keep only one of ${times.join(', ')}`)
}

function checkAbove(price: Fields, path: JsonPath, fail: Fail): void {
  const above: unknown = price['above']
  if (!Array.isArray(above)) return fail(path, 'expected an array of {"input_gt": 200000, "per_mtok": {…}}')
  if (price['per_mtok'] === undefined) fail(path, 'prices for long input also need per_mtok for shorter input')
  const starts = new Set<unknown>()
  above.forEach((step: unknown, index) => checkStep(step, { starts, path: [...path, index], fail }))
}

interface StepContext {
  readonly starts: Set<unknown>
  readonly path: JsonPath
  readonly fail: Fail
}

function checkStep(step: unknown, { starts, path, fail }: StepContext): void {
  if (!isObject(step)) return fail(path, 'expected {"input_gt": 200000, "per_mtok": {…}}')
  refuseUnknown(step, { known: ['input_gt', 'per_mtok'], path, fail })
  const start = step['input_gt']
  if (!Number.isSafeInteger(start) || Number(start) < 0)
    fail([...path, 'input_gt'], `${quote(start)} is not a number of tokens`)
  if (starts.has(start)) fail([...path, 'input_gt'], `${quote(start)} appears twice`)
  starts.add(start)
  checkDecimals(step['per_mtok'], { known: TOKEN_PRICE_NAMES, path: [...path, 'per_mtok'], fail })
}

function checkDecimals(
  value: unknown,
  { known, path, fail }: { readonly known: readonly string[]; readonly path: JsonPath; readonly fail: Fail },
): void {
  if (!isObject(value)) return fail(path, 'expected an object of decimals such as {"input": "0.25"}')
  refuseUnknown(value, { known, path, fail })
  for (const name of known) if (value[name] !== undefined) checkDecimal(value[name], [...path, name], fail)
  if (Object.keys(value).length === 0) fail(path, `has no price; use ${known.join(', ')}`)
}

// Date.parse accepts 31 February as 3 March.
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function quote(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
