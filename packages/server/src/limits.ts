/** Limits of single requests and of the whole server. */
export interface Limits {
  /** Size of a body as it is sent, compressed or not. */
  readonly bodyBytes: number
  /** Size of a body after decompression. */
  readonly expandedBytes: number
  /** Size of all bodies that are being read, decoded or stored. Above it the server answers 429. */
  readonly inFlightBytes: number
  /** Spans of one request; further spans are rejected. */
  readonly spans: number
  /** Call lines of one request. */
  readonly callLines: number
  /** Size of one call line. */
  readonly callLineBytes: number
  readonly connections: number
  /** Time for a request to arrive completely. */
  readonly requestTimeoutMs: number
  readonly headersTimeoutMs: number
}

const MIB = 1024 * 1024

/** Safe for a small machine, and above what exporters send. */
export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 16 * MIB,
  expandedBytes: 64 * MIB,
  inFlightBytes: 96 * MIB,
  spans: 10_000,
  callLines: 10_000,
  callLineBytes: 4 * MIB,
  connections: 500,
  requestTimeoutMs: 15_000,
  headersTimeoutMs: 10_000,
}
