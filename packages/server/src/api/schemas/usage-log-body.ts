import { z } from '@hono/zod-openapi'
import { parseTimeText, TIME_FAULTS } from '@spanledger/core/time'
import { name } from './text.ts'
import { strict } from './strict.ts'

const MAX_TEXT = 10_000
const MAX_JSON = 256 * 1024

const text = z.string().max(MAX_TEXT, `must be at most ${MAX_TEXT} characters long`)
const tokenCount = z
  .int('must be a whole number')
  .min(0, 'must not be negative')
  .max(Number.MAX_SAFE_INTEGER, 'must be at most 2^53-1')

// 9 million dollars in nano-USD still fit into an exact number.
const MAX_USD = 9_000_000

const parsedJson = z
  .union([z.record(z.string(), z.unknown()), z.array(z.unknown()), z.string().max(MAX_JSON)])
  .transform((value, context): Readonly<Record<string, unknown>> | readonly unknown[] => {
    const parsed = typeof value === 'string' ? parseJson(value) : value
    if (typeof parsed === 'object' && parsed !== null) return parsed as Readonly<Record<string, unknown>> // or an array
    context.addIssue({
      code: 'custom',
      message: 'must be an object or an array',
      params: { hint: 'Send an object, an array, or a string that contains one as JSON' },
    })
    return z.NEVER
  })
  .openapi({ description: 'An object, an array, or a string that contains one as JSON.' })

const MAX_TAGS = 100

// Postgres and SQLite hold the same range of times as API filters.
const startTime = z
  .union([z.string().max(40), tokenCount])
  .transform((value, context): number => {
    const time = parseTimeText(String(value), { edge: 'start', timeZone: 'UTC' })
    if (time !== undefined && time >= 0) return time
    context.addIssue({
      code: 'custom',
      message: TIME_FAULTS.time,
      params: { hint: 'Use ISO 8601, such as 2026-11-01T08:00:00Z, or epoch milliseconds' },
    })
    return z.NEVER
  })
  .openapi({
    type: 'string',
    description:
      'When the call began: ISO 8601 (UTC if it has no offset) or epoch milliseconds. By default `durationMs` ago.',
  })

const fields = strict({
  operation: name,
  model: name,
  provider: name,
  inputTokens: tokenCount.nullish(),
  outputTokens: tokenCount.nullish(),
  totalTokens: tokenCount.nullish(),
  cacheReadTokens: tokenCount.nullish().openapi({ description: 'Part of inputTokens.' }),
  cacheWriteTokens: tokenCount.nullish().openapi({ description: 'Part of inputTokens.' }),
  reasoningTokens: tokenCount.nullish().openapi({ description: 'Part of outputTokens.' }),
  estimatedCost: z
    .number('must be a number')
    .min(0, 'must not be negative')
    .max(MAX_USD, `must be at most ${MAX_USD} dollars`)
    .nullish()
    .openapi({ description: 'USD.' }),
  durationMs: z.number('must be a number').min(0, 'must not be negative').max(Number.MAX_SAFE_INTEGER).nullish(),
  toolCallsCount: tokenCount.nullish(),
  toolCallsJson: parsedJson.nullish(),
  responseMetadata: parsedJson.nullish(),
  error: text.nullish(),
  projectId: name.nullish(),
  userId: name.nullish(),
  sessionId: name.nullish(),
  companyId: name.nullish(),
  taskId: name.nullish(),
  tags: z.array(name).max(MAX_TAGS, `must have at most ${MAX_TAGS} tags`).nullish(),
  metadata: parsedJson.nullish(),
  startedAt: startTime.nullish(),
  requestId: name.nullish().openapi({ description: 'Logs with the same id are stored once.' }),
})

/** The body of POST /api/ai-usage; snake_case names are converted to camelCase. */
export const usageLogBody = z.preprocess(toCamelKeys, fields).openapi('UsageLogBody', {
  description:
    'The columns of ai_usage_logs in camelCase, and who the call was for; snake_case names are accepted too.',
})

export type UsageLogBody = z.infer<typeof fields>

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // invalid JSON is refused like JSON that is not an object
  }
}

// If a name is present in both spellings, the snake_case one stays and is refused as unknown.
function toCamelKeys(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  const camel = new Map<string, unknown>()
  for (const [key, value] of Object.entries(body)) {
    const name = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    const isKnown = Object.hasOwn(fields.shape, name)
    camel.set(isKnown && !Object.hasOwn(body, name) ? name : key, value)
  }
  return Object.fromEntries(camel)
}
