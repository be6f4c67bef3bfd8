/** A credential in the shape of the real thing. Put together at run time, so that no scanner takes this file for a leak. */
export interface Credential {
  readonly label: string
  readonly text: string
  /** What must not be left of it. */
  readonly secret: string
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const UPPER = LOWER.toUpperCase()
const DIGITS = '0123456789'
const HEX = `${DIGITS}abcdef`
const BASE62 = `${LOWER}${UPPER}${DIGITS}`
const BASE64 = `${BASE62}+/`
const WORD = `${BASE62}_-`
const BASE32 = `${UPPER}234567`

/** Known by their prefix: prefix, alphabet and length as their issuers document them. */
export const PREFIXED: readonly Credential[] = [
  prefixed('openai_key', 'sk-', BASE62, 48),
  prefixed('openai_key', 'sk-proj-', WORD, 124),
  prefixed('openai_key', 'sk-svcacct-', WORD, 124),
  prefixed('openai_key', 'sk-admin-', WORD, 124),
  prefixed('anthropic_key', 'sk-ant-api03-', WORD, 95),
  prefixed('openrouter_key', 'sk-or-v1-', HEX, 64),
  prefixed('google_api_key', 'AIza', WORD, 35),
  prefixed('google_oauth_token', 'ya29.', WORD, 120),
  prefixed('google_oauth_secret', 'GOCSPX-', WORD, 28),
  prefixed('huggingface_token', 'hf_', LOWER + UPPER, 34),
  prefixed('groq_key', 'gsk_', BASE62, 52),
  prefixed('xai_key', 'xai-', BASE62, 80),
  prefixed('perplexity_key', 'pplx-', BASE62, 48),
  prefixed('replicate_token', 'r8_', BASE62, 37),
  prefixed('cerebras_key', 'csk-', LOWER + DIGITS, 48),
  prefixed('nvidia_key', 'nvapi-', WORD, 64),
  prefixed('fireworks_key', 'fw_', BASE62, 24),
  prefixed('voyage_key', 'pa-', WORD, 43),
  prefixed('jina_key', 'jina_', BASE62, 60),
  prefixed('elevenlabs_key', 'sk_', HEX, 48),
  prefixed('langfuse_key', 'sk-lf-', HEX, 32),
  prefixed('langsmith_key', 'lsv2_pt_', HEX, 32),
  prefixed('tavily_key', 'tvly-dev-', BASE62, 32),
  prefixed('firecrawl_key', 'fc-', HEX, 32),
  prefixed('pinecone_key', 'pcsk_', WORD, 70),
  prefixed('aws_access_key_id', 'AKIA', BASE32, 16),
  prefixed('aws_access_key_id', 'ASIA', BASE32, 16),
  prefixed('aws_bedrock_key', 'ABSKQmVkcm9ja0FQSUtleS', BASE64, 106),
  prefixed('databricks_token', 'dapi', HEX, 32),
  prefixed('digitalocean_token', 'dop_v1_', HEX, 64),
  prefixed('heroku_key', 'HRKU-', WORD, 58),
  prefixed('planetscale_token', 'pscale_tkn_', WORD, 43),
  prefixed('supabase_key', 'sbp_', HEX, 40),
  prefixed('vault_token', 'hvs.', WORD, 95),
  prefixed('doppler_token', 'dp.pt.', BASE62, 43),
  prefixed('age_key', 'AGE-SECRET-KEY-1', UPPER + DIGITS, 58),
  prefixed('github_token', 'ghp_', BASE62, 36),
  prefixed('github_token', 'gho_', BASE62, 36),
  prefixed('github_token', 'ghs_', BASE62, 36),
  prefixed('github_token', 'github_pat_', `${BASE62}_`, 82),
  prefixed('gitlab_token', 'glpat-', WORD, 20),
  prefixed('npm_token', 'npm_', BASE62, 36),
  prefixed('pypi_token', 'pypi-AgEIcHlwaS5vcmc', WORD, 160),
  prefixed('rubygems_key', 'rubygems_', HEX, 48),
  prefixed('docker_token', 'dckr_pat_', WORD, 27),
  prefixed('sentry_token', 'sntrys_', BASE64, 120),
  prefixed('newrelic_key', 'NRAK-', UPPER + DIGITS, 27),
  prefixed('grafana_token', 'glsa_', `${BASE62}_`, 41),
  prefixed('postman_key', 'PMAK-', `${HEX}-`, 59),
  prefixed('slack_token', 'xoxb-', `${BASE62}-`, 50),
  prefixed('slack_token', 'xoxp-', `${HEX}-`, 70),
  prefixed('slack_token', 'xapp-1-', `${BASE62}-`, 90),
  prefixed('slack_webhook', 'hooks.slack.com/services/', `${BASE62}/`, 44),
  prefixed('discord_webhook', 'discord.com/api/webhooks/', `${WORD}/`, 87),
  prefixed('stripe_key', 'sk_live_', BASE62, 24),
  prefixed('stripe_key', 'rk_live_', BASE62, 99),
  prefixed('webhook_secret', 'whsec_', BASE64, 32),
  prefixed('square_token', 'sq0atp-', WORD, 22),
  prefixed('shopify_token', 'shpat_', HEX, 32),
  prefixed('twilio_key', 'SK', HEX, 32),
  prefixed('twilio_account_sid', 'AC', HEX, 32),
  prefixed('sendgrid_key', 'SG.', `${WORD}.`, 66),
  prefixed('mailgun_key', 'key-', HEX, 32),
  prefixed('notion_token', 'ntn_', BASE62, 46),
  prefixed('linear_key', 'lin_api_', BASE62, 40),
  prefixed('figma_token', 'figd_', WORD, 40),
  prefixed('hubspot_token', 'pat-na1-', `${HEX}-`, 36),
  prefixed('atlassian_token', 'ATATT3', WORD, 180),
]

/** Known by their shape. */
export const SHAPED: readonly Credential[] = [
  whole('jwt', ['eyJ', some(BASE62, 33), '.eyJ', some(WORD, 60), '.', some(WORD, 43)]),
  whole('telegram_token', ['712', some(DIGITS, 7), ':AA', some(WORD, 33)]),
  whole('discord_token', ['MTk4', some(BASE62, 19), '9.', some(WORD, 6), '.', some(WORD, 38)]),
  whole('mailgun_key', [some(HEX, 32), '-', some(HEX, 8), '-', some(HEX, 8)]),
  whole('mailchimp_key', [some(HEX, 32), '-us12']),
  whole('private_key', ['-----BEGIN RSA ', 'PRIVATE KEY-----\n', pemLines(), '\n-----END RSA PRIVATE KEY-----']),
  whole('private_key', ['-----BEGIN ', 'PRIVATE KEY-----\\n', pemLines(), '\\n-----END PRIVATE KEY-----']),
]

/** Known by what stands before them. `text` is all that is needed to know. */
export const ASSIGNED: readonly Credential[] = [
  assigned('aws_secret_access_key = ', some(BASE64, 40), ''),
  assigned('AWS_SECRET_ACCESS_KEY=', some(BASE64, 40), ''),
  assigned('"SecretAccessKey": "', some(BASE64, 40), '"'),
  assigned('DefaultEndpointsProtocol=https;AccountName=a;AccountKey=', `${some(BASE64, 86)}==`, ';EndpointSuffix=x'),
  assigned('Endpoint=sb://x/;SharedAccessKeyName=root;SharedAccessKey=', `${some(BASE64, 43)}=`, ''),
  assigned('Server=db;User Id=sa;Password=', 'p@ss(w)ord!', ';Encrypt=yes'),
  assigned('postgres://shop:', 's3cr,et!', '@db.internal:5432/shop'),
  assigned('mongodb+srv://shop:', 'hunter', '@cluster0.x.mongodb.net/?retryWrites=true'),
  assigned('redis://:', 'hunter2', '@10.0.0.7:6379'),
  assigned('amqp://a:', 'p@ss:w0rd', '@mq/vhost'),
  assigned('Authorization: Bearer ', some(BASE62, 40), ''),
  assigned('Authorization: Bearer ', 'abc123', ''),
  assigned('authorization: Basic ', 'dXNlcjpwYXNz', ''),
  assigned('Authorization: token ', some(HEX, 40), ''),
  assigned('{"authorization":"', 'Bearer x', '"}'),
  assigned("'Authorization': `Bearer ", some(BASE62, 24), '`'),
  assigned('we send Bearer ', some(BASE62, 32), ' with it'),
  assigned('Proxy-Authorization: Basic ', some(BASE62, 30), ''),
  assigned('X-Api-Key: ', some(HEX, 32), ''),
  assigned('api-key: ', some(HEX, 32), ''),
  assigned('api_key="', some(BASE62, 20), '"'),
  assigned("const apiKey = '", some(BASE62, 20), "'"),
  assigned('https://maps.example.com/?api_key=', 'abcdef', '&q=1'),
  assigned('https://example.com/cb?code=1&access_token=', 'opaque-value', ''),
  assigned('x-goog-api-key: ', some(BASE62, 39), ''),
  assigned('client_secret=', some(`${WORD}~`, 40), ''),
  assigned('JWT_SECRET=', 'correct1horse', ''),
  assigned('DB_PASSWORD=', 'hunter22', ''),
  assigned('{"password":"', 'no digits at all', '"}'),
  assigned('{\\"password\\":\\"', 'no digits at all', '\\"}'),
  assigned('"password" => "', 'hunter', '"'),
  assigned('Cookie: theme=dark; session=', some(BASE62, 24), ''),
  assigned('Set-Cookie: sid=', some(BASE62, 24), '; Path=/; HttpOnly'),
  assigned('github_token: ', some(BASE62, 40), ''),
  assigned('pwd=', 'hunter22', ''),
]

/** Credential characters, always the same for the same arguments, with digits, capitals and small letters as far as there are any. */
function some(alphabet: string, length: number): string {
  let state = alphabet.length * 7919 + length
  let result = ''
  while (result.length < length) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    const character = alphabet[(state >>> 8) % alphabet.length]!
    // Neither a separator at an end nor two of them in a row: real ones are read by people.
    const isSeparator = /[^A-Za-z0-9]/.test(character)
    if (isSeparator && (result === '' || result.length === length - 1 || /[^A-Za-z0-9]$/.test(result))) continue
    result += character
  }
  return result
}

function prefixed(label: string, prefix: string, alphabet: string, length: number): Credential {
  const secret = some(alphabet, length)
  return { label, text: prefix + secret, secret }
}

function whole(label: string, parts: readonly string[]): Credential {
  return { label, text: parts.join(''), secret: parts.toSorted((a, b) => b.length - a.length)[0]! }
}

function assigned(before: string, secret: string, after: string): Credential {
  return { label: before, text: before + secret + after, secret }
}

function pemLines(): string {
  return [some(BASE64, 64), some(BASE64, 63), some(BASE64, 40)].join('\n')
}
