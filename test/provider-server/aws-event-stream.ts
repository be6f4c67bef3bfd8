import { crc32 } from 'node:zlib'
import type { StreamTransport } from './stream-transport.ts'

const PRELUDE_BYTES = 12
const CHECKSUM_BYTES = 4
const STRING_HEADER = 7

/**
 * `application/vnd.amazon.eventstream`. A message is: its length and that of its headers, a checksum of these two
 * numbers, the headers, the payload, a checksum of everything before it. All numbers are big-endian.
 */
export const AWS_EVENT_STREAM: StreamTransport = {
  contentType: 'application/vnd.amazon.eventstream',
  encode({ event = '', data, isException = false }) {
    const headers = [
      [isException ? ':exception-type' : ':event-type', event],
      [':content-type', 'application/json'],
      [':message-type', isException ? 'exception' : 'event'],
    ] as const
    return encodeMessage(Buffer.concat(headers.map(encodeHeader)), Buffer.from(JSON.stringify(data)))
  },
}

function encodeMessage(headers: Buffer, payload: Buffer): Buffer {
  const prelude = Buffer.alloc(PRELUDE_BYTES)
  prelude.writeUInt32BE(PRELUDE_BYTES + headers.length + payload.length + CHECKSUM_BYTES, 0)
  prelude.writeUInt32BE(headers.length, 4)
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8)
  const message = Buffer.concat([prelude, headers, payload])
  return Buffer.concat([message, uint32(crc32(message))])
}

function encodeHeader([name, value]: readonly [name: string, value: string]): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(Buffer.byteLength(value))
  return Buffer.concat([
    Buffer.from([Buffer.byteLength(name)]),
    Buffer.from(name),
    Buffer.from([STRING_HEADER]),
    length,
    Buffer.from(value),
  ])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(CHECKSUM_BYTES)
  bytes.writeUInt32BE(value)
  return bytes
}
