import { onTheWire, type Json, type JsonObject } from './json.ts'
import { datedModelId } from './model-ids.ts'
import type { AnsweredToolCall } from './provider-call.ts'
import type { OfferedTool, ProviderRequest } from './provider-request.ts'
import { sampleOf } from './sample-json.ts'
import type { Scenario, ScriptedToolCall } from './scenario.ts'
import { tokenCountsOf } from './token-counts.ts'
import type { WireDialect } from './wire-dialect.ts'

const USUAL_TEXT = 'The answer is forty-two, as it always was.'
const JSON_PIECE = 12

/** What is to be said, all choices made: the dialect only has to spell it. */
export interface Answer {
  readonly request: ProviderRequest
  /** Unique in the process and beyond; the dialect adds its prefix. */
  readonly id: string
  readonly model: string
  /** Epoch seconds. */
  readonly createdAt: number
  /** The pieces in which it streams. */
  readonly reasoning: readonly string[]
  readonly text: readonly string[]
  readonly toolCalls: readonly AnsweredToolCall[]
  readonly finishReason: string
  /** In the wire's own spelling. */
  readonly usage: JsonObject | undefined
  readonly serviceTier: string | undefined
}

/** What the choices depend on. */
export interface AnswerContext {
  readonly request: ProviderRequest
  readonly dialect: WireDialect
  /** Given out once. */
  readonly id: string
}

/** Makes the choices that the scenario leaves open. */
export function resolveAnswer(scenario: Scenario, context: AnswerContext): Answer {
  const { request, dialect, id } = context
  const jsonTool = request.tools.find((tool) => isJsonTool(tool, request))
  const toolCalls = toolCallsOf(scenario, context, jsonTool)
  const serviceTier = scenario.serviceTier ?? dialect.serviceTier(request.serviceTier)
  return {
    request,
    id,
    model: scenario.model ?? datedModelId(request.model),
    createdAt: Math.floor(Date.now() / 1000),
    reasoning: scenario.reasoning === undefined ? [] : wordsOf(scenario.reasoning),
    text: toolCalls.length > 0 ? [] : textOf(scenario, request.outputSchema),
    toolCalls,
    finishReason: scenario.finishReason ?? (toolCalls.length > 0 ? 'tool-calls' : 'stop'),
    usage: usageOf(scenario, { request, dialect, serviceTier }),
    serviceTier,
  }
}

// Providers without structured output are asked for JSON through a tool of this name, which nobody executes.
function isJsonTool(tool: OfferedTool, request: ProviderRequest): boolean {
  return tool.name === 'json' && request.toolChoice !== 'auto' && request.toolChoice !== 'none'
}

function toolCallsOf(
  scenario: Scenario,
  { request, dialect, id }: AnswerContext,
  jsonTool: OfferedTool | undefined,
): readonly AnsweredToolCall[] {
  const offered = request.tools.filter((tool) => tool !== jsonTool)
  const isTurn = offered.length > 0 && request.toolChoice !== 'none' && request.toolRounds < (scenario.toolRounds ?? 1)
  const scripted = isTurn ? (scenario.toolCalls ?? [{}]) : []
  const wanted =
    scripted.length > 0 || jsonTool === undefined
      ? scripted
      : [{ name: jsonTool.name, arguments: textOf(scenario, jsonTool.schema).join('') }]
  return wanted.map((call: ScriptedToolCall, index) => {
    const tool = toolFor(call, { index, offered, request })
    const text = spell(call.arguments ?? sampleOf(tool?.schema ?? {}))
    return {
      id: dialect.toolCallId(call.id ?? `${id}${index}`),
      name: call.name ?? tool?.name ?? 'unknown',
      arguments: dialect.toolArguments?.(text, request) ?? text,
    }
  })
}

function toolFor(
  call: ScriptedToolCall,
  place: { readonly index: number; readonly offered: readonly OfferedTool[]; readonly request: ProviderRequest },
): OfferedTool | undefined {
  const { index, offered, request } = place
  const forced = typeof request.toolChoice === 'object' ? request.toolChoice.name : undefined
  const name = call.name ?? forced
  return name === undefined ? offered[index % offered.length] : offered.find((tool) => tool.name === name)
}

function textOf(scenario: Scenario, schema: JsonObject | undefined): readonly string[] {
  const { text } = scenario
  if (text !== undefined) return typeof text === 'string' ? wordsOf(text) : text
  if (schema === undefined) return wordsOf(USUAL_TEXT)
  const json = spell(scenario.object ?? sampleOf(schema))
  switch (scenario.objectFault) {
    case 'invalid-json':
      return piecesOf(`{"broken": ${json.slice(0, -1)}`)
    case 'wrong-shape':
      return piecesOf('{"unexpected":true}')
    default:
      return piecesOf(json)
  }
}

function usageOf(
  scenario: Scenario,
  context: Pick<Answer, 'request' | 'serviceTier'> & { readonly dialect: WireDialect },
): JsonObject | undefined {
  const { dialect, request } = context
  const defaults = dialect.defaultUsage(request)
  if (scenario.usage === 'none' || defaults === undefined) return undefined
  const scripted = scenario.usage ?? {}
  return onTheWire({ ...dialect.usage(tokenCountsOf(scripted, defaults), context), ...scripted.wire })
}

function spell(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function wordsOf(text: string): readonly string[] {
  return text.match(/\s*\S+/g) ?? [text]
}

function piecesOf(json: string): readonly string[] {
  return Array.from({ length: Math.ceil(json.length / JSON_PIECE) }, (_, index) =>
    json.slice(index * JSON_PIECE, (index + 1) * JSON_PIECE),
  )
}
