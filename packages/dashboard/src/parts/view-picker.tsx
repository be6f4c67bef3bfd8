import type { SavedViewList, SavedViewView } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { request } from '../api/request.ts'
import { useQuery } from '../api/use-query.ts'
import { useView } from '../view/view.tsx'
import { FormError } from './form-error.tsx'
import { Icon } from './icon.tsx'
import { Popover } from './popover.tsx'
import { readForm, useAction } from './use-action.ts'

/** The saved views: goes to one, saves what is on the page as one, deletes one. */
export function ViewPicker(): JSX.Element {
  return (
    <Popover name="Saved views" icon="views" label="Views">
      {(close) => <Views close={close} />}
    </Popover>
  )
}

// Asked for each time that the panel opens, because others save views too.
function Views({ close }: { readonly close: () => void }): JSX.Element {
  const views = useQuery<SavedViewList>('/api/views')
  const work = useAction()
  const save = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }): void => {
    event.preventDefault()
    const form = event.currentTarget
    const { name } = readForm(form)
    work.run(async () => {
      await request('/api/views', { method: 'POST', body: { name, url: `${location.pathname}${location.search}` } })
      form.reset()
      views.reload()
    })
  }
  const remove = ({ id }: SavedViewView): void =>
    work.run(async () => {
      await request(`/api/views/${encodeURIComponent(id)}`, { method: 'DELETE' })
      views.reload()
    })
  return (
    <>
      <form onSubmit={save}>
        <label class="field">
          Save this page as
          <input name="name" required maxlength={100} autocomplete="off" />
        </label>
        <button type="submit" class="button" disabled={work.isRunning}>
          Save view
        </button>
      </form>
      <FormError error={work.error ?? views.error} />
      {views.data?.data.length === 0 && <p class="muted">No view is saved yet.</p>}
      <ul class="option-list is-tall" aria-label="Saved views">
        {views.data?.data.map((view) => (
          <li key={view.id} class="option">
            <SavedViewLink view={view} close={close} />
            <button type="button" class="chip-remove" disabled={work.isRunning} onClick={() => remove(view)}>
              <Icon name="close" />
              <span class="sr-only">Delete view {view.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

interface SavedViewLinkProps {
  readonly view: SavedViewView
  readonly close: () => void
}

function SavedViewLink({ view, close }: SavedViewLinkProps): JSX.Element {
  const { go } = useView()
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    go(view.url)
    close()
  }
  return (
    <a class="option-name" href={view.url} onClick={open}>
      {view.name}
      {view.project !== null && <span class="muted"> · {view.project}</span>}
    </a>
  )
}
