import type { Health } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { Icon } from '../parts/icon.tsx'
import { Segments } from '../parts/choice.tsx'
import { PAGES, toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'
import { IngestStatus } from './ingest-status.tsx'
import type { Theme } from './use-theme.ts'

interface SideBarProps {
  readonly health: Health | undefined
  readonly theme: Theme
  readonly showKeys: () => void
}

/** The navigation, and whether calls arrive. */
export function SideBar({ health, theme, showKeys }: SideBarProps): JSX.Element {
  const { route } = useView()
  return (
    <header class="side">
      <a class="brand" href={toPage(route, 'overview')}>
        <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
          <rect width="32" height="32" rx="7" />
          <path d="M8 10h16M8 16h10M8 22h13" />
        </svg>
        Spanledger
      </a>
      <nav aria-label="Main">
        <ul>
          {PAGES.map(({ name, label, key }) => (
            <li key={name}>
              <a
                href={toPage(route, name)}
                aria-current={route.page === name ? 'page' : undefined}
                title={`Shortcut: g, then ${key}`}
              >
                <Icon name={name} />
                {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="side-foot">
        <IngestStatus health={health} />
        <Segments
          name="Theme"
          value={theme.name}
          options={[
            ['auto', 'Auto'],
            ['light', 'Light'],
            ['dark', 'Dark'],
          ]}
          onChange={theme.choose}
        />
        <button type="button" class="link-button" onClick={showKeys}>
          <Icon name="keys" /> Shortcuts <kbd>?</kbd>
        </button>
      </div>
    </header>
  )
}
