import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
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
  const tracer = trace.getTracer('spanledger')
  const attributes = {
    'spanledger.kind': 'operation',
    'spanledger.operation': operation,
    'gen_ai.operation.name': 'invoke_workflow',
    'gen_ai.workflow.name': operation,
    ...(projectId === undefined ? {} : { 'spanledger.project_id': projectId }),
  }
  return withUsage({ operation, projectId }, () =>
    tracer.startActiveSpan(`invoke_workflow ${operation}`, { kind: SpanKind.INTERNAL, attributes }, async (span) => {
      try {
        return await work()
      } catch (error) {
        if (error instanceof Error) span.recordException(error)
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
        throw error
      } finally {
        span.end()
      }
    }),
  )
}
