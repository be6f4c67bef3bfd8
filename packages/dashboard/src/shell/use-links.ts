import { useEffect } from 'preact/hooks'

/** Makes links within the page change the page in place; with a modifier, a target or a file they stay the browser's. */
export function useLinks(go: (url: string) => void): void {
  useEffect(() => {
    const follow = (event: MouseEvent): void => {
      if (
        event.defaultPrevented ||
        event.button !== 0 ||
        event.metaKey ||
        event.ctrlKey ||
        event.shiftKey ||
        event.altKey
      )
        return
      const link = event.target instanceof Element ? event.target.closest('a') : null
      if (link !== null) return followLink(event, link, go)
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('tr[data-href]') : null
      const href = row?.dataset['href']
      // A text that was marked, or a control within the row, is not a wish to open it.
      if (href === undefined || getSelection()?.isCollapsed === false || isControl(event.target)) return
      go(href)
      scrollTo(0, 0)
    }
    document.addEventListener('click', follow)
    return () => document.removeEventListener('click', follow)
  }, [go])
}

function followLink(event: MouseEvent, link: HTMLAnchorElement, go: (url: string) => void): void {
  const isOurs = link.origin === location.origin && !link.pathname.startsWith('/api/')
  if (
    !isOurs ||
    link.target !== '' ||
    link.hasAttribute('download') ||
    link.getAttribute('href')?.startsWith('#') === true
  )
    return
  event.preventDefault()
  // Who walks through the spans of a trace stays in it, though each span has a page.
  const isOtherPage = link.pathname !== location.pathname && link.closest('[role=tree]') === null
  go(link.pathname + link.search)
  if (!isOtherPage) return
  scrollTo(0, 0)
  document.getElementById('main')?.focus({ preventScroll: true })
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, input, select, summary, label') !== null
}
