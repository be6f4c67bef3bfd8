import type { Store } from '@spanledger/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { STORES, type TestDatabase } from '../stores.ts'

const NOW = Date.parse('2026-03-25T12:00Z')

describe.each(STORES)('saved views on $name', ({ create }) => {
  let database: TestDatabase
  let store: Store
  beforeEach(async () => {
    database = await create()
    store = await database.open({ now: () => NOW })
  })
  afterEach(() => database.remove())

  const names = async (projectId?: string | null) => (await store.views(projectId)).map(({ name }) => name)

  test('are listed by name, those of a project to it alone', async () => {
    const saved = await store.saveView({ name: 'gold', url: '/calls?metadata=tier%3Dgold', projectId: null })
    await store.saveView({ name: 'errors', url: '/calls?status=error', projectId: null })
    await store.saveView({ name: 'gold', url: '/', projectId: 'shop' })
    expect(saved).toMatchObject({ url: '/calls?metadata=tier%3Dgold', projectId: null, createdAt: NOW })
    expect((await store.views(null)).at(-1)).toEqual(saved)
    expect(await names(null)).toEqual(['errors', 'gold'])
    expect(await names('shop')).toEqual(['gold'])
    expect(await names('blog')).toEqual([])
    expect(await names()).toEqual(['errors', 'gold', 'gold'])
  })

  test('have one name each', async () => {
    await store.saveView({ name: 'gold', url: '/', projectId: 'shop' })
    await expect(store.saveView({ name: 'gold', url: '/calls', projectId: 'shop' })).rejects.toThrow(
      'A view with the name "gold" already exists; delete it first, or use another name',
    )
  })

  test('are deleted once, and by another project not at all', async () => {
    const { id } = await store.saveView({ name: 'gold', url: '/', projectId: 'shop' })
    expect(await store.deleteView(id, 'blog')).toBe(false)
    expect(await store.deleteView(id, null)).toBe(false)
    expect(await store.deleteView(id, 'shop')).toBe(true)
    expect(await store.deleteView(id)).toBe(false)
  })
})
