import { context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { isError } from '@spanledger/core'

import { createGuard } from './guard.ts'
import { withUsage } from './usage-context.ts'

/**
 * Runs `work` as one named operation of a project: a span of its own around everything, and operation and project on
 * every AI call inside. Returns what `work` returned; an error is noted on the span and passed on.
 */
export async function trackAIOperation<T>(
  operation: string,
  projectId: string | undefined,
  work: () => T | Promise<T>,
): Promise<T> {
  const guard = createGuard()
  return withUsage({ operation, projectId }, async () => {
    let span: Span | undefined
    // A tracer is the application's, with its sampler and its processors: if it throws, the work is done without a span.
    guard.run('starting the span of an operation', () => {
      span = startSpan(operation, projectId)
    })
    try {
      return await context.with(span === undefined ? context.active() : trace.setSpan(context.active(), span), work)
    } catch (error) {
      guard.run('noting the error of an operation', () => noteError(span, error))
      throw error
    } finally {
      guard.run('ending the span of an operation', () => span?.end())
    }
  })
}

function startSpan(operation: string, projectId: string | undefined): Span {
  return trace.getTracer('spanledger').startSpan(`invoke_workflow ${operation}`, {
    kind: SpanKind.INTERNAL,
    attributes: {
      'spanledger.kind': 'operation',
      'spanledger.operation': operation,
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.workflow.name': operation,
      ...(projectId === undefined ? {} : { 'spanledger.project_id': projectId }),
    },
  })
}

function noteError(span: Span | undefined, error: unknown): void {
  span?.setStatus({ code: SpanStatusCode.ERROR })
  if (!isError(error)) return
  // By name, as AI SDKs tell an abort; the exception event prefers the number that a DOMException has.
  span?.setAttribute('error.type', error.name)
  span?.recordException(error)
  span?.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
}
