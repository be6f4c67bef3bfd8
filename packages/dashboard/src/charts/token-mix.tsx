import type { Totals } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { formatCompact, formatCount, formatShare, shareOf } from '../format/numbers.ts'

/** What the tokens were: read from a cache, written to one, new, answered, reasoned. A part that nobody reported is left out. */
export function TokenMix({ totals }: { readonly totals: Totals }): JSX.Element | null {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = totals
  if (inputTokens === null && outputTokens === null) return null
  const read = cacheReadTokens ?? 0
  const written = cacheWriteTokens ?? 0
  const reasoned = reasoningTokens ?? 0
  const parts = [
    { name: 'New input', tokens: Math.max((inputTokens ?? 0) - read - written, 0), fill: 'mix-input' },
    { name: 'Cache read', tokens: cacheReadTokens, fill: 'mix-read' },
    { name: 'Cache write', tokens: cacheWriteTokens, fill: 'mix-write' },
    { name: 'Output', tokens: Math.max((outputTokens ?? 0) - reasoned, 0), fill: 'mix-output' },
    { name: 'Reasoning', tokens: reasoningTokens, fill: 'mix-reasoning' },
  ]
  const all = parts.reduce((sum, { tokens }) => sum + (tokens ?? 0), 0)
  let offset = 0
  return (
    <div class="mix">
      <svg class="mix-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        {parts.map(({ name, tokens, fill }) => {
          const width = all === 0 ? 0 : ((tokens ?? 0) / all) * 1000
          offset += width
          return <rect key={name} class={fill} x={offset - width} width={Math.max(width - 2, 0)} height={10} />
        })}
      </svg>
      <dl class="mix-parts">
        {parts.map(({ name, tokens, fill }) => (
          <div key={name} title={formatCount(tokens)}>
            <dt>
              <svg class="swatch-box" viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
                <rect class={fill} width="8" height="8" rx="2" />
              </svg>
              {name}
            </dt>
            <dd>
              {formatCompact(tokens)} <span class="muted">{formatShare(shareOf(tokens, all))}</span>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
