import { expect, test } from 'vitest'
import { openStore } from '../store/open-store.ts'
import { storeWorker, temporaryHome } from '../store/test-store.ts'
import { KeptPauses } from './kept-pauses.ts'
import { OutboundClient } from './outbound-client.ts'
import { openOutside } from './test-outside.ts'

const signal = new AbortController().signal

const get = (url: string) => ({ service: 'http', method: 'GET', url, signal })

test('a service that asked for an hour of rest gets it over a restart, and nobody else waits for that', async () => {
  using home = temporaryHome()
  let headers: Record<string, string> = { 'retry-after': '3600' }
  await using outside = await openOutside((_, response) => void response.writeHead(429, headers).end())
  const clientOf = (pauses: KeptPauses) => new OutboundClient({ allowed: () => [], dialling: outside.dialling, pauses })
  {
    const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
    await using _ = store
    await using pauses = await KeptPauses.open({ settings: store.settings, isReadOnly: false })
    await clientOf(pauses).send(get('http://a.example.com/'))
  }
  headers = {}
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  const again = clientOf(await KeptPauses.open({ settings: store.settings, isReadOnly: false }))
  await expect(again.send(get('http://a.example.com/'))).rejects.toMatchObject({ code: 'asked_to_wait' })
  await again.send(get('http://b.example.com/'))
  expect(outside.requests).toHaveLength(2)
  // A day on it is over; and written by a clock that was years ahead it lasts no longer than a day.
  const now = (days: number) => () => Date.now() + days * 86_400_000
  const later = await KeptPauses.open({ settings: store.settings, isReadOnly: false, now: now(1) })
  expect(later.untilMs('http a.example.com')).toBeLessThan(now(1)())
  const earlier = await KeptPauses.open({ settings: store.settings, isReadOnly: false, now: now(-3650) })
  expect(earlier.untilMs('http a.example.com')).toBeLessThanOrEqual(now(-3649)())
})
