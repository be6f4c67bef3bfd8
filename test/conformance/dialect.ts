// AI SDK 4 does not take the schemas of a newer one, and every major takes these.
import type { z } from 'zod/v3'
import type { Options, Sdk } from './sdk.ts'

/** A tool that every major can be given. */
export interface ToolDefinition {
  readonly description: string
  readonly input: z.ZodType
  /** Answers with a promise: AI SDK 4's streamText never ends when a tool returns or throws at once. */
  readonly execute: (input: unknown, options: { readonly abortSignal?: AbortSignal }) => Promise<unknown>
}

/** What the majors spell differently, as options to spread into a call. */
export interface Dialect {
  readonly system: (text: string) => Options
  readonly maxOutputTokens: (count: number) => Options
  readonly tools: (tools: Readonly<Record<string, ToolDefinition>>) => Options
  /** How many model calls one operation may make. */
  readonly steps: (count: number) => Options
  /** A structured answer of generateText or streamText. */
  readonly output: (schema: z.ZodType) => Options
}

/** The spelling of one major. */
export function dialectOf({ ai, major }: Sdk): Dialect {
  const schemaKey = major === 4 ? 'parameters' : 'inputSchema'
  return {
    system: (text) => ({ [major < 7 ? 'system' : 'instructions']: text }),
    maxOutputTokens: (count) => ({ [major === 4 ? 'maxTokens' : 'maxOutputTokens']: count }),
    tools: (tools) => ({
      tools: Object.fromEntries(
        Object.entries(tools).map(([name, { input, ...tool }]) => [name, ai.tool({ ...tool, [schemaKey]: input })]),
      ),
    }),
    steps: (count) => (major === 4 ? { maxSteps: count } : { stopWhen: ai.stepCountIs(count) }),
    output: (schema) => ({ [major < 6 ? 'experimental_output' : 'output']: ai.Output.object({ schema }) }),
  }
}
