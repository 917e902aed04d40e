import { expect, test } from 'vitest'
import type { Failure } from '../../shared/app-error.ts'
import { type LinkOptions, listAll, openRemoteLink } from './open-link.ts'
import { TestChild } from './test-child.ts'

const options: LinkOptions = {
  client: { name: 'signalbox', version: '0.1.0' },
  era: 'modern',
  startTimeoutMs: 20_000,
  maxMessageBytes: 1_000_000,
}
const limits = { timeoutMs: 20_000, maxTotalMs: 20_000 }

test.each([
  ['silent', 'subscription_unanswered'],
  ['stray', 'subscription_stray'],
  ['flood', 'subscription_flood'],
])('a server whose subscription is %s is asked for its lists by the clock instead', async (how, code) => {
  await using child = TestChild.own('modern-http.mjs', '--subscription', how)
  const { promise: gaveUp, resolve } = Promise.withResolvers<Failure>()
  let changed = Promise.withResolvers<string>()
  const hooks = {
    onFault: (failure: Failure) => {
      if (failure.message.endsWith('by the clock')) resolve(failure)
    },
    onListChanged: (kind: string) => changed.resolve(kind),
  }
  await using link = await openRemoteLink({ url: await child.url(), headers: {}, kind: 'http' }, options, hooks)
  await listAll(link, limits)
  expect((await gaveUp).code).toBe(code)
  for (let open = '1'; open !== '0'; ) {
    const answer = await link.request('tools/call', { name: 'announce', arguments: {} }, limits)
    // Closed at once; the server sees that when it sees it.
    open = /"(\d+)"/.exec(JSON.stringify(answer))![1]!
  }
  changed = Promise.withResolvers()
  expect(await changed.promise).toBe('tools')
})
