import {
  type AskedTool,
  type HrTime,
  type SpanLike,
  toolCallIdOf,
  toolCallsOf,
  type ToolFailure,
  toolOutcomesOf,
} from '@spanledger/core'
import type { Stamp, StartedSpanLike } from './trace-stamps.ts'

/** A tool call that the AI SDK refused to run, and the model call that requested it. */
export interface RefusedTool extends ToolFailure {
  readonly askedBy: string
}

/**
 * Tool calls that the model calls of a run requested and that have not run yet. From version 5 on, the AI SDK creates
 * no span for an unknown tool or for invalid arguments: only the next prompt shows that the call failed. A run that
 * ends right after such a call, or that does not record its prompts, shows no trace of it.
 */
export interface AskedTools {
  onToolStart(stamp: Stamp, span: StartedSpanLike): void
  /** The tools that were refused according to the prompt of this model call. */
  onModelEnd(stamp: Stamp, span: SpanLike): readonly RefusedTool[]
  onRunEnd(stamp: Stamp): void
}

interface Asked {
  readonly tool: AskedTool
  readonly askedBy: string
  readonly at: HrTime
}

// By tool call id. A streamed tool starts before the model call that requested it ends; `started` marks that.
type AskedOfRun = Map<string, Asked | 'started'>

const MAX_ASKED = 128

export function createAskedTools(): AskedTools {
  const runs = new WeakMap<Stamp, AskedOfRun>()
  const note = (run: Stamp, id: string, asked: Asked | 'started') => {
    const tools: AskedOfRun = runs.get(run) ?? new Map()
    const known = tools.get(id)
    // Requested and started: no longer pending, and some providers reuse the id.
    if (known !== undefined && (known === 'started') !== (asked === 'started')) tools.delete(id)
    else tools.set(id, asked)
    const oldest = tools.size > MAX_ASKED ? tools.keys().next().value : undefined
    if (oldest !== undefined) tools.delete(oldest)
    runs.set(run, tools)
  }
  return {
    onToolStart(stamp, span) {
      const run = runOf(stamp)
      const id = toolCallIdOf(span)
      if (run !== undefined && id !== undefined) note(run, id, 'started')
    },
    onModelEnd(stamp, span) {
      const run = runOf(stamp)
      if (run === undefined) return []
      const refused = refusedOf(runs.get(run), span)
      for (const tool of toolCallsOf(span)) {
        note(run, tool.id, { tool, askedBy: stamp.spanId, at: span.endTime })
      }
      return refused
    },
    onRunEnd(stamp) {
      runs.delete(stamp)
    },
  }
}

// The nearest run above, unless it has ended: no model call follows then.
function runOf(stamp: Stamp): Stamp | undefined {
  let above = stamp.above
  while (above !== undefined && above.kind !== 'run') above = above.above
  return above?.span === undefined ? undefined : above
}

function refusedOf(tools: AskedOfRun | undefined, span: SpanLike): readonly RefusedTool[] {
  if (tools === undefined || tools.size === 0) return []
  const waiting = [...tools].flatMap(([id, asked]) => (asked === 'started' ? [] : [id]))
  if (waiting.length === 0) return []
  return toolOutcomesOf(span, waiting).flatMap(({ id, errorText }) => {
    const asked = tools.get(id)
    tools.delete(id)
    return asked === undefined || asked === 'started' || errorText === undefined ? [] : [{ ...asked, errorText }]
  })
}
