/** Models of the demo by their use. The unpriced one has no price, like a new model. */
export const MODELS = {
  large: [
    { provider: 'openai', model: 'gpt-5' },
    { provider: 'anthropic', model: 'claude-sonnet-4-5' },
  ],
  small: [
    { provider: 'openai', model: 'gpt-5-mini' },
    { provider: 'anthropic', model: 'claude-haiku-4-5' },
    { provider: 'gcp.gemini', model: 'gemini-2.5-flash' },
  ],
  embedding: [{ provider: 'openai', model: 'text-embedding-3-small' }],
  unpriced: [{ provider: 'acme', model: 'acme-70b-preview' }],
} as const

export const USERS = [
  'ada',
  'bob',
  'carol',
  'dan',
  'erin',
  'frank',
  'grace',
  'heidi',
  'ivan',
  'judy',
  'mallory',
  'peggy',
] as const

export const COMPANIES = ['acme', 'globex', 'initech'] as const

export const QUESTIONS = [
  { question: 'Which teapot keeps tea warm the longest?', answer: 'The cast-iron one: an hour with the cosy on.' },
  { question: 'Where is my order A-17?', answer: 'It left our warehouse on Monday and should be with you tomorrow.' },
  { question: 'Can I put the blue teapot in the dishwasher?', answer: 'Better not: the glaze would lose its shine.' },
  { question: 'Do you ship to Norway?', answer: 'Yes, within five days, and duties are included.' },
  { question: 'My teapot arrived in pieces!', answer: 'I am sorry. A new one is on its way, at our cost.' },
  { question: 'Which tea goes well with chocolate?', answer: 'A malty Assam, or a smoky Lapsang if you are brave.' },
] as const

export const TOOLS = [
  {
    name: 'find_order',
    arguments: { orderId: 'A-17' },
    result: { status: 'shipped' },
    failure: 'Order service: timeout after 3000 ms',
  },
  {
    name: 'search_products',
    arguments: { query: 'teapot' },
    result: { found: 12 },
    failure: 'Search index is being rebuilt',
  },
  {
    name: 'refund',
    arguments: { orderId: 'A-17', usd: 24 },
    result: { done: true },
    failure: 'The refund service is closed on Sundays',
  },
  { name: 'get_weather', arguments: { city: 'Oslo' }, result: { celsius: 4 }, failure: '429 Too Many Requests' },
] as const

export const FAILURES = [
  'overloaded_error: Overloaded',
  'Rate limit reached',
  'The prompt is too long',
  'socket hang up',
] as const
