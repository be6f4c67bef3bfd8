import { isObject, jsonOf, objectOf, textOf, textsOf } from '../json/attribute-values.ts'
import type { Json, JsonObject } from '../json/json.ts'
import { cutJson } from '../json/cut-json.ts'
import { cutText } from '../json/cut-text.ts'
import { JsonValue } from '../json/json-value.ts'
import { type HrTime, toEpochMs } from './span-like.ts'

// A span may carry megabytes in every attribute. A row without content stays below 256 KiB.
const LONGEST_NAME = 1_024
const LONGEST_LIST = 100
const LONGEST_FACTS = 16_384
const LONGEST_CONTENT = 262_144
const LATEST_MS = 8_640_000_000_000_000

/** A name, id or other short text, cut to 1,024 characters; or undefined. */
export function nameOf(value: unknown): string | undefined {
  return cutName(textOf(value))
}

/** Cuts a name that may be undefined. */
export function cutName<T extends string | undefined>(name: T, longest = LONGEST_NAME): T | string {
  return name === undefined || name.length <= longest ? name : cutText(name, longest)
}

/** The first 100 names of a list, each cut; or undefined. */
export function namesOf(value: unknown): readonly string[] | undefined {
  return textsOf(value)
    ?.slice(0, LONGEST_LIST)
    .map((name) => cutName(name))
}

/** The object in a JSON string, cut to 16 KiB; or undefined. */
export function factsOf(value: unknown): JsonObject | undefined {
  if (value === undefined) return undefined
  if (value instanceof JsonValue || (typeof value === 'string' && value.length <= LONGEST_FACTS)) return objectOf(value)
  const json = cutJson(jsonOf(value) ?? null, LONGEST_FACTS)
  return isObject(json) ? json : undefined
}

/** Content as JSON, cut to 256 KiB because another application's policy may have kept anything. */
export function contentValueOf(value: unknown): Json | undefined {
  const json = jsonOf(value)
  return typeof value === 'string' && value.length > LONGEST_CONTENT ? cutJson(json, LONGEST_CONTENT) : json
}

/** Epoch milliseconds of a time that fits a JavaScript date; or undefined. */
export function epochMsOf(time: HrTime): number | undefined {
  const ms = toEpochMs(time)
  return ms >= 0 && ms <= LATEST_MS ? ms : undefined
}
