import { cutJson } from '../json/cut-json.ts'
import { jsonValueOf } from '../json/json-value.ts'

/** Attributes under construction. */
export type MutableAttributes = Record<string, unknown>

/** Sets an attribute unless the value is undefined. */
export function set(to: MutableAttributes, name: string, value: unknown): void {
  if (value !== undefined) to[name] = value
}

/** Sets an attribute to a value as JSON. Empty values are left out; very long ones are cut. */
export function setJson(to: MutableAttributes, name: string, value: unknown): void {
  if (value === undefined || value === null) return
  if (typeof value === 'object' && isEmpty(value)) return
  const text = JSON.stringify(value)
  to[name] = text.length <= LONGEST_JSON ? text : JSON.stringify(cutJson(value, LONGEST_JSON))
}

/** The same for a conversion that only `toCall` reads: stores the value itself if it survives JSON unchanged. */
export function setJsonValue(to: MutableAttributes, name: string, value: unknown): void {
  if (value === undefined || value === null || (typeof value === 'object' && isEmpty(value))) return
  const kept = jsonValueOf(value, LONGEST_VALUE)
  if (kept === undefined) setJson(to, name, value)
  else to[name] = kept
}

function isEmpty(value: object): boolean {
  if (Array.isArray(value)) return value.length === 0
  // Listing all keys would take as long as serializing them.
  for (const first in value) return first === undefined
  return true
}

// As long as everything that a policy keeps of a call.
const LONGEST_JSON = 262_144

// The shortest limit among the readers of such values.
const LONGEST_VALUE = 16_384
