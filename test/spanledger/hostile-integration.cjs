// Stands for an `@ai-sdk/otel` whose hooks misbehave as HOSTILE says.
'use strict'

const how = process.env.HOSTILE
if (how === 'does not load') throw new Error('hostile module')

const never = new Promise(() => {})

/** What every hook that only listens does. */
const LISTENERS = {
  throws: () => {
    throw new Error('hostile hook')
  },
  'throws what is no error': () => {
    throw Object.create(null)
  },
  rejects: async () => {
    throw new Error('hostile hook')
  },
  'never resolves': () => never,
  blocks: () => {
    const until = Date.now() + 20
    while (Date.now() < until);
  },
}

/** What every hook around a call does with the call. */
const WRAPPERS = {
  'does not run the call': () => undefined,
  'runs the call twice': ({ execute }) => {
    void execute()
    return execute()
  },
  'runs the call late': async ({ execute }) => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return execute()
  },
  'answers for the call': ({ execute }) => {
    void execute()
    return { content: [], text: 'hostile' }
  },
  'throws after the call': ({ execute }) => {
    void execute()
    throw new Error('hostile hook')
  },
  'rejects after the call': async ({ execute }) => {
    await execute()
    throw new Error('hostile hook')
  },
  'never resolves after the call': ({ execute }) => {
    void execute()
    return never
  },
}

// Called with `new`, as the class that it stands for.
function OpenTelemetry() {
  if (how === 'cannot be made') throw new Error('hostile constructor')
  return new Proxy(
    {},
    {
      get(target, name) {
        if (how === 'cannot be read') throw new Error('hostile property')
        if (typeof name !== 'string') return Reflect.get(target, name)
        if (/^(experimental_)?execute/.test(name)) return WRAPPERS[how] ?? LISTENERS[how]
        return LISTENERS[how]
      },
    },
  )
}

module.exports = {
  OpenTelemetry,
  HOSTILE: ['does not load', 'cannot be made', 'cannot be read', ...Object.keys(LISTENERS), ...Object.keys(WRAPPERS)],
}
