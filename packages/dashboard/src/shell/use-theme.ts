import { useEffect, useState } from 'preact/hooks'

/** The color theme of the page; `auto` follows the system. */
export interface Theme {
  readonly name: 'auto' | 'light' | 'dark'
  readonly choose: (name: Theme['name']) => void
}

const THEME_KEY = 'spanledger.theme'

/** The theme that the reader chose. */
export function useTheme(): Theme {
  const [name, choose] = useState(readTheme)
  useEffect(() => {
    if (name === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = name
    localStorage.setItem(THEME_KEY, name)
  }, [name])
  return { name, choose }
}

function readTheme(): Theme['name'] {
  const kept = localStorage.getItem(THEME_KEY)
  return kept === 'light' || kept === 'dark' ? kept : 'auto'
}
