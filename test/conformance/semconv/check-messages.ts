import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import draft7 from 'ajv/dist/refs/json-schema-draft-07.json' with { type: 'json' }
import { CONVENTIONS, type Schema } from './conventions.ts'

// Attribute and the schemas that its JSON must fit; output messages are checked against the older and the newest text.
const SCHEMAS: Readonly<Record<string, readonly string[]>> = {
  'gen_ai.input.messages': ['gen-ai-input-messages.json'],
  'gen_ai.output.messages': ['gen-ai-output-messages.json', 'gen-ai-output-messages.json@newest'],
  'gen_ai.system_instructions': ['gen-ai-system-instructions.json'],
  'gen_ai.tool.definitions': ['gen-ai-tool-definitions.json'],
}

const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { binary: true } })
ajv.addMetaSchema(draft7)
const validators = new Map<string, ValidateFunction>(
  Object.values(SCHEMAS)
    .flat()
    .map((name) => [name, ajv.compile(strict(CONVENTIONS.message_json_schemas[name]!))]),
)

/** The attributes whose value is JSON with a schema. */
export const JSON_ATTRIBUTES: readonly string[] = Object.keys(SCHEMAS)

/** What is wrong with the JSON of such an attribute. */
export function messageProblems(attribute: string, value: unknown): readonly string[] {
  if (typeof value !== 'string') return [`${attribute} is no JSON string`]
  let json: unknown
  try {
    json = JSON.parse(value)
  } catch {
    return [`${attribute} is no JSON: ${value.slice(0, 80)}`]
  }
  return (SCHEMAS[attribute] ?? []).flatMap((name) => {
    const validate = validators.get(name)!
    if (validate(json)) return []
    const [first] = validate.errors ?? []
    return [`${attribute} does not fit ${name}: ${first?.instancePath} ${first?.message} in ${value.slice(0, 200)}`]
  })
}

// The generic part takes any type, and so hides every fault of a known one: it must not take those.
function strict(schema: Schema): Schema {
  const definitions = { ...schema.$defs }
  const known = Object.values(definitions).flatMap((part) => typeOf(part) ?? [])
  for (const name of ['GenericPart', 'GenericToolDefinition']) {
    const generic = definitions[name]
    if (generic !== undefined) definitions[name] = { ...generic, not: { properties: { type: { enum: known } } } }
  }
  return { ...schema, $defs: definitions }
}

function typeOf(part: Schema): string | undefined {
  const properties = part['properties'] as { readonly type?: { readonly const?: string } } | undefined
  return properties?.type?.const
}
