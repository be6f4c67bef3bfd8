// A `gen_ai.provider.name`, and what the AI SDK, LangChain and older instrumentations call that provider, in lower case
// and without the name of the API. Providers that the conventions do not name get one spelling of ours.
const NAMES: Readonly<Record<string, readonly string[]>> = {
  openai: ['openai', 'open_ai', 'open-ai'],
  anthropic: ['anthropic', 'anthropic-ai'],
  'gcp.gemini': [
    'gcp.gemini',
    'gemini',
    'google',
    'google-genai',
    'google_genai',
    'google-ai',
    'google_ai_studio',
    'google_generative_ai',
  ],
  'gcp.vertex_ai': [
    'gcp.vertex_ai',
    'vertex',
    'vertexai',
    'vertex_ai',
    'vertex-ai',
    'googlevertex',
    'google-vertex',
    'google_vertexai',
  ],
  'gcp.gen_ai': ['gcp.gen_ai'],
  'aws.bedrock': [
    'aws.bedrock',
    'bedrock',
    'amazon',
    'aws',
    'amazon-bedrock',
    'amazon_bedrock',
    'aws_bedrock',
    'bedrock_converse',
  ],
  'azure.ai.openai': [
    'azure.ai.openai',
    'az.ai.openai',
    'azure',
    'azure-openai',
    'azure_openai',
    'azureopenai',
    'azure-open-ai',
  ],
  'azure.ai.inference': [
    'azure.ai.inference',
    'az.ai.inference',
    'azure_ai',
    'azure-ai',
    'azure-anthropic',
    'azure.anthropic',
  ],
  'ibm.watsonx.ai': ['ibm.watsonx.ai', 'watsonx', 'watsonx.ai', 'ibm', 'ibm-watsonx'],
  mistral_ai: ['mistral_ai', 'mistral', 'mistralai', 'mistral-ai'],
  x_ai: ['x_ai', 'xai', 'x-ai', 'x.ai'],
  groq: ['groq'],
  deepseek: ['deepseek', 'deepseek-ai'],
  cohere: ['cohere'],
  perplexity: ['perplexity', 'perplexity-ai'],
  moonshot_ai: ['moonshot_ai', 'moonshotai', 'moonshot', 'moonshot-ai'],
  togetherai: ['togetherai', 'together', 'together_ai', 'together-ai', 'together.ai'],
  fireworks: ['fireworks', 'fireworks_ai', 'fireworks-ai', 'fireworksai'],
  voyage: ['voyage', 'voyageai', 'voyage-ai', 'voyage_ai'],
  zai: ['zai', 'z-ai', 'z.ai', 'zai-org'],
  huggingface: ['huggingface', 'hugging_face', 'hugging-face'],
  cloudflare: ['cloudflare', 'workers-ai', 'workersai', 'cloudflare-workers-ai'],
  openrouter: ['openrouter', 'open_router'],
  gateway: ['gateway', 'ai-gateway', 'vercel-ai-gateway', 'vercel_ai_gateway'],
}

// Hosts whose names include the maker of the model: `google.vertex.chat`, `vertex.anthropic.messages`.
const HOST_PREFIXES: readonly (readonly [prefix: string, name: string])[] = [
  ['google.vertex.', 'gcp.vertex_ai'],
  ['googlevertex.', 'gcp.vertex_ai'],
  ['google-vertex.', 'gcp.vertex_ai'],
  ['vertex.', 'gcp.vertex_ai'],
  ['vertex-anthropic.', 'gcp.vertex_ai'],
  ['amazon-bedrock.', 'aws.bedrock'],
  ['bedrock.', 'aws.bedrock'],
  ['bedrock-', 'aws.bedrock'],
  ['azure-openai.', 'azure.ai.openai'],
]

// The API names that AI SDK packages append to the provider.
const APIS: ReadonlySet<string> = new Set(
  [
    'chat responses messages completion completions generative-ai interactions realtime live',
    'embedding embeddings textembedding text-embedding rerank reranking decision extraction',
    'image images video speech transcription translation speech-translation',
    'batch files skills',
  ].flatMap((names) => names.split(' ')),
)

const NAME_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([name, spellings]) => spellings.map((spelling) => [spelling, name] as const)),
)

// A longer raw name cannot match and is returned unchanged.
const LONGEST_NAME = 200

/**
 * The `gen_ai.provider.name` for what an SDK or instrumentation calls its provider, such as `openai.responses`.
 * Providers without a well-known name keep their own, without the name of the API. A well-known name maps to itself.
 *
 * `model` tells Vertex AI from the Gemini API if both are called Google. `hint` is another name for the source: the raw
 * id of the SDK (`azure.responses`), or the scope `gen_ai` of `@ai-sdk/otel`, which reports Azure OpenAI as Azure AI
 * Inference.
 */
export function toProviderName(rawProvider: string, model?: string, hint?: string): string {
  const name = NAME_OF.get(rawProvider) ?? nameOf(rawProvider)
  if (name === 'gcp.gemini' && model !== undefined && isVertexModel(model)) return 'gcp.vertex_ai'
  if (name === 'azure.ai.inference' && hint !== undefined && isAzureOpenAI(hint)) return 'azure.ai.openai'
  return name
}

function nameOf(rawProvider: string): string {
  if (rawProvider.length > LONGEST_NAME) return rawProvider
  const own = withoutApi(rawProvider)
  const known = NAME_OF.get(own)
  if (known !== undefined) return known
  const lower = own.toLowerCase()
  for (const [prefix, name] of HOST_PREFIXES) if (lower.startsWith(prefix)) return name
  return NAME_OF.get(lower) ?? HOST_NAME_OF.get(lower) ?? own
}

// A name that consists only of an API is kept.
function withoutApi(provider: string): string {
  const dot = provider.lastIndexOf('.')
  if (dot <= 0 || !APIS.has(provider.slice(dot + 1).toLowerCase())) return provider
  return withoutApi(provider.slice(0, dot))
}

// `google.vertex` after its API was removed.
const HOST_NAME_OF: ReadonlyMap<string, string> = new Map(
  HOST_PREFIXES.map(([prefix, name]) => [prefix.slice(0, -1), name]),
)

// `projects/…/locations/…/publishers/google/models/gemini-2.5-pro`; the Gemini API uses `models/gemini-2.5-pro`.
function isVertexModel(model: string): boolean {
  return model.startsWith('projects/') || model.startsWith('publishers/')
}

function isAzureOpenAI(hint: string): boolean {
  return hint === 'gen_ai' || (NAME_OF.get(hint) ?? nameOf(hint)) === 'azure.ai.openai'
}
