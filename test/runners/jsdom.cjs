const { TestEnvironment } = require('jest-environment-jsdom')

// What the AI SDK needs, and browsers have, but jsdom has not.
const MISSING = ['fetch', 'Headers', 'Request', 'Response', 'TextEncoder', 'TextDecoder', 'TextDecoderStream']
const STREAMS = ['ReadableStream', 'TransformStream', 'WritableStream', 'structuredClone']

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup()
    for (const name of [...MISSING, ...STREAMS]) this.global[name] ??= globalThis[name]
  }
}
