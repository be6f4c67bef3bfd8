import type { FilterBody, FilterQuery } from '@spanledger/server/api'
import type { CallFilter, FilterName, Grouping, RangeName } from '@spanledger/store'

/**
 * `npm run check` compiles this file; nothing runs it. A filter that the store has and the API has not, or the other way
 * round, makes one of the lines below an error. The labels and options of the page and the command are typed by
 * `FilterName` where they stand, so a missing one is an error there.
 */
export type EveryFilterIsTaken = [
  True<Same<FilterParameter, Exclude<keyof FilterQuery, 'from' | 'to' | 'tz'>>>,
  True<Same<FilterName, keyof FilterBody>>,
  True<Same<FilterName | RangeName | 'except' | 'metadata', Exclude<keyof CallFilter, 'from' | 'to' | 'tz'>>>,
  True<Same<Exclude<FilterName, 'usedTool'>, Exclude<Grouping, 'day'>>>,
]

type FilterParameter =
  | FilterName
  | `not${Capitalize<FilterName>}`
  | `${'min' | 'max'}${Capitalize<RangeName>}`
  | 'metadata'

type OneMore = FilterName | 'region'

/** What the lines above say where the store has one filter more than the API. */
export type OneMoreIsRefused = [
  // @ts-expect-error -- a query string takes exactly the filters of the store, not any name
  True<Same<FilterParameter | OneMore, Exclude<keyof FilterQuery, 'from' | 'to' | 'tz'>>>,
  // @ts-expect-error -- and so does a body
  True<Same<OneMore, keyof FilterBody>>,
]

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
type True<Holds extends true> = Holds

/** A list of all filters, as the page and the command keep one. */
// @ts-expect-error -- a list that lacks one does not compile
export const lacksOne: { readonly [Name in OneMore]: string } = {} as { readonly [Name in FilterName]: string }
