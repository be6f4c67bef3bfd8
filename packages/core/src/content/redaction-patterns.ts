/**
 * The characters after a credential's prefix. `hex` is lower case; `upper` is upper case and digits; `word` adds `-`
 * and `_` to `base62`, `dotted` also `.`, `path` also `/`, `+` and `~`. `jwt` is `dotted` with at least two segments.
 */
export type TokenAlphabet = 'base62' | 'hex' | 'upper' | 'word' | 'dotted' | 'path' | 'jwt'

/** A credential with a fixed prefix, as most have today. Found in linear time, whatever the text. */
export interface TokenPattern {
  /** The text becomes `[redacted:label]`. */
  readonly label: string
  /** Starts with a letter or digit. Matches only if no letter, digit or `_` precedes it. */
  readonly prefix: string
  readonly alphabet: TokenAlphabet
  /** Characters after the prefix; at least 20 together with the prefix. */
  readonly minLength: number
  readonly maxLength?: number
  /** Digits required among the first 32 characters after the prefix, to tell keys from names. Default 0. */
  readonly minDigits?: number
  /** Matches only if no `-` precedes the prefix either. */
  readonly standalone?: boolean
}

/** Any other credential. Runs over every text, so keep it linear: no nested quantifiers. */
export interface ExpressionPattern {
  readonly label: string
  readonly expression: RegExp
}

export type RedactionPattern = TokenPattern | ExpressionPattern

