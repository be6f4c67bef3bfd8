import { type Attributes, isObject, textOf } from '../json/attribute-values.ts'
import { CORE, GEN_AI, SPANLEDGER } from '../vocabulary/attributes.ts'
import type { Json } from '../json/json.ts'
import { cutName, factsOf, nameOf, namesOf } from '../span/column-values.ts'
import { cutJson } from '../json/cut-json.ts'

/** Who made a call and what for. Absent values are unknown or inherited from above. */
export interface Who {
  readonly operation?: string | undefined
  readonly projectId?: string | undefined
  readonly userId?: string | undefined
  readonly sessionId?: string | undefined
  readonly companyId?: string | undefined
  readonly taskId?: string | undefined
  readonly requestId?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly metadata?: Readonly<Record<string, Json | undefined>> | undefined
}

type MutableWho = { -readonly [key in keyof Who]: Who[key] }

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

/** Validates an application's values: ids may be numbers, everything else must have the right type. */
export function toWho(values: Who): Who {
  const { operation, projectId, userId, sessionId, companyId, taskId, requestId, tags, metadata } = values
  return {
    operation: idOf(operation),
    projectId: idOf(projectId),
    userId: idOf(userId),
    sessionId: idOf(sessionId),
    companyId: idOf(companyId),
    taskId: idOf(taskId),
    requestId: idOf(requestId),
    tags: namesOf(tags),
    metadata: factsOf(metadata),
  }
}

function idOf(value: unknown): string | undefined {
  return Number.isFinite(value) ? String(value) : nameOf(value)
}

/** The attribution on a span itself, in our vocabulary. */
export function whoOf(attributes: Attributes): Who {
  return {
    operation: nameOf(attributes[SPANLEDGER.operation]),
    projectId: nameOf(attributes[SPANLEDGER.projectId]),
    userId: nameOf(attributes[CORE.userId]) ?? nameOf(attributes[CORE.endUserId]),
    sessionId: nameOf(attributes[CORE.sessionId]) ?? nameOf(attributes[GEN_AI.conversationId]),
    companyId: nameOf(attributes[SPANLEDGER.companyId]),
    taskId: nameOf(attributes[SPANLEDGER.taskId]),
    requestId: nameOf(attributes[SPANLEDGER.requestId]),
    tags: namesOf(attributes[SPANLEDGER.tags]),
    metadata: factsOf(attributes[SPANLEDGER.metadata]),
  }
}

/** The attribution in AI SDK telemetry metadata (4 to 6) or runtime context (7). */
export function whoOfSdkMetadata(attributes: Attributes): Who | undefined {
  let who: MutableWho | undefined
  let metadata: Record<string, Json> | undefined
  for (const key in attributes) {
    if (key.charCodeAt(0) !== LETTER_A || !isMetadata(key)) continue
    const value = attributes[key]
    who ??= {}
    const field = ID_FIELDS.get(key)
    if (field !== undefined && (typeof value === 'string' || Number.isFinite(value))) {
      who[field] = idOf(value)
      continue
    }
    const name = metadataNameOf(key)
    if (name === 'tags') who.tags = Array.isArray(value) ? namesOf(value) : tagsOfText(value)
    else if (isPlain(value) && name !== '__proto__') (metadata ??= {})[name] = shortened(value)
  }
  if (who !== undefined && metadata !== undefined) who.metadata = metadata
  return who
}

const LETTER_A = 97

const [OF_TELEMETRY, OF_CONTEXT] = METADATA_PREFIXES

function isMetadata(key: string): boolean {
  return key.startsWith(OF_TELEMETRY) || key.startsWith(OF_CONTEXT)
}

function metadataNameOf(key: string): string {
  return key.slice((key.startsWith(OF_TELEMETRY) ? OF_TELEMETRY : OF_CONTEXT).length)
}

/** Merges two: `first` wins field by field, tags are united, metadata is merged by key. */
export function combineWho(first: Who | undefined, second: Who | undefined): Who {
  if (second === undefined) return first ?? {}
  if (first === undefined) return second
  return {
    operation: first.operation ?? second.operation,
    projectId: first.projectId ?? second.projectId,
    userId: first.userId ?? second.userId,
    sessionId: first.sessionId ?? second.sessionId,
    companyId: first.companyId ?? second.companyId,
    taskId: first.taskId ?? second.taskId,
    requestId: first.requestId ?? second.requestId,
    tags: uniteTags(first.tags, second.tags),
    metadata:
      first.metadata && second.metadata
        ? { ...second.metadata, ...first.metadata }
        : (first.metadata ?? second.metadata),
  }
}

/** Unites both lists, sorted and without duplicates, so that the order of arrival does not matter. */
export function uniteTags(
  first: readonly string[] | undefined,
  second: readonly string[] | undefined,
): readonly string[] | undefined {
  if (first === undefined) return second
  if (second === undefined || first === second) return first
  return [...new Set([...first, ...second])].sort()
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
