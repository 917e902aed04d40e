import { expect, test, vi } from 'vitest'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { storeWorker, temporaryHome } from '../store/test-store.ts'
import { ToldEnds } from './told-ends.ts'

const at = (second: number): string => new Date(Date.UTC(2026, 10, 22, 14, 7, second)).toISOString()
const end = (id: string, second: number) => ({ id, at: at(second) })

async function withStore(use: (store: Store) => Promise<void>): Promise<void> {
  using home = temporaryHome()
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  await use(store)
}

/** From when on a life that begins then tells again. */
const sinceOf = async (store: Store): Promise<string> => (await ToldEnds.open({ store, startedAt: at(59) })).since

test('the next life tells again from the earliest end that not all were through with', () =>
  withStore(async (store) => {
    {
      await using ends = await ToldEnds.open({ store, startedAt: at(0) })
      for (const one of [end('a', 1), end('b', 2), end('c', 3)]) ends.begin(one)
      ends.through({ id: 'a' })
      ends.through({ id: 'c' })
    }
    expect(await sinceOf(store)).toBe(at(2))
  }))

test('where all are through it begins with the last of them, and where nothing ended where the first life began', () =>
  withStore(async (store) => {
    {
      await using ends = await ToldEnds.open({ store, startedAt: at(0) })
      expect(ends.since).toBe(at(0))
    }
    expect(await sinceOf(store)).toBe(at(0))
    {
      await using ends = await ToldEnds.open({ store, startedAt: at(4) })
      for (const one of [end('a', 6), end('b', 5)]) {
        ends.begin(one)
        ends.through(one)
      }
    }
    expect(await sinceOf(store)).toBe(at(6))
  }))

test('after a clock that was ahead it begins with the life that finds it so', () =>
  withStore(async (store) => {
    {
      await using ends = await ToldEnds.open({ store, startedAt: at(40) })
      ends.begin(end('a', 50))
      ends.through({ id: 'a' })
    }
    {
      await using ends = await ToldEnds.open({ store, startedAt: at(10) })
      expect(ends.since).toBe(at(10))
      ends.begin(end('b', 20))
      ends.through({ id: 'b' })
    }
    expect(await sinceOf(store)).toBe(at(20))
  }))

test('it is kept while the program runs, for a death that nobody announces', () =>
  withStore(async (store) => {
    const ends = await ToldEnds.open({ store, startedAt: at(0), everyMs: 1 })
    ends.begin(end('a', 5))
    ends.through({ id: 'a' })
    await vi.waitUntil(async () => (await sinceOf(store)) === at(5), 10_000)
    ends.begin(end('b', 6))
    ends.begin(end('c', 7))
    ends.through({ id: 'c' })
    await vi.waitUntil(async () => (await sinceOf(store)) === at(6), 10_000)
  }))

test('what listeners let go as the program ends is not taken for heard', () =>
  withStore(async (store) => {
    const ends = await ToldEnds.open({ store, startedAt: at(0) })
    for (const one of [end('a', 5), end('b', 6)]) ends.begin(one)
    await ends[Symbol.asyncDispose]()
    ends.through({ id: 'a' })
    ends.through({ id: 'b' })
    expect(await sinceOf(store)).toBe(at(5))
  }))
