import { countOf, listOf, objectOf, stringOf, type Json, type JsonObject } from './json.ts'

const DEEPEST = 6

const STRINGS: Readonly<Record<string, string>> = {
  'date-time': '2025-01-02T03:04:05Z',
  date: '2025-01-02',
  time: '03:04:05Z',
  duration: 'PT1H',
  email: 'ada@example.com',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  uuid: '3b241101-e2bb-4255-8caf-4136c566a962',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
}

/** The same value every time that fits the JSON schema. `pattern` is not honoured. */
export function sampleOf(schema: JsonObject): Json {
  return sample(schema, 'text', 0)

  function sample(node: JsonObject, name: string, depth: number): Json {
    const reference = stringOf(node.$ref)
    if (reference !== undefined) return depth > DEEPEST ? null : sample(resolve(reference), name, depth + 1)
    if (node.const !== undefined) return node.const
    const [firstValue] = listOf(node.enum)
    if (firstValue !== undefined) return firstValue
    const parts = listOf(node.allOf).map(objectOf)
    if (parts.length > 0) return sample(mergeSchemas([node, ...parts]), name, depth)
    const option = firstOption([...listOf(node.anyOf), ...listOf(node.oneOf)].map(objectOf))
    if (option !== undefined) return sample(option, name, depth)
    return sampleOfType(node, name, depth)
  }

  function sampleOfType(node: JsonObject, name: string, depth: number): Json {
    switch (typeOf(node)) {
      case 'object':
        return sampleObject(node, depth)
      case 'array':
        return sampleArray(node, name, depth)
      case 'number':
      case 'integer':
        return sampleNumber(node)
      case 'boolean':
        return true
      case 'null':
        return null
      default:
        return sampleString(node, name)
    }
  }

  function sampleObject(node: JsonObject, depth: number): Json {
    const required = new Set(listOf(node.required))
    const members = Object.entries(objectOf(node.properties))
      // A schema that contains itself would never end if its optional members were filled too.
      .filter(([key]) => depth < DEEPEST || required.has(key))
      .map(([key, member]) => [key, sample(objectOf(member), key, depth + 1)] as const)
    return Object.fromEntries(members)
  }

  function sampleArray(node: JsonObject, name: string, depth: number): Json {
    const places = listOf(node.prefixItems).map((item) => sample(objectOf(item), name, depth + 1))
    if (places.length > 0) return places
    const least = countOf(node.minItems) ?? 0
    const most = countOf(node.maxItems) ?? Infinity
    const length = Math.max(least, Math.min(most, depth < DEEPEST ? 2 : 0))
    return Array.from({ length }, () => sample(objectOf(node.items), name, depth + 1))
  }

  function resolve(reference: string): JsonObject {
    let node: JsonObject = schema
    for (const step of reference.split('/').slice(1)) node = objectOf(node[decodeURIComponent(step)])
    return node
  }
}

/** The schema's type in lower case (Google writes it in upper case); a list of types gives its first that is not null. */
function typeOf(node: JsonObject): string | undefined {
  const types = (Array.isArray(node.type) ? listOf(node.type) : [node.type]).map((type) =>
    stringOf(type)?.toLowerCase(),
  )
  const type = types.find((type) => type !== 'null') ?? types[0]
  if (type !== undefined) return type
  if (node.properties !== undefined) return 'object'
  return node.items === undefined ? undefined : 'array'
}

function firstOption(options: readonly JsonObject[]): JsonObject | undefined {
  return options.find((option) => typeOf(option) !== 'null') ?? options[0]
}

function mergeSchemas(schemas: readonly JsonObject[]): JsonObject {
  const merged: JsonObject = Object.assign({}, ...schemas)
  return {
    ...merged,
    allOf: undefined,
    properties: Object.assign({}, ...schemas.map((schema) => objectOf(schema.properties))),
    required: schemas.flatMap((schema) => listOf(schema.required)),
  }
}

function sampleNumber(node: JsonObject): number {
  const step = typeof node.multipleOf === 'number' ? node.multipleOf : 1
  if (typeof node.exclusiveMinimum === 'number') return node.exclusiveMinimum + step
  // Some schemas name the smallest number there is, which asks for nothing.
  if (typeof node.minimum === 'number' && node.minimum > Number.MIN_SAFE_INTEGER)
    return Math.ceil(node.minimum / step) * step
  if (typeof node.exclusiveMaximum === 'number' && node.exclusiveMaximum <= step) return node.exclusiveMaximum - step
  if (typeof node.maximum === 'number' && node.maximum < step) return Math.floor(node.maximum / step) * step
  return step
}

function sampleString(node: JsonObject, name: string): string {
  const text = STRINGS[stringOf(node.format) ?? ''] ?? name
  return text.padEnd(countOf(node.minLength) ?? 0, 'x').slice(0, countOf(node.maxLength) ?? Infinity)
}
