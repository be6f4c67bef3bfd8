const COMMAND =
  /\b(?<manager>npm|npx|pnpm|yarn|bun|bunx)\b(?<options>(?: +-[^\s`'"]+)*)(?: +(?<verb>install|i|add|exec|x|dlx)\b)?(?<rest>[^\n\\`'"()<>;&|#]*)/g
// The word after one of these is its value.
const WITH_VALUE = new Set(['--prefix', '-C', '--workspace', '-w', '--registry', '--tag'])
// What npm reads as a path, what a shell or a template fills in, and "…" for "anything".
const NO_NAME = /^(?:[./~$…]|file:)/

/**
 * The names, without versions, of the packages that the commands in a text install or run from a registry:
 * `npm install a @b/c@1`, `npx a`, and the same of other package managers.
 */
export function namedPackages(text: string): readonly string[] {
  const commands = text.replaceAll(/\\\n/g, ' ').matchAll(COMMAND)
  return [...commands].flatMap(({ groups }) => {
    const { manager = '', verb = '', rest = '' } = groups ?? {}
    const runs = manager === 'npx' || manager === 'bunx' || ['exec', 'x', 'dlx'].includes(verb)
    if (!runs && verb === '') return []
    const words = wordsOf(rest)
    return (runs ? words.slice(0, 1) : words).filter((word) => !NO_NAME.test(word)).map(withoutVersion)
  })
}

function wordsOf(rest: string): readonly string[] {
  const words = rest.split(/\s+/).map((word) => word.replace(/[.,:!?]+$/, ''))
  return words.filter((word, index) => word !== '' && !word.startsWith('-') && !WITH_VALUE.has(words[index - 1] ?? ''))
}

function withoutVersion(word: string): string {
  return word.replace(/(?<=.)@.*$/, '')
}