/** Credentials with a prefix, by issuer. Others are found by shape or by the name they are assigned to. */
export const TOKEN_PATTERNS: readonly TokenPattern[] = [
  // Models
  ...tokens('openai_key', ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-None-'], 'word', 16),
  ...tokens('openai_key', ['sk-'], 'base62', 20, { minDigits: 1 }),
  ...tokens('api_key', ['sk-'], 'word', 20, { minDigits: 3 }),
  ...tokens('anthropic_key', ['sk-ant-'], 'word', 16),
  ...tokens('openrouter_key', ['sk-or-v1-'], 'word', 16),
  ...tokens('google_api_key', ['AIza'], 'word', 30),
  ...tokens('google_oauth_token', ['ya29.'], 'dotted', 20),
  ...tokens('google_oauth_secret', ['GOCSPX-'], 'word', 20),
  ...tokens('huggingface_token', ['hf_', 'api_org_'], 'base62', 30),
  ...tokens('groq_key', ['gsk_'], 'base62', 20),
  ...tokens('xai_key', ['xai-'], 'base62', 20),
  ...tokens('perplexity_key', ['pplx-'], 'base62', 20),
  ...tokens('replicate_token', ['r8_'], 'base62', 30),
  ...tokens('cerebras_key', ['csk-'], 'base62', 30),
  ...tokens('nvidia_key', ['nvapi-'], 'word', 20),
  ...tokens('together_key', ['tgp_v1_'], 'word', 20),
  ...tokens('fireworks_key', ['fw_'], 'base62', 20, { minDigits: 1, standalone: true }),
  ...tokens('voyage_key', ['pa-'], 'word', 40, { minDigits: 2, standalone: true }),
  ...tokens('jina_key', ['jina_'], 'base62', 20),
  ...tokens('elevenlabs_key', ['sk_'], 'hex', 40, { standalone: true }),
  ...tokens('vercel_token', ['vck_', 'vcp_', 'vca_', 'vercel_blob_rw_'], 'word', 20),
  ...tokens('langfuse_key', ['sk-lf-'], 'word', 20),
  ...tokens('langsmith_key', ['lsv2_pt_', 'lsv2_sk_'], 'word', 20),
  ...tokens('tavily_key', ['tvly-'], 'word', 16),
  ...tokens('firecrawl_key', ['fc-'], 'hex', 32, { maxLength: 32, standalone: true }),
  ...tokens('pinecone_key', ['pcsk_'], 'word', 20),
  ...tokens('e2b_key', ['e2b_'], 'hex', 30),
  ...tokens('apify_token', ['apify_api_'], 'base62', 20),

  // Tokens of any issuer
  ...tokens('jwt', ['eyJ'], 'jwt', 13),

  // Clouds
  ...tokens('aws_access_key_id', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], 'upper', 16, { maxLength: 16 }),
  ...tokens('aws_bedrock_key', ['ABSKQmVkcm9ja0FQSUtleS'], 'path', 20),
  ...tokens('aws_bedrock_key', ['bedrock-api-key-'], 'path', 20),
  ...tokens('databricks_token', ['dapi'], 'hex', 32),
  ...tokens('digitalocean_token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], 'hex', 32),
  ...tokens('heroku_key', ['HRKU-'], 'word', 20),
  ...tokens('fly_token', ['fo1_', 'fm2_'], 'path', 20),
  ...tokens('planetscale_token', ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'], 'word', 20),
  ...tokens('supabase_key', ['sbp_'], 'hex', 40),
  ...tokens('supabase_key', ['sb_secret_'], 'word', 16),
  ...tokens('neon_key', ['napi_'], 'base62', 30),
  ...tokens('tailscale_key', ['tskey-'], 'word', 16),
  ...tokens('vault_token', ['hvs.', 'hvb.'], 'dotted', 20),
  ...tokens('doppler_token', ['dp.pt.', 'dp.st.', 'dp.ct.'], 'dotted', 20),
  ...tokens('age_key', ['AGE-SECRET-KEY-1'], 'upper', 40),

  // Code
  ...tokens('github_token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], 'base62', 30),
  ...tokens('github_token', ['github_pat_'], 'word', 20),
  ...tokens('gitlab_token', ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'gloas-'], 'dotted', 16),
  ...tokens('npm_token', ['npm_'], 'base62', 30),
  ...tokens('pypi_token', ['pypi-AgE'], 'word', 16),
  ...tokens('pypi_token', ['pypi-'], 'word', 40, { minDigits: 1 }),
  ...tokens('rubygems_key', ['rubygems_'], 'hex', 40),
  ...tokens('docker_token', ['dckr_pat_'], 'word', 20),
  ...tokens('buildkite_token', ['bkua_'], 'hex', 40),
  ...tokens('circleci_token', ['CCIPAT_'], 'word', 20),
  ...tokens('sentry_token', ['sntrys_', 'sntryu_'], 'path', 20),
  ...tokens('newrelic_key', ['NRAK-'], 'upper', 20),
  ...tokens('grafana_token', ['glsa_', 'glc_'], 'path', 20),
  ...tokens('postman_key', ['PMAK-'], 'word', 30),
  ...tokens('posthog_key', ['phx_'], 'base62', 30),

  // Messages, money, office
  ...tokens('slack_token', ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxo-', 'xoxe-', 'xoxe.'], 'dotted', 15),
  ...tokens('slack_token', ['xapp-'], 'word', 20),
  ...tokens('slack_webhook', ['hooks.slack.com/services/', 'hooks.slack.com/workflows/'], 'path', 20),
  ...tokens('discord_webhook', ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'], 'path', 20),
  ...tokens('stripe_key', ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'], 'base62', 12),
  ...tokens('webhook_secret', ['whsec_'], 'path', 16, { minDigits: 1 }),
  ...tokens('square_token', ['sq0atp-', 'sq0csp-'], 'word', 20),
  ...tokens('shopify_token', ['shpat_', 'shpca_', 'shppa_', 'shpss_'], 'hex', 32),
  ...tokens('twilio_key', ['SK'], 'hex', 32, { maxLength: 32, standalone: true }),
  ...tokens('twilio_account_sid', ['AC'], 'hex', 32, { maxLength: 32, standalone: true }),
  ...tokens('sendgrid_key', ['SG.'], 'dotted', 40),
  ...tokens('mailgun_key', ['key-'], 'hex', 32, { maxLength: 32, standalone: true }),
  ...tokens('notion_token', ['ntn_'], 'base62', 40),
  ...tokens('notion_token', ['secret_'], 'base62', 43, { maxLength: 43, standalone: true }),
  ...tokens('linear_key', ['lin_api_', 'lin_oauth_'], 'base62', 20),
  ...tokens('figma_token', ['figd_'], 'word', 20),
  ...tokens('hubspot_token', ['pat-na1-', 'pat-na2-', 'pat-eu1-'], 'word', 20),
  ...tokens('atlassian_token', ['ATATT3', 'ATCTT3'], 'path', 20),
]

function tokens(
  label: string,
  prefixes: readonly string[],
  alphabet: TokenAlphabet,
  minLength: number,
  rest?: Pick<TokenPattern, 'maxLength' | 'minDigits' | 'standalone'>,
): readonly TokenPattern[] {
  return prefixes.map((prefix) => ({ label, prefix, alphabet, minLength, ...rest }))
}
