import { parseJson } from './json.ts'

/** JSON that holds the text, where tool arguments travel as an object and broken JSON can only be quoted. */
export function quoteMalformed(text: string): string {
  return parseJson(text) === undefined ? JSON.stringify({ malformed: text }) : text
}
