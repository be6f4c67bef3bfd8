import { GEN_AI, SPANLEDGER } from '../vocabulary/attributes.ts'
import type { ContentMemory, ContentSources, WrittenContent } from '../content/content-memory.ts'
import type { AppliedContent, ContentPolicy } from '../content/content-policy.ts'
import { isContentEvent } from '../dialects/dialects.ts'
import type { Draft } from '../dialects/draft.ts'
import { type MutableAttributes, setJson, setJsonValue } from '../span/set-attribute.ts'
import type { SpanLike } from '../span/span-like.ts'

/** What decides how the content of a span is written. */
export interface ContentContext {
  readonly policy: ContentPolicy | undefined
  readonly memory: ContentMemory | undefined
  readonly runId: string | undefined
  /** Only `toCall` reads the result, so JSON need not be serialized. */
  readonly isForCall: boolean
}

/** Writes the content of a call that the policy keeps. */
export function writeContent(to: MutableAttributes, draft: Draft, context: ContentContext): void {
  const { policy, memory, runId, isForCall } = context
  if (policy === undefined) return
  const write = isForCall ? setJsonValue : setJson
  const sources: ContentSources | undefined = draft.contentSources
  if (memory === undefined || runId === undefined || sources === undefined) {
    writeAttributes(to, policy.apply(draft.content(memory?.parseTools)), write)
    return
  }
  // The two forms are not interchangeable.
  const key = isForCall ? `${runId} for a call` : runId
  let written: WrittenContent | undefined = memory.recall(key, sources)
  if (written === undefined) {
    written = writtenContentOf(policy.apply(draft.content(memory.parseTools)), write)
    // The agent repeats the content of its model call, and ends after it.
    if (draft.kind === 'model') memory.keep(key, sources, written)
  }
  for (const name in written) to[name] = written[name]
}

type WriteJson = (to: MutableAttributes, name: string, value: unknown) => void

function writtenContentOf(content: AppliedContent, write: WriteJson): WrittenContent {
  const written: MutableAttributes = {}
  writeAttributes(written, content, write)
  return written
}

function writeAttributes(to: MutableAttributes, content: AppliedContent, write: WriteJson): void {
  write(to, GEN_AI.systemInstructions, content.systemInstructions)
  write(to, GEN_AI.inputMessages, content.inputMessages)
  write(to, GEN_AI.outputMessages, content.outputMessages)
  write(to, GEN_AI.toolDefinitions, content.toolDefinitions)
  write(to, GEN_AI.toolArguments, content.toolArguments)
  write(to, GEN_AI.toolResult, content.toolResult)
  write(to, SPANLEDGER.contentLengths, content.lengths)
}

/** The status of a converted span; its message goes through the policy. */
export function statusOf(span: SpanLike, draft: Draft, policy: ContentPolicy | undefined): SpanLike['status'] {
  const { code, message } = span.status
  if (code !== STATUS_ERROR && draft.outcome.status !== 'error') return span.status
  const kept = message === undefined || message === '' ? undefined : policy?.text(message)
  return { code: STATUS_ERROR, ...(kept === undefined ? {} : { message: kept }) }
}

const STATUS_ERROR = 2

/**
 * The events of a converted span. Exceptions keep their type; message and stack go through the policy like any text.
 */
export function eventsOf(span: SpanLike, policy: ContentPolicy | undefined): SpanLike['events'] {
  if (span.events.length === 0) return span.events
  return span.events.flatMap((event) => {
    if (isContentEvent(event.name)) return []
    if (event.name !== 'exception' || event.attributes === undefined) return [event]
    const attributes: Record<string, unknown> = { ...event.attributes }
    for (const key of ['exception.message', 'exception.stacktrace']) {
      const text = attributes[key]
      if (typeof text !== 'string') continue
      if (policy === undefined) delete attributes[key]
      else attributes[key] = policy.text(text)
    }
    return [{ ...event, attributes }]
  })
}
