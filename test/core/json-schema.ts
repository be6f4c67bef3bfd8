/** As much of JSON Schema as the GenAI message schemas use. */
export interface Schema {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly type?: string
  readonly const?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
}

/**
 * What is wrong with a value, by path; nothing if it is valid.
 * Stricter than the schemas: a part that names a known type must be valid as one of that type, where the schemas would
 * let it pass as a generic part.
 */
export function schemaErrors(value: unknown, schema: Schema, root: Schema = schema, path = '$'): readonly string[] {
  if (schema.$ref !== undefined) {
    const definition = root.$defs?.[schema.$ref.replace('#/$defs/', '')]
    return definition === undefined ? [] : schemaErrors(value, definition, root, path)
  }
  if (schema.anyOf !== undefined) return anyOfErrors(value, schema.anyOf, root, path)
  if (schema.const !== undefined && value !== schema.const) return [`${path}: not ${schema.const}`]
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${path}: none of ${schema.enum.join(', ')}`]
  if (schema.type !== undefined && typeOf(value) !== schema.type)
    return [`${path}: ${typeOf(value)}, not ${schema.type}`]
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => schemaErrors(item, schema.items ?? {}, root, `${path}[${index}]`))
  }
  return typeOf(value) === 'object' ? objectErrors(value as Record<string, unknown>, schema, root, path) : []
}

function objectErrors(value: Record<string, unknown>, schema: Schema, root: Schema, path: string): readonly string[] {
  const missing = (schema.required ?? [])
    .filter((key) => value[key] === undefined)
    .map((key) => `${path}.${key}: missing`)
  const wrong = Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
    value[key] === undefined ? [] : schemaErrors(value[key], property, root, `${path}.${key}`),
  )
  return [...missing, ...wrong]
}

function anyOfErrors(value: unknown, schemas: readonly Schema[], root: Schema, path: string): readonly string[] {
  const resolved = schemas.map((schema) => root.$defs?.[schema.$ref?.replace('#/$defs/', '') ?? ''] ?? schema)
  const type = typeOf(value) === 'object' ? (value as Record<string, unknown>).type : undefined
  const ofItsType = resolved.filter((schema) => type !== undefined && schema.properties?.type?.const === type)
  const errors = (ofItsType.length > 0 ? ofItsType : resolved).map((schema) => schemaErrors(value, schema, root, path))
  return errors.find((list) => list.length === 0) ?? errors.at(-1) ?? []
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
