/** What one request, and all of them together, may ask for. */
export interface Limits {
  /** Of a body as it is sent, compressed or not. */
  readonly bodyBytes: number
  /** Of a body after decompression. */
  readonly expandedBytes: number
  /** Of all bodies that are being read, decoded or stored; beyond it requests are asked to come back. */
  readonly inFlightBytes: number
  /** Spans of one request; those after them are rejected. */
  readonly spans: number
  /** Call lines of one request. */
  readonly callLines: number
  /** Of one call line. */
  readonly callLineBytes: number
  readonly connections: number
  /** Until a request has arrived as a whole. */
  readonly requestTimeoutMs: number
  readonly headersTimeoutMs: number
}

const MIB = 1024 * 1024

/** A small machine stands these, and no honest exporter meets them. */
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
