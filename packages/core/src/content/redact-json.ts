import type { Json, JsonObject } from '../json/json.ts'
import { ELLIPSIS } from '../json/cut-text.ts'
import { secretName } from './secret-names.ts'
import type { SecretName } from './secret-names.ts'
import { setOwn, toJson } from '../json/to-json.ts'

// Deeper or larger values cannot be checked, so they are dropped.
const MAX_DEPTH = 64
const MAX_NODES = 1_000_000
const MIN_RANDOM_LENGTH = 16

interface Walk {
  readonly redactText: (text: string) => string
  nodes: number
}

/** Redacts every text in a value, including keys, and texts under keys that name a secret. */
export function redactJson(json: Json, redactText: (text: string) => string): Json {
  try {
    return redact(json, { redactText, nodes: 0 }, 0)
  } catch {
    // A value threw while being read, so it is not plain JSON. A sanitized copy cannot throw.
    return redact(toJson(json), { redactText, nodes: 0 }, 0)
  }
}

function redact(json: Json, walk: Walk, depth: number): Json {
  walk.nodes += 1
  if (typeof json === 'string') return walk.redactText(json)
  if (typeof json !== 'object' || json === null) return json
  if (depth >= MAX_DEPTH || walk.nodes > MAX_NODES) return ELLIPSIS
  return isArray(json) ? redactArray(json, walk, depth) : redactObject(json, walk, depth)
}

function redactArray(array: readonly Json[], walk: Walk, depth: number): Json {
  let result: Json[] | undefined
  for (let index = 0; index < array.length; index += 1) {
    const value = array[index] ?? null
    const redacted = redact(value, walk, depth + 1)
    if (redacted !== value) result ??= array.slice(0, index)
    result?.push(redacted)
  }
  return result ?? array
}

function redactObject(object: JsonObject, walk: Walk, depth: number): Json {
  const keys = Object.keys(object)
  let result: Record<string, Json> | undefined
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? ''
    const value = object[key]
    if (value === undefined) continue
    const name = key === 'value' ? nameOfPair(object) : secretName(key)
    const redacted = name === undefined ? redact(value, walk, depth + 1) : redactSecret(value, name, walk, depth + 1)
    const redactedKey = walk.redactText(key)
    if (redacted !== value || redactedKey !== key) result ??= copyFirst(object, keys, index)
    if (result !== undefined) setOwn(result, redactedKey, redacted)
  }
  return result ?? object
}

/** What `name` says about `value` in `{ "name": "Authorization", "value": "…" }`, the usual form of header lists. */
function nameOfPair(object: JsonObject): SecretName | undefined {
  const name = object.name ?? object.key
  return typeof name === 'string' ? secretName(name) : undefined
}

/** Only texts are secrets: `{ "password": { "type": "string" } }` is a schema, `{ "secret": true }` a setting. */
function redactSecret(value: Json, name: SecretName, walk: Walk, depth: number): Json {
  if (typeof value === 'string') return isSecret(value, name) ? `[redacted:${name.label}]` : walk.redactText(value)
  if (typeof value !== 'object' || value === null || !isArray(value)) return redact(value, walk, depth)
  const redacted = value.map((element) => redactSecret(element, name, walk, depth + 1))
  return redacted.some((element, index) => element !== value[index]) ? redacted : value
}

function isSecret(value: string, name: SecretName): boolean {
  if (value === '' || value.startsWith('[redacted:')) return false
  if (name.secrecy === 'always') return true
  if (name.label.startsWith('cookie')) return value.includes('=')
  return value.length >= MIN_RANDOM_LENGTH && /[0-9]/.test(value) && !/\s/.test(value)
}

function copyFirst(object: JsonObject, keys: readonly string[], count: number): Record<string, Json> {
  const copy: Record<string, Json> = {}
  for (const key of keys.slice(0, count)) setOwn(copy, key, object[key] ?? null)
  return copy
}

function isArray(json: readonly Json[] | JsonObject): json is readonly Json[] {
  return Array.isArray(json)
}
