// Hosts of model providers and gateways. A name with a dot or a hyphen at its edge stands for all names like it.
const HOSTS: readonly string[] = [
  'api.openai.com',
  '.openai.azure.com',
  '.services.ai.azure.com',
  '.models.ai.azure.com',
  'api.anthropic.com',
  'generativelanguage.googleapis.com',
  'aiplatform.googleapis.com',
  '-aiplatform.googleapis.com',
  'bedrock-runtime.',
  'ai-gateway.vercel.sh',
  'openrouter.ai',
  'api.mistral.ai',
  'api.groq.com',
  'api.x.ai',
  'api.deepseek.com',
  'api.cohere.com',
  'api.perplexity.ai',
  'api.together.xyz',
  'api.fireworks.ai',
  'api.cerebras.ai',
  'api.deepinfra.com',
  'api.moonshot.ai',
  'api.voyageai.com',
  'router.huggingface.co',
  'dashscope.aliyuncs.com',
  'dashscope-intl.aliyuncs.com',
]

// What model servers and proxies of one's own are asked by.
const PATHS =
  /\/(?:chat\/completions|v1\/responses|v1\/embeddings|api\/chat|api\/generate)$|:(?:stream)?generateContent$/i

/** Whether a request asks a model: its host is a provider's, or its path is one that only model servers have. */
export function isProviderRequest(host: string, path: string): boolean {
  const name = host.toLowerCase()
  return HOSTS.some((known) => isLike(name, known)) || PATHS.test(path.replace(/\?.*$/s, ''))
}

function isLike(name: string, known: string): boolean {
  if (/^[.-]/.test(known)) return name.endsWith(known)
  return known.endsWith('.') ? name.startsWith(known) : name === known
}
