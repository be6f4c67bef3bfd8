import type { z } from '@hono/zod-openapi'
import { HttpError, type HttpErrorDetails } from '../http/http-error.ts'

type Issue = z.core.$ZodIssue

/** The part of a request that contains a field. */
export type RequestPart = 'query' | 'param' | 'header' | 'cookie' | 'form' | 'json'

const MAX_NAME = 100

/** What a schema found wrong with a part of a request. */
export interface Findings {
  readonly issues: readonly Issue[]
  readonly part: RequestPart
  readonly data: unknown
}

/** Turns the first issue into a refusal. */
export function refusalOfIssues({ issues, part, data }: Findings): HttpError {
  const [first] = issues
  if (first === undefined) return refused('The request cannot be read', { code: 'invalid_value' })
  const issue = innermost(first)
  const noun = part === 'json' ? 'field' : 'parameter'
  if (issue.code === 'unrecognized_keys') return unknownName(issue, noun)
  const field = fieldOf(issue.path)
  if (valueAt(data, issue.path) === undefined) {
    return refused(field === undefined ? 'The body is missing' : `${field} is missing`, { code: 'missing', field })
  }
  const subject = field ?? (part === 'json' ? 'The body' : 'The request')
  return refused(`${subject} ${whatIsWrong(issue)}`, { code: 'invalid_value', field, hint: hintOf(issue) })
}

function refused(message: string, details: Pick<HttpErrorDetails, 'code' | 'field' | 'hint'>): HttpError {
  return new HttpError(message, { status: 400, ...details })
}

function unknownName(issue: Extract<Issue, { code: 'unrecognized_keys' }>, noun: string): HttpError {
  const name = shortened(issue.keys[0] ?? '')
  const field = fieldOf([...issue.path, name])
  return refused(`Unknown ${noun} ${JSON.stringify(field)}`, {
    code: `unknown_${noun}`,
    field,
    hint: issue.message.startsWith('Use ') ? issue.message : undefined,
  })
}

// If a value may have several forms, the message describes the closest one.
function innermost(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue
  const candidates = issue.errors.flatMap(([first]) => (first === undefined ? [] : [innermost(first)]))
  const nearest = candidates.find((candidate) => candidate.code !== 'invalid_type' || candidate.path.length > 0)
  if (nearest !== undefined) return { ...nearest, path: [...issue.path, ...nearest.path] }
  const expected = candidates.flatMap((candidate) => (candidate.code === 'invalid_type' ? [candidate.expected] : []))
  return { ...issue, message: `must be ${[...new Set(expected.map(wordOf))].join(' or ')}` }
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    const isHere = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    return isHere ? (value as Readonly<Record<PropertyKey, unknown>>)[key] : undefined // `hasOwn` found the key
  }, data)
}

function whatIsWrong(issue: Issue): string {
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input'))
    return `must be ${wordOf(issue.expected)}`
  if (issue.code === 'invalid_value') return 'has an unknown value'
  if (issue.code === 'too_big' && issue.message.startsWith('Too big')) return `must be at most ${issue.maximum}`
  if (issue.code === 'too_small' && issue.message.startsWith('Too small')) return `must be at least ${issue.minimum}`
  return /^(?:Invalid|Too)/.test(issue.message) ? 'is invalid' : issue.message
}

function hintOf(issue: Issue): string | undefined {
  if (issue.code === 'invalid_value') {
    return `Use ${issue.values
      .filter((value) => value !== '')
      .map(String)
      .join(', ')}`
  }
  const hint: unknown = issue.code === 'custom' ? issue.params?.['hint'] : undefined
  return typeof hint === 'string' ? hint : undefined
}

function wordOf(expected: string): string {
  if (expected === 'int') return 'a whole number'
  if (expected === 'record' || expected === 'object') return 'an object'
  if (expected === 'array') return 'an array'
  return expected === 'string' ? 'a string' : expected === 'null' ? 'null' : `a ${expected}`
}

function fieldOf(path: readonly PropertyKey[]): string | undefined {
  if (path.length === 0) return undefined
  const names = path.map((part, index) =>
    typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${shortened(String(part))}`,
  )
  return names.join('')
}

function shortened(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME).toWellFormed()}…` : name.toWellFormed()
}
