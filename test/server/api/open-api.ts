import { Ajv2020 } from 'ajv/dist/2020.js'
import type { TestApi } from './start-api.ts'

/** What a test reads of `/openapi.json`. */
export interface Operation {
  readonly method: string
  readonly path: string
  readonly parameters: readonly Parameter[]
  /** JSON Schema of the body, where there is one in JSON. */
  readonly body: Schema | undefined
  readonly statuses: readonly string[]
}

export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path' | 'header'
  readonly required?: boolean
  readonly schema: Schema
}

export interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly string[]
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Schema>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

interface Described {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<Record<string, unknown>>
}

/** The document and a check of answers by it. */
export interface OpenApi {
  readonly document: Document
  readonly operations: readonly Operation[]
  /** What is wrong with an answer by the schema of its status; nothing if it is right. */
  problemsOf(operation: Operation, status: number, answer: unknown): readonly string[]
}

export async function readOpenApi(api: TestApi): Promise<OpenApi> {
  const document = await api.get<Document>('/openapi.json')
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema(document, 'openapi')
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operationOf(document, { path, method, described })),
  )
  return {
    document,
    operations,
    problemsOf({ path, method }, status, answer) {
      const place = ['paths', path, method, 'responses', String(status), 'content', 'application/json', 'schema']
      const pointer = place
        .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
        .join('/')
      if (document.paths[path]?.[method]?.responses[status] === undefined) return [`status ${status} is not documented`]
      const validate = ajv.compile({ $ref: `openapi#/${pointer}` })
      if (validate(answer)) return []
      return (validate.errors ?? []).map(
        ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
      )
    },
  }
}

function operationOf(
  { components }: Document,
  { path, method, described }: { readonly path: string; readonly method: string; readonly described: Described },
): Operation {
  const schema = described.requestBody?.content['application/json']?.schema
  const name = schema?.$ref?.split('/').at(-1)
  return {
    method,
    path,
    parameters: described.parameters ?? [],
    body: name === undefined ? schema : components.schemas[name],
    statuses: Object.keys(described.responses),
  }
}
