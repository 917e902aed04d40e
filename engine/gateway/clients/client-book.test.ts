import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Client, ClientId, Profile, ProfileId } from '../../../shared/client.ts'
import type { ServerId } from '../../../shared/ids.ts'
import { mask } from '../../../shared/mask.ts'
import type { EngineEvent } from '../../../shared/snapshot.ts'
import { Masker } from '../../secrets/masker.ts'
import { openStore } from '../../store/open-store.ts'
import type { ClientRepo } from '../../store/store.ts'
import { storeWorker, temporaryHome } from '../../store/test-store.ts'
import { ClientBook } from './client-book.ts'

const ownerToken = 'o'.repeat(43)
const seen = {
  era: 'legacy',
  protocol_version: '2025-11-25',
  implementation: { name: 'Cursor', version: '2.1' },
} as const
const work: Profile = {
  id: 'work' as ProfileId,
  name: 'Work',
  others: 'off',
  servers: [{ server: 'notes' as ServerId, is_on: true, tools_off: ['delete_note'] }],
}

async function openBook(file: string, over: (repo: ClientRepo) => ClientRepo = (repo) => repo) {
  const { store } = await openStore({ file, worker: storeWorker })
  const events: EngineEvent[] = []
  const waiting: { holds: () => boolean; resolve: () => void }[] = []
  const masker = new Masker()
  const book = await ClientBook.open({
    repo: over(store.clients),
    ownerToken,
    masker,
    publish: (event) => {
      events.push(event)
      for (const one of waiting) if (one.holds()) one.resolve()
    },
  })
  return {
    book,
    events,
    masker,
    /** Resolves at the event after which it holds. */
    until: (holds: () => boolean) => new Promise<void>((resolve) => waiting.push({ holds, resolve })),
    async [Symbol.asyncDispose]() {
      await book[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

const shown = ({ events }: { events: EngineEvent[] }, id: ClientId): Client | undefined =>
  events.flatMap((event) => (event.type === 'client.changed' && event.client.id === id ? [event.client] : [])).at(-1)

test('an issued token opens its client only, after a restart too, and is kept as a hash alone', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  let token: string
  {
    await using app = await openBook(file)
    const issued = await app.book.issue({ name: 'Cursor', program: 'cursor' })
    token = issued.token
    expect(token).toMatch(/^sbx_[\w-]{43}$/)
    expect(issued.client).toMatchObject({ name: 'Cursor', program: 'cursor', profile: null, seen: null })
    expect(issued.client.token_hint).toBe(token.slice(-4))
    const caller = app.book.callerOf(token)
    expect(caller).toEqual({
      origin: 'client:Cursor',
      client: issued.client.id,
      profile: null,
      since: issued.client.created_at,
    })
    expect([app.book.callerOf(`${token}x`), app.book.callerOf(''), app.book.callerOf(ownerToken)]).toEqual([
      null,
      null,
      null,
    ])
    for (const encoding of ['utf8', 'hex'] as const) {
      const said = Buffer.from(token).toString(encoding)
      expect(app.masker.text(`it said ${said}`)).toBe(`it said ${mask}`)
    }
    expect(JSON.stringify([app.events, app.book.list()])).not.toContain(token)
  }
  await using again = await openBook(file)
  expect(again.book.callerOf(token)?.origin).toBe('client:Cursor')
  for (const suffix of ['', '-wal']) expect(readFileSync(file + suffix).includes(token)).toBe(false)
})

test('a token that was rotated, revoked or removed ends at once and does not come back', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  const ended: string[] = []
  {
    await using app = await openBook(file)
    let told = 0
    using _ = app.book.onGrantsChanged(() => told++)
    const first = await app.book.issue({ name: 'one' })
    const second = await app.book.rotate(first.client.id)
    expect([app.book.callerOf(first.token), app.book.callerOf(second.token)?.origin]).toEqual([null, 'client:one'])
    expect(second.client.rotated_at).not.toBeNull()
    await app.book.revoke(first.client.id)
    await expect(app.book.rotate(first.client.id)).rejects.toMatchObject({ code: 'client_revoked' })
    const other = await app.book.issue({ name: 'two' })
    await app.book.remove(other.client.id)
    await expect(app.book.revoke(other.client.id)).rejects.toMatchObject({ code: 'unknown_client', status: 404 })
    ended.push(first.token, second.token, other.token)
    expect(ended.map((token) => app.book.callerOf(token))).toEqual([null, null, null])
    expect(told).toBe(5)
  }
  await using again = await openBook(file)
  expect(ended.map((token) => again.book.callerOf(token))).toEqual([null, null, null])
  expect(again.book.list().map(({ name }) => name)).toEqual(['one'])
})

test('connecting by name gives the same token each time, and makes one client however many ask at once', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  let token: string
  {
    await using app = await openBook(file)
    const all = await Promise.all([1, 2, 3].map(() => app.book.ensure({ name: 'claude-desktop' })))
    token = all[0]!.token
    expect(all.map((one) => one.token)).toEqual([token, token, token])
    expect(app.book.list()).toHaveLength(1)
    expect(all[0]!.client.token_hint).toBe(token.slice(-4))
    expect(all[0]!.client.program).toBe('claude-desktop')
    const told = await app.book.ensure({ name: 'Claude-Desktop', program: 'cursor' })
    expect(told).toMatchObject({ token, client: { name: 'claude-desktop', program: 'cursor' } })
  }
  await using again = await openBook(file)
  // Known though nobody has asked for it yet: its bridge may tell it in any encoding.
  expect(again.masker.text(`hex ${Buffer.from(token).toString('hex')}`)).toBe(`hex ${mask}`)
  const { client } = await again.book.ensure({ name: 'claude-desktop' })
  expect(again.book.callerOf(token)?.client).toBe(client.id)

  const { token: issued } = await again.book.rotate(client.id)
  const next = await again.book.ensure({ name: 'claude-desktop' })
  expect(next.token).not.toBe(token)
  expect([token, issued, next.token].map((one) => again.book.callerOf(one)?.origin)).toEqual([
    undefined,
    'client:claude-desktop',
    'client:claude-desktop',
  ])
  await again.book.revoke(client.id)
  await expect(again.book.ensure({ name: 'claude-desktop' })).rejects.toMatchObject({ code: 'client_revoked' })
})

test('names are taken once, whatever their case', async () => {
  using home = temporaryHome()
  await using app = await openBook(home.file('signalbox.db'))
  const { client } = await app.book.issue({ name: 'Cursor' })
  await expect(app.book.issue({ name: 'cursor' })).rejects.toMatchObject({ code: 'client_exists', status: 409 })
  const other = await app.book.issue({ name: 'other' })
  await expect(app.book.rename(other.client.id, 'CURSOR')).rejects.toMatchObject({ code: 'client_exists' })
  expect(await app.book.rename(client.id, 'CURSOR')).toMatchObject({ name: 'CURSOR' })
  expect(app.book.callerOf(other.token)?.origin).toBe('client:other')
})

test('a caller reaches what its profile says now', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  let token: string
  {
    await using app = await openBook(file)
    await expect(app.book.issue({ name: 'a', profile: work.id })).rejects.toMatchObject({ code: 'unknown_profile' })
    await app.book.saveProfile(work)
    const issued = await app.book.issue({ name: 'a', profile: work.id })
    token = issued.token
    expect(app.book.callerOf(token)?.profile).toEqual(work)
    const wider = { ...work, others: 'on' as const }
    await app.book.saveProfile(wider)
    expect([app.book.callerOf(token)?.profile, app.book.profile(work.id)]).toEqual([wider, wider])
    await expect(app.book.removeProfile(work.id)).rejects.toMatchObject({ code: 'profile_in_use', status: 409 })
    await app.book.setProfile(issued.client.id, null)
    expect(app.book.callerOf(token)?.profile).toBeNull()
    await app.book.setProfile(issued.client.id, work.id)
    await app.book.saveProfile({ ...work, id: 'spare' as ProfileId })
    await app.book.removeProfile('spare' as ProfileId)
  }
  await using again = await openBook(file)
  expect(again.book.profiles()).toEqual([{ ...work, others: 'on' }])
  expect(again.book.callerOf(token)?.profile?.others).toBe('on')
})

