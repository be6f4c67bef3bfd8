import type { JsonObject } from './json.ts'

const EXCEPTIONS: Readonly<Record<number, string>> = {
  400: 'ValidationException',
  401: 'UnrecognizedClientException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  408: 'ModelTimeoutException',
  424: 'ModelErrorException',
  429: 'ThrottlingException',
  503: 'ServiceUnavailableException',
}

/** The body of an Amazon Bedrock error; the kind of error stands in a header. */
export function bedrockError(_status: number, message: string): JsonObject {
  return { message }
}

/** The header that names the kind of error. */
export function bedrockErrorHeaders(status: number): Readonly<Record<string, string>> {
  const kind = EXCEPTIONS[status] ?? (status < 500 ? 'ValidationException' : 'InternalServerException')
  return { 'x-amzn-errortype': `${kind}:http://internal.amazon.com/coral/com.amazon.bedrock/` }
}
