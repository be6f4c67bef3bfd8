import type { Health } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Card } from '../parts/card.tsx'
import { Select } from '../parts/choice.tsx'
import { Loading } from '../parts/page-states.tsx'
import { HealthChecks } from './health-checks.tsx'
import { FRAMEWORKS, snippetFor } from './snippets.ts'

/** No call is stored yet: says how far things are, and what to write. Turns into the dashboard with the first call. */
export function EmptyLedger({ health }: { readonly health: Health | undefined }): JSX.Element {
  const [framework, setFramework] = useState<(typeof FRAMEWORKS)[number][0]>('node')
  const [isCopied, setCopied] = useState(false)
  const snippet = snippetFor(framework, location.origin)
  const copy = (): void => {
    void navigator.clipboard.writeText(snippet).then(() => setCopied(true))
  }
  return (
    <div class="stack empty">
      <p class="lead">No call is stored yet. This page fills by itself when the first one arrives.</p>
      <Card title="How far things are">{health === undefined ? <Loading /> : <HealthChecks health={health} />}</Card>
      <Card
        title="Send the first call"
        actions={
          <Select
            name="From"
            value={framework}
            options={FRAMEWORKS}
            onChange={(name) => {
              setFramework(name)
              setCopied(false)
            }}
          />
        }
      >
        <pre class="snippet" tabIndex={0} role="region" aria-label="What to write">
          {snippet}
        </pre>
        <div class="row">
          <button type="button" class="button" onClick={copy}>
            Copy
          </button>
          <span role="status" class="muted">
            {isCopied ? 'Copied' : ''}
          </span>
        </div>
      </Card>
      <Card title="Only looking?">
        <p>
          <code>npx spanledger demo</code> shows this page over made-up calls, without a key and without a network.
        </p>
      </Card>
    </div>
  )
}
