import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorMessageOf, type PriceFile } from '@spanledger/core'
import { hidePasswords } from '../destination/split-userinfo.ts'
import { parsePriceFile } from './parse-price-file.ts'

/**
 * Reads a `prices.json`; a path is relative to the working folder. Throws a sentence that says what is wrong, with line
 * and field if the mistake is inside the file.
 */
export function readPriceFile(location: string | URL, workingFolder: string): PriceFile {
  const path = pathOf(location, workingFolder)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = errorMessageOf(cause)
    throw new Error(`Cannot read prices from ${path} (${reason}); use a file that exists`, { cause })
  }
  return parsePriceFile(text, path)
}

function pathOf(location: string | URL, workingFolder: string): string {
  const text = String(location)
  if (/^file:\/\//i.test(text)) return fileURLToPath(text)
  if (/^[a-z][a-z\d+.-]+:/i.test(text) && !/^file:/i.test(text)) {
    throw new Error(`Cannot read prices from "${hidePasswords(text)}"; use a file, such as prices.json`)
  }
  return resolve(workingFolder, text.replace(/^file:/i, ''))
}
