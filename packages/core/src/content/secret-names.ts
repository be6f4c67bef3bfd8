/** What a name reveals about its value. */
export interface SecretName {
  /** The value becomes `[redacted:label]`. */
  readonly label: string
  /** `always`: the value is a secret. `random`: it is one if it looks random. `never`: the name only sounds secret. */
  readonly secrecy: 'always' | 'random' | 'never'
}

interface NameNode {
  /** By letter, `a` first. */
  readonly children: (NameNode | undefined)[]
  name: SecretName | undefined
  /** Matches whole words only: `db_pass` and `dbPass`, not `bypass`. */
  isWord: boolean
}

// Names that end with one of these, in any case and with any separators: `X-Api-Key`, `OPENAI_API_KEY` and `apiKey` are
// the same.
const ALWAYS = [
  'authorization',
  'api_key',
  'secret_key',
  'secret_access_key',
  'shared_access_key',
  'account_key',
  'private_key',
  'signing_key',
  'encryption_key',
  'master_key',
  'subscription_key',
  'service_role_key',
  'password',
  'passwd',
  'passphrase',
  'secret',
  'access_token',
  'refresh_token',
  'auth_token',
  'bearer_token',
  'session_token',
  'security_token',
  'connection_string',
  'set_cookie',
]
const RANDOM = ['token', 'cookie', 'cookies', 'access_key', 'credential', 'credentials']
// Page cursors look random, and texts about language models are full of tokens.
const NEVER = [
  'page_token',
  'next_token',
  'continuation_token',
  'sync_token',
  'per_token',
  'first_token',
  'last_token',
  'stop_token',
  'start_token',
  'end_token',
  'bos_token',
  'eos_token',
  'pad_token',
  'unk_token',
  'mask_token',
]
const ALWAYS_AS_WORD = ['pwd']
const RANDOM_AS_WORD = ['pass', 'auth', 'sig']

const MAX_NAME_LENGTH = 64
const LETTER_A = 0x61

// Stored backwards, so testing an ending is one walk that nearly always fails at its first letter.
const root = createNode()
addNames(ALWAYS, 'always', false)
addNames(ALWAYS_AS_WORD, 'always', true)
addNames(RANDOM, 'random', false)
addNames(RANDOM_AS_WORD, 'random', true)
addNames(NEVER, 'never', false)

/** Classifies the name that ends before `end`: a key, or the text before `=` or `:`. */
export function secretName(text: string, end = text.length): SecretName | undefined {
  let found: SecretName | undefined
  let node = root
  const first = Math.max(0, end - MAX_NAME_LENGTH)
  for (let at = end - 1; at >= first; at -= 1) {
    const code = text.charCodeAt(at)
    if (isSeparator(code)) {
      // A name does not end with a separator.
      if (at === end - 1) return undefined
      continue
    }
    const child = node.children[(code | 0x20) - LETTER_A]
    if (child === undefined) break
    node = child
    if (node.name !== undefined && (!node.isWord || isWordStart(text, at))) found = node.name
  }
  return found?.secrecy === 'never' ? undefined : found
}

function isSeparator(code: number): boolean {
  return code === 0x2d || code === 0x2e || code === 0x5f || code === 0x20
}

/** Whether a word starts here: no letter before, or a lower-case letter before an upper-case one. */
function isWordStart(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  const isLetter = (before | 0x20) >= 0x61 && (before | 0x20) <= 0x7a
  return !isLetter || (before >= 0x61 && text.charCodeAt(at) < 0x61)
}

function createNode(): NameNode {
  return { children: Array.from({ length: 26 }, () => undefined), name: undefined, isWord: false }
}

function addNames(names: readonly string[], secrecy: SecretName['secrecy'], isWord: boolean): void {
  for (const label of names) {
    let node = root
    for (const letter of label.replaceAll('_', '').split('').reverse()) {
      const index = letter.charCodeAt(0) - LETTER_A
      const child = node.children[index] ?? createNode()
      node.children[index] = child
      node = child
    }
    node.name = { label, secrecy }
    node.isWord = isWord
  }
}
