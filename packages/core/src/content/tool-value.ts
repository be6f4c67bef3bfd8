import { fitJson, type FittedJson } from '../json/cut-json.ts'

// Parsing longer texts takes too long on the path of a call; they are cut as text.
const MAX_PARSED_LENGTH = 100_000

/** Fits tool arguments or a tool result: a JSON text, as on spans, any other text, or a value. */
export function fitToolValue(value: unknown, maxLength: number, maxBase64Length: number): FittedJson {
  if (typeof value !== 'string') return fitJson(value, maxLength, maxBase64Length)
  const { json } = fitJson(parsedOrText(value), maxLength, maxBase64Length)
  return { json, length: value.length }
}

function parsedOrText(text: string): unknown {
  if (text.length > MAX_PARSED_LENGTH) return text
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the tool received or returned this text.
    return text
  }
}
