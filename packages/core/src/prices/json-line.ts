/** Where something stands in a JSON document: keys and indexes from the outside in. */
export type JsonPath = readonly (string | number)[]

interface Frame {
  readonly isArray: boolean
  key: string | number | undefined
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g

/** The line, from 1, on which the value at `path` begins; that of what is around it where `path` leads nowhere. */
export function lineOfJson(text: string, path: JsonPath): number {
  const open: Frame[] = []
  let found = 0
  let foundDepth = -1
  for (const token of text.matchAll(TOKEN)) {
    const frame = open.at(-1)
    const first = token[0].charAt(0)
    if (first === ']' || first === '}') open.pop()
    else if (first === ',') advance(frame)
    else if (first === ':') continue
    else if (frame !== undefined && !frame.isArray && frame.key === undefined) frame.key = keyOf(token[0])
    else {
      const depth = open.length
      if (depth > foundDepth && depth <= path.length && open.every((each, index) => each.key === path[index])) {
        found = token.index
        foundDepth = depth
      }
      if (first === '[' || first === '{') open.push({ isArray: first === '[', key: first === '[' ? 0 : undefined })
    }
  }
  return lineAt(text, found)
}

/** The line, from 1, on which a text stops being JSON. Engines tell only sometimes where that is. */
export function lineOfJsonError(text: string): number {
  const open: string[] = []
  let expected: Expected = 'value'
  let end = 0
  for (const token of text.matchAll(TOKEN)) {
    const next: Expected | undefined =
      firstNonSpace(text, end) === token.index ? step(token[0], expected, open) : undefined
    if (next === undefined) break
    expected = next
    end = token.index + token[0].length
  }
  return lineAt(text, firstNonSpace(text, end))
}

function firstNonSpace(text: string, from: number): number {
  const distance = text.slice(from).search(/\S/)
  return distance === -1 ? text.length : from + distance
}

function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end'

const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/

// What may follow a token; nothing when the token itself may not stand there.
function step(token: string, expected: Expected, open: string[]): Expected | undefined {
  if (expected === ':') return token === ':' ? 'value' : undefined
  if (token === ']' || token === '}') {
    const mayEnd = expected === ', or end' || expected === (token === ']' ? 'value or ]' : 'key or }')
    return mayEnd && open.pop() === token ? ', or end' : undefined
  }
  if (expected === ', or end') {
    if (token !== ',' || open.length === 0) return undefined
    return open.at(-1) === ']' ? 'value' : 'key'
  }
  if (expected === 'key' || expected === 'key or }') return isJsonString(token) ? ':' : undefined
  if (token === '[' || token === '{') {
    open.push(token === '[' ? ']' : '}')
    return token === '[' ? 'value or ]' : 'key or }'
  }
  return isJsonString(token) || LITERAL.test(token) ? ', or end' : undefined
}

function isJsonString(token: string): boolean {
  return token.startsWith('"') && token.length > 1 && token.endsWith('"')
}

function advance(frame: Frame | undefined): void {
  if (frame === undefined) return
  frame.key = typeof frame.key === 'number' ? frame.key + 1 : undefined
}

function keyOf(token: string): string {
  return String(JSON.parse(token))
}
