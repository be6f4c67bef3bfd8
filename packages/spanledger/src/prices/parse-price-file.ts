import { errorMessageOf, nameOfPath, PriceError, type PriceFile, toPriceFile } from '@spanledger/core'
import { lineOfJson, lineOfJsonError } from './json-line.ts'

/**
 * Reads the text of a `prices.json`. Throws an Error that names the line, for a wrong field a `PriceError`:
 * `prices.json line 7, prices[2].per_mtok.input: "abc" is not a decimal; write it as a string such as "0.25"`.
 */
export function parsePriceFile(text: string, fileName = 'prices.json'): PriceFile {
  const value = parseJson(text, fileName)
  try {
    return toPriceFile(value)
  } catch (cause) {
    if (!(cause instanceof PriceError)) throw cause
    const { path, problem } = cause
    const field = path.length === 0 ? '' : `, ${nameOfPath(path)}`
    throw new PriceError(`${atLine(fileName, lineOfJson(text, path))}${field}`, path, problem)
  }
}

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const message = errorMessageOf(cause)
    throw new Error(`${atLine(fileName, lineOfJsonError(text))}: not JSON (${message})`, { cause })
  }
}

function atLine(fileName: string, line: number | undefined): string {
  return line === undefined ? fileName : `${fileName} line ${line}`
}
