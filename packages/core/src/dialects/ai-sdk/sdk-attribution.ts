import { type Attribution, idOf } from '../../call/attribution.ts'
import { type Attributes, isObject, textOf } from '../../json/attribute-values.ts'
import { cutJson } from '../../json/cut-json.ts'
import type { Json } from '../../json/json.ts'
import { cutName, namesOf } from '../../span/column-values.ts'

type MutableAttribution = { -readonly [key in keyof Attribution]: Attribution[key] }

type IdField = 'projectId' | 'userId' | 'sessionId' | 'companyId' | 'taskId' | 'requestId' | 'operation'

// Common names for these in `experimental_telemetry.metadata` and `runtimeContext`.
const METADATA_NAMES: Readonly<Record<string, IdField>> = {
  userId: 'userId',
  user_id: 'userId',
  'user.id': 'userId',
  sessionId: 'sessionId',
  session_id: 'sessionId',
  'session.id': 'sessionId',
  conversationId: 'sessionId',
  conversation_id: 'sessionId',
  projectId: 'projectId',
  project_id: 'projectId',
  companyId: 'companyId',
  company_id: 'companyId',
  taskId: 'taskId',
  task_id: 'taskId',
  requestId: 'requestId',
  request_id: 'requestId',
  operation: 'operation',
}

const METADATA_PREFIXES = ['ai.telemetry.metadata.', 'ai.settings.context.'] as const

// By whole key: extracting a name from a key would take longer than everything else.
const ID_FIELDS: ReadonlyMap<string, IdField> = new Map(
  METADATA_PREFIXES.flatMap((prefix) =>
    Object.entries(METADATA_NAMES).map(([name, field]) => [prefix + name, field] as const),
  ),
)

/** The attribution in AI SDK telemetry metadata (4 to 6) or runtime context (7). */
export function sdkAttributionOf(attributes: Attributes): Attribution | undefined {
  let attribution: MutableAttribution | undefined
  let metadata: Record<string, Json> | undefined
  for (const key in attributes) {
    if (key.charCodeAt(0) !== LETTER_A || !isMetadata(key)) continue
    const value = attributes[key]
    attribution ??= {}
    const field = ID_FIELDS.get(key)
    if (field !== undefined && (typeof value === 'string' || Number.isFinite(value))) {
      attribution[field] = idOf(value)
      continue
    }
    const name = metadataNameOf(key)
    if (name === 'tags') attribution.tags = Array.isArray(value) ? namesOf(value) : tagsOfText(value)
    else if (isPlain(value) && name !== '__proto__') (metadata ??= {})[name] = shortened(value)
  }
  if (attribution !== undefined && metadata !== undefined) attribution.metadata = metadata
  return attribution
}

const LETTER_A = 97

const [OF_TELEMETRY, OF_CONTEXT] = METADATA_PREFIXES

function isMetadata(key: string): boolean {
  return key.startsWith(OF_TELEMETRY) || key.startsWith(OF_CONTEXT)
}

function metadataNameOf(key: string): string {
  return key.slice((key.startsWith(OF_TELEMETRY) ? OF_TELEMETRY : OF_CONTEXT).length)
}

const LONGEST_TAGS = 4_096

function tagsOfText(value: unknown): string[] | undefined {
  if (typeof value !== 'string') return undefined
  const tags = value
    .slice(0, LONGEST_TAGS)
    .split(',')
    .flatMap((tag) => textOf(tag.trim()) ?? [])
  return tags.length > 0 ? tags : undefined
}

// A value kept for the spans below must not be a whole prompt that was put into the metadata.
function shortened(value: Json): Json {
  if (typeof value === 'string') return cutName(value, LONGEST_VALUE)
  return typeof value === 'object' ? cutJson(value, LONGEST_VALUE) : value
}

const LONGEST_VALUE = 4_096

function isPlain(value: unknown): value is Json {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value)) ||
    (Array.isArray(value) && value.every((item) => isPlain(item) && !isObject(item)))
  )
}
