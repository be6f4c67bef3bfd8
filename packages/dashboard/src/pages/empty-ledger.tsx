import type { Health } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Card } from '../parts/card.tsx'
import { Select } from '../parts/choice.tsx'
import { Loading } from '../parts/page-states.tsx'
import { HealthChecks } from './health-checks.tsx'
import { FRAMEWORKS, snippetFor } from './snippets.ts'

/** Shown while no call is stored: the setup status and code to copy. The first call replaces it with the overview. */
export function EmptyLedger({ health }: { readonly health: Health | undefined }): JSX.Element {
  const [framework, setFramework] = useState<(typeof FRAMEWORKS)[number][0]>('node')
  const [isCopied, setCopied] = useState(false)
  const snippet = snippetFor(framework, location.origin)
  const copy = (): void => {
    void navigator.clipboard.writeText(snippet).then(() => setCopied(true))
  }
  return (
    <div class="stack empty">
      <p class="lead">No calls yet. This page updates by itself when the first one arrives.</p>
      <Card title="Setup status">{health === undefined ? <Loading /> : <HealthChecks health={health} />}</Card>
      <Card
        title="Send your first call"
        actions={
          <Select
            name="Using"
            value={framework}
            options={FRAMEWORKS}
            onChange={(name) => {
              setFramework(name)
              setCopied(false)
            }}
          />
        }
      >
        <pre class="snippet" tabIndex={0} role="region" aria-label="Code to copy">
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
      <Card title="Just looking?">
        <p>
          <code>npx spanledger demo</code> fills this dashboard with made-up calls. It needs no API key and no network.
        </p>
      </Card>
    </div>
  )
}
