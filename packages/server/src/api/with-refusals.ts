import { HttpError } from '../http/http-error.ts'

/** Asks a store. What it says against the question, rather than about itself, is told to who asked. */
export async function withRefusals<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    throw refusalOf(error) ?? error
  }
}

function refusalOf(error: unknown): HttpError | undefined {
  const message = error instanceof Error ? error.message : ''
  if (message.startsWith('Unknown cursor')) {
    return new HttpError('cursor is none that this server gave for this question', {
      status: 400,
      code: 'invalid_value',
      field: 'cursor',
      hint: 'Pass the "next" of the page before as it is, with the same sort and order',
      cause: error,
    })
  }
  if (message.startsWith('Buckets of')) {
    return new HttpError('bucket cuts this time into more than 2000 pieces', {
      status: 400,
      code: 'invalid_value',
      field: 'bucket',
      hint: 'Use a longer one, auto, or a shorter time',
      cause: error,
    })
  }
  return undefined
}
