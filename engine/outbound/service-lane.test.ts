import { expect, test } from 'vitest'
import { OutboundClient } from './outbound-client.ts'
import { openOutside } from './test-outside.ts'

test('so many requests are at a service, so many wait, the rest is told so, and another service is not held up', async () => {
  const waiting: (() => void)[] = []
  const asked = Promise.withResolvers<void>()
  await using outside = await openOutside((request, response) => {
    if (request.url !== '/slow') return void response.end('quick')
    waiting.push(() => response.end('slow'))
    asked.resolve()
  })
  const rules = { bulkhead: { max: 1, queue: 1 } }
  const client = new OutboundClient({ allowed: () => [], dialling: outside.dialling, rules })
  const decisions: string[] = []
  const get = (url: string) =>
    client.send({
      service: 'http',
      method: 'GET',
      url,
      signal: new AbortController().signal,
      onDecision: ({ decision }) => decisions.push(decision),
    })
  const [first, second] = [get('http://a.example.com/slow'), get('http://a.example.com/slow')]
  await asked.promise
  await expect(get('http://a.example.com/slow')).rejects.toMatchObject({
    code: 'queue_full',
    status: 503,
    data: { retry_after_ms: expect.any(Number) },
  })
  expect(decisions).toEqual(['queue_full'])
  expect((await get('http://b.example.com/')).body).toBe('quick')
  waiting.shift()!()
  await first
  await expect.poll(() => waiting.length).toBe(1)
  waiting.shift()!()
  expect((await second).body).toBe('slow')
})
