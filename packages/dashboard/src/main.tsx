import { render } from 'preact'
import { App } from './app.tsx'
import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/parts.css'
import './styles/charts.css'
import './styles/pages.css'
import './styles/trace.css'

const root = document.getElementById('root')
// In a task of its own: reading the script and drawing the page together keep the browser busy for too long.
setTimeout(() => {
  root?.replaceChildren() // what was painted while this was on its way
  if (root !== null) render(<App />, root)
})
