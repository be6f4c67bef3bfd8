import type { Attributes } from '../json/attribute-values.ts'
import { CORE, GEN_AI, SPANLEDGER } from '../vocabulary/attributes.ts'
import type { Json } from '../json/json.ts'
import { factsOf, nameOf, namesOf } from '../span/column-values.ts'

/** Who made a call and what for. Absent values are unknown or inherited from above. */
export interface Attribution {
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

/** Validates an application's values: ids may be numbers, everything else must have the right type. */
export function toAttribution(values: Attribution): Attribution {
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

/** An id as text; undefined unless the value is a number or a non-empty string. */
export function idOf(value: unknown): string | undefined {
  return Number.isFinite(value) ? String(value) : nameOf(value)
}

/** The attribution on a span itself, in our vocabulary. */
export function attributionOf(attributes: Attributes): Attribution {
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

/** Merges two: `first` wins field by field, tags are united, metadata is merged by key. */
export function combineAttribution(first: Attribution | undefined, second: Attribution | undefined): Attribution {
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
