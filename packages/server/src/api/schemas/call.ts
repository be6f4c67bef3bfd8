import { z } from '@hono/zod-openapi'
import {
  CALL_COLUMN_NAMES,
  CALL_COLUMNS,
  CALL_KINDS,
  type CallColumns,
  type ColumnForm,
  type ColumnType,
} from '@spanledger/core'
import { type CamelCase, toCamelCase } from './camel-case.ts'
import { orNull } from './or-null.ts'
import { count, time, usd } from './number.ts'

const text = z.string().nullable()
const number = z.number().min(0)
const object = z.record(z.string(), z.unknown())

const FORMS: Readonly<Record<ColumnForm, z.ZodType>> = {
  id: z.string(),
  text: z.string(),
  word: z.string(),
  flag: z.union([z.literal(0), z.literal(1)]),
  count,
  tokens: number,
  money: number,
  time,
  duration: number,
  texts: z.array(z.string()),
  object,
  json: z.unknown(),
}

type ColumnShape = { readonly [Column in keyof CallColumns as CamelCase<Column>]: z.ZodType<CallColumns[Column]> }

// Every column of a call; the cost in USD follows the one in nano-USD.
const columnShape = Object.fromEntries(
  CALL_COLUMN_NAMES.flatMap((column) => [
    [toCamelCase(column), schemaOf(CALL_COLUMNS[column])] as const,
    ...(column === 'cost_nano_usd' ? [['costUsd', usd] as const] : []),
  ]),
) as unknown as ColumnShape & { readonly costUsd: typeof usd } // the columns of the table, and one more

/** A call without its content: the columns of table `calls` in camelCase. */
export const callView = z
  .strictObject({
    id: z.string(),
    ...columnShape,
    kind: z.enum(CALL_KINDS),
    createdAt: time,
    ingestSeq: count,
  })
  .openapi('CallView')

/** The content of a call; null where the content policy removed it. */
export const callContent = z
  .strictObject({
    question: text,
    systemPrompt: text,
    messages: z.strictObject({ input: z.unknown(), output: z.unknown() }).nullable(),
    answer: text,
    toolDefinitions: z.unknown(),
    arguments: z.unknown(),
    result: z.unknown(),
    lengths: object.nullable(),
  })
  .openapi('CallContent')

/** A call with its content. */
export const callWithContent = z
  .strictObject({ ...callView.shape, content: orNull(callContent) })
  .openapi('CallWithContent')

export type CallView = z.infer<typeof callView>
export type CallContentView = z.infer<typeof callContent>
export type CallWithContent = z.infer<typeof callWithContent>

function schemaOf({ form, words, isNullable }: ColumnType<unknown>): z.ZodType {
  const schema = words === undefined ? FORMS[form] : z.enum(words)
  return isNullable ? schema.nullable() : schema
}
