import { useEffect, useRef } from 'preact/hooks'
import { PAGES, toPage } from '../view/route.ts'
import type { View } from '../view/view.tsx'

const KEYS_KEY = 'spanledger.keys'
const CHORD_MS = 1_200

/** Whether single-key shortcuts are on. */
export function areKeysOn(): boolean {
  return localStorage.getItem(KEYS_KEY) !== 'off'
}

/** Turns single-key shortcuts on or off, for readers whose software types single keys. */
export function setKeysOn(isOn: boolean): void {
  localStorage.setItem(KEYS_KEY, isOn ? 'on' : 'off')
}

/** The shortcuts of the whole page. They do nothing in a field or a dialog, or with a modifier key. */
export function useKeys(view: View, showHelp: () => void): void {
  const chordUntil = useRef(0)
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (!areKeysOn() && event.key !== 'Escape') return
      const page = event.timeStamp < chordUntil.current ? PAGES.find(({ key }) => key === event.key) : undefined
      chordUntil.current = event.key === 'g' ? event.timeStamp + CHORD_MS : 0
      if (page !== undefined) view.go(toPage(view.route, page.name))
      else if (!pressKey(event.key, view, showHelp)) return
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [view, showHelp])
}

function pressKey(key: string, view: View, showHelp: () => void): boolean {
  if (key === '?') showHelp()
  else if (key === '/' || key === 't') document.querySelector<HTMLElement>(`[data-key="${key}"]`)?.click()
  else if (key === 'r') view.refresh()
  else if (key === 'j' || key === 'k') return moveRow(key === 'j' ? 1 : -1)
  else if (key === '[' || key === ']') return openSibling(key === ']' ? 1 : -1)
  else if (key === 'Escape' && view.route.id !== undefined && view.route.page !== undefined) {
    view.go(toPage(view.route, view.route.page))
  } else return false
  return true
}

function moveRow(step: number): boolean {
  const links = [...document.querySelectorAll<HTMLElement>('main .row-link')]
  const place = links.findIndex((link) => link === document.activeElement)
  const next = links[place === -1 ? 0 : place + step]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
  return next !== undefined
}

// The spans of a trace, in the order of the waterfall.
function openSibling(step: number): boolean {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('main .span-link')]
  const place = links.findIndex((link) => link.getAttribute('aria-current') === 'true')
  const next = place === -1 ? undefined : links[place + step]
  next?.click()
  return next !== undefined
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input:not([type=checkbox]), textarea, select, dialog, [role=dialog]') !== null
  )
}
