import type { Health } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { LiveProvider, useFollowedCalls } from './api/live.tsx'
import { useQuery } from './api/use-query.ts'
import { Budgets } from './pages/budgets.tsx'
import { CallPage } from './pages/call-page.tsx'
import { Calls } from './pages/calls.tsx'
import { HealthPage } from './pages/health.tsx'
import { Overview } from './pages/overview.tsx'
import { Prices } from './pages/prices.tsx'
import { SessionPage } from './pages/session-page.tsx'
import { Sessions } from './pages/sessions.tsx'
import { Spend } from './pages/spend.tsx'
import { Tools } from './pages/tools.tsx'
import { KeyHelp } from './shell/key-help.tsx'
import { SideBar } from './shell/side-bar.tsx'
import { TopBar } from './shell/top-bar.tsx'
import { useKeys } from './shell/use-keys.ts'
import { useLinks } from './shell/use-links.ts'
import { useTheme } from './shell/use-theme.ts'
import { PAGES, type Route, toPage } from './view/route.ts'
import { type View, useUrlView, ViewProvider } from './view/view.tsx'

const HEALTH_EVERY_MS = 15_000

/** The whole page. */
export function App(): JSX.Element {
  const [firstCallAt, setFirstCallAt] = useState<number>()
  const view = useUrlView(firstCallAt)
  const live = useFollowedCalls(view)
  const health = useHealth(live.arrived)
  useEffect(() => setFirstCallAt(health?.database.firstStartedAt ?? undefined), [health])
  const theme = useTheme()
  const [showsKeys, showKeys] = useState(false)
  useLinks(view.go)
  useKeys(view, () => showKeys(true))
  useTitle(view.route)
  return (
    <ViewProvider value={view}>
      <LiveProvider value={live}>
        <a class="skip-link" href="#main">
          Skip to content
        </a>
        <div class="shell">
          <SideBar health={health} theme={theme} showKeys={() => showKeys(true)} />
          <div class="shell-main">
            <TopBar health={health} />
            <main id="main" tabIndex={-1}>
              <CurrentPage view={view} health={health} />
            </main>
          </div>
        </div>
        {showsKeys && <KeyHelp onClose={() => showKeys(false)} />}
      </LiveProvider>
    </ViewProvider>
  )
}

function CurrentPage({ view, health }: { readonly view: View; readonly health: Health | undefined }): JSX.Element {
  const { page, id } = view.route
  if (page === 'overview' && id === undefined) return <Overview health={health} />
  if (page === 'calls') return id === undefined ? <Calls /> : <CallPage id={id} health={health} />
  if (page === 'sessions') return id === undefined ? <Sessions /> : <SessionPage id={id} key={id} />
  if (page === 'tools') return <Tools />
  if (page === 'spend') return <Spend />
  if (page === 'budgets') return <Budgets />
  if (page === 'prices') return <Prices />
  if (page === 'health') return <HealthPage health={health} />
  return (
    <div class="nothing">
      <h1>Page not found</h1>
      <p>
        There is no page at <code>{view.route.path}</code>.
      </p>
      <p>
        <a href={toPage(view.route, 'overview')}>Go to Overview</a>
      </p>
    </div>
  )
}

function useHealth(arrived: number): Health | undefined {
  const { data, reload } = useQuery<Health>('/api/health')
  useEffect(() => {
    const timer = setInterval(reload, HEALTH_EVERY_MS)
    return () => clearInterval(timer)
  }, [reload])
  const isFirst = arrived === 1
  useEffect(() => (isFirst ? reload() : undefined), [isFirst, reload])
  return data
}

function useTitle({ page, id }: Route): void {
  useEffect(() => {
    const label = PAGES.find(({ name }) => name === page)?.label ?? 'Not found'
    document.title = `${id === undefined ? label : `${label} · ${id.slice(0, 12)}`} – Spanledger`
  }, [page, id])
}
