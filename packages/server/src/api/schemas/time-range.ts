import { z } from '@hono/zod-openapi'
import { isTimeZone, parseTimeText, TIME_FAULTS } from '@spanledger/core/time'

/** The time range of a request. */
export interface RangeText {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly tz?: string | undefined
}

const EDGES = { from: 'start', to: 'end' } as const
const TIME = 'ISO 8601 (in `tz` if it has no offset) or epoch milliseconds.'

/** Descriptions of the ends of a range. */
export const ABOUT_RANGE = {
  from: `${TIME} Includes calls that started then or later. A day alone, such as 2026-11-01, means its first moment.`,
  to: `${TIME} Includes calls that started before. A day alone, such as 2026-11-30, is included.`,
} as const

/** An IANA time zone. */
export const timeZone = z
  .string()
  .max(100)
  .refine(isTimeZone, { message: TIME_FAULTS.timeZone, params: { hint: 'Use a name such as Europe/Berlin or UTC' } })

const timeText = z.string().max(40)

/** The parameters of a time range. */
export const rangeShape = {
  from: timeText.optional().openapi({ description: ABOUT_RANGE.from, example: '2026-11-01T00:00:00Z' }),
  to: timeText.optional().openapi({ description: ABOUT_RANGE.to, example: '2026-12-01T00:00:00Z' }),
  tz: timeZone
    .optional()
    .openapi({ description: 'IANA time zone of days and buckets; UTC by default.', example: 'Europe/Berlin' }),
}

/** Checks `from` and `to` as times in `tz`. */
export function withTimes<Fields extends z.ZodObject>(fields: Fields): Fields {
  return fields.superRefine((given, context) => {
    const range: RangeText = given // by the schema
    // The schema has already reported an unknown time zone.
    if (range.tz !== undefined && !isTimeZone(range.tz)) return
    const [from, to] = [checkedTime('from', range, context), checkedTime('to', range, context)]
    if (from === undefined || to === undefined || from < to) return
    const params = { hint: 'Swap them or widen the range' }
    context.addIssue({ code: 'custom', path: ['to'], message: `${TIME_FAULTS.order} from`, params })
  })
}

/** Returns one end of a valid range in epoch milliseconds; undefined if it is open. */
export function timeOf(name: 'from' | 'to', range: RangeText): number | undefined {
  const text = range[name]
  return text === undefined ? undefined : parseTimeText(text, { edge: EDGES[name], timeZone: range.tz ?? 'UTC' })
}

function checkedTime(name: 'from' | 'to', range: RangeText, context: z.RefinementCtx): number | undefined {
  const time = timeOf(name, range)
  if (time !== undefined || range[name] === undefined) return time
  const params = { hint: 'Use ISO 8601, such as 2026-11-01 or 2026-11-01T08:00:00Z, or epoch milliseconds' }
  context.addIssue({ code: 'custom', path: [name], message: TIME_FAULTS.time, params })
  return undefined
}