test('a client whose profile is lost reaches nothing', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  await using app = await openBook(file, (repo) => ({ ...repo, setProfile: async () => {} }))
  await app.book.saveProfile(work)
  const { token } = await app.book.issue({ name: 'a', profile: work.id })
  await using again = await openBook(file)
  expect(again.book.callerOf(token)?.profile).toMatchObject({ id: 'work', others: 'off', servers: [] })
})

test('what a client has said and been served is told at its first request, and written seldom', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  let writes = 0
  let id: ClientId
  {
    await using app = await openBook(file, (repo) => ({
      ...repo,
      setSightings: (sightings) => {
        writes++
        return repo.setSightings(sightings)
      },
    }))
    id = (await app.book.issue({ name: 'a' })).client.id
    const toldOf = app.until(() => shown(app, id)?.seen !== null)
    app.book.noteSeen(id, seen)
    app.book.noteServed(id, 12)
    for (let n = 0; n < 1_000; n++) app.book.noteCall(id)
    await toldOf
    expect(shown(app, id)?.seen).toMatchObject({ ...seen, tools_served: 12 })
    expect(writes).toBe(1)
    app.book.noteServed(id, 13)
    const gone = (await app.book.issue({ name: 'b' })).client.id
    app.book.noteSeen(gone, seen)
    await app.book.remove(gone)
    app.book.noteSeen(gone, seen)
  }
  expect(writes).toBe(2)
  await using again = await openBook(file)
  const kept = again.book.get(id).seen!
  expect(kept).toMatchObject({ ...seen, tools_served: 13 })
  expect([kept.listed_at, kept.last_call_at].every((at) => at !== null && at >= kept.first_at)).toBe(true)
})

test('a change of its profile does not turn back what was seen of a client', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  let id: ClientId
  {
    await using app = await openBook(file)
    await app.book.saveProfile(work)
    id = (await app.book.issue({ name: 'a' })).client.id
    app.book.noteSeen(id, seen)
    await app.book.setProfile(id, work.id)
  }
  await using again = await openBook(file)
  expect(again.book.get(id)).toMatchObject({ profile: 'work', seen: { era: 'legacy' } })
  expect(again.book.grantsChangedAt(id) >= again.book.get(id).created_at).toBe(true)
})
