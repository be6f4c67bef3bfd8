/** As much of JSON Schema as the server's document uses. */
export interface Schema {
  readonly $ref?: string
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly type?: string | readonly string[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
}

/** The TypeScript type of what a schema lets through. `Json` and one interface for each component must be declared. */
export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return nameOf(schema.$ref)
  if (schema.anyOf !== undefined) return unionOf(schema.anyOf.map(typeOf))
  if (schema.enum !== undefined) return unionOf(schema.enum.map((value) => JSON.stringify(value)))
  if (schema.type === undefined) return 'Json'
  return unionOf([schema.type].flat().map((type) => plainTypeOf(type, schema)))
}

/** What a component is called, in a file that also has names of its own. */
export function nameOf(reference: string): string {
  return `Answer${reference.replace('#/components/schemas/', '')}`
}

function plainTypeOf(type: string, schema: Schema): string {
  if (type === 'integer') return 'number'
  if (type === 'array') return `readonly ${unionOf([typeOf(schema.items ?? {})])}[]`
  return type === 'object' ? objectOf(schema) : type
}

function objectOf({ properties, required = [], additionalProperties }: Schema): string {
  const members = Object.entries(properties ?? {}).map(
    ([name, schema]) => `readonly ${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
  )
  if (properties === undefined && additionalProperties !== false) {
    const values = typeof additionalProperties === 'object' ? additionalProperties : {}
    members.push(`readonly [name: string]: ${typeOf(values)}`)
  }
  return `{ ${members.join('; ')} }`
}

function unionOf(types: readonly string[]): string {
  return `(${types.join(' | ')})`
}
