import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { errorCodeOf } from '@spanledger/core'
import type { CliContext } from '../cli/context.ts'
import { sentenceOf } from '../cli/error.ts'
import { readRecords } from './read-records.ts'

/** A JSON value of a file, or the problem with it, and its location. */
export type PlacedRecord =
  | { readonly where: string; readonly value: unknown }
  | { readonly where: string; readonly problem: string }

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file; use an existing one, or - for stdin',
  EISDIR: 'this is a folder; use the files in it',
  EACCES: 'this user may not read the file',
  Z_BUF_ERROR: 'the compressed data ends early; everything before that is imported',
  Z_DATA_ERROR: 'the compressed data is damaged; everything before that is imported',
}

/** Reads a file, or stdin for `-`. Never throws: a read error becomes a problem record. */
export async function* readFile(
  file: string,
  context: CliContext,
  onBytes: (count: number) => void,
): AsyncGenerator<PlacedRecord> {
  const name = file === '-' ? 'stdin' : file
  try {
    const bytes = file === '-' ? context.input : createReadStream(resolve(context.workingFolder, file))
    for await (const { line, ...record } of readRecords(countBytes(bytes, onBytes))) {
      yield { where: `${name} line ${line}`, ...record }
    }
  } catch (error) {
    const code = errorCodeOf(error) ?? ''
    yield { where: name, problem: PROBLEMS[code] ?? sentenceOf(error) }
  }
}

/** The total size of files in bytes; unknown sizes count as 0. */
export async function sizeOfFiles(files: readonly string[], { workingFolder }: CliContext): Promise<number> {
  const sizes = files.map((file) =>
    // A missing file is reported when it is read.
    stat(resolve(workingFolder, file)).then(
      ({ size }) => size,
      () => 0,
    ),
  )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

async function* countBytes(
  bytes: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    onBytes(chunk.length)
    yield chunk
  }
}
