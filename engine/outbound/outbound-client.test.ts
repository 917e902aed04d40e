import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { OutboundDecision } from '../../shared/outbound.ts'
import { hasOpenssl, makeCertificate } from '../links/test-certificate.ts'
import { systemDialling } from './dial.ts'
import { type OutboundCall, OutboundClient, type OutboundRequest } from './outbound-client.ts'
import { openOutside, publicAddress } from './test-outside.ts'

const signal = new AbortController().signal
const get = (url: string, more: Partial<OutboundRequest> = {}): OutboundRequest => ({
  service: 'http',
  method: 'GET',
  url,
  signal,
  ...more,
})

/** A clock whose waits end at once and pass the time that they were for. */
function ownClock() {
  const waits: number[] = []
  let now = Date.parse('2026-11-22T14:00:00.000Z')
  return {
    waits,
    now: () => now,
    wait: async (ms: number) => {
      waits.push(ms)
      now += ms
    },
  }
}

test('connects to the very address that was judged, after one lookup, and tells the host that was meant', async () => {
  await using outside = await openOutside()
  const calls: OutboundCall[] = []
  const client = new OutboundClient({ allowed: () => [], dialling: outside.dialling })
  using _ = client.observe((call) => calls.push(call))
  const answer = await client.send(get('http://hooks.example.com/in?a=1', { method: 'POST', body: '{"ä":1}' }))
  expect(answer).toMatchObject({ status: 200, body: 'ok', url: 'http://hooks.example.com/in?a=1' })
  expect(outside.lookups).toEqual(['hooks.example.com'])
  expect(outside.attempts).toEqual([`${publicAddress}:80`])
  expect(outside.requests).toEqual([
    {
      method: 'POST',
      url: '/in?a=1',
      body: '{"ä":1}',
      headers: expect.objectContaining({ host: 'hooks.example.com', 'content-length': '8' }),
    },
  ])
  expect(calls).toEqual([
    { service: 'http', endpoint: 'POST hooks.example.com', status: 200, duration_ms: expect.any(Number) },
  ])
})

test('a name with one address within the own network is refused whole, and nothing is connected', async () => {
  await using outside = await openOutside()
  outside.names.set('mixed.example.com', [[publicAddress, '10.0.0.7']])
  const decisions: OutboundDecision[] = []
  const client = new OutboundClient({ allowed: () => [], dialling: outside.dialling })
  const sent = client.send(get('https://mixed.example.com/', { onDecision: (decision) => decisions.push(decision) }))
  await expect(sent).rejects.toMatchObject({ code: 'target_refused', status: 400, data: { reason: 'private' } })
  expect(outside.attempts).toEqual([])
  expect(decisions).toEqual([expect.objectContaining({ decision: 'refused', code: 'target_refused', attempt: 1 })])
})

test('a redirect is judged like the first target, and takes no credentials to another host', async () => {
  await using outside = await openOutside(({ url }, response) => {
    const location = { '/a': 'http://other.example.com/b', '/b': 'http://[::ffff:10.1.2.3]/' }[url]
    response.writeHead(307, { location }).end()
  })
  const client = new OutboundClient({ allowed: () => [], dialling: outside.dialling })
  const sent = client.send(get('http://one.example.com/a', { headers: { authorization: 'Bearer x', 'x-kept': '1' } }))
  await expect(sent).rejects.toMatchObject({ code: 'target_refused', data: { reason: 'embedded' } })
  expect(outside.requests.map(({ url, headers }) => [url, headers.authorization, headers['x-kept']])).toEqual([
    ['/a', 'Bearer x', '1'],
    ['/b', undefined, '1'],
  ])
})

test('a redirect that would turn a POST into a GET is the answer', async () => {
  await using outside = await openOutside((_, response) => response.writeHead(302, { location: '/else' }).end())
  const client = new OutboundClient({ allowed: () => [], dialling: outside.dialling })
  const answer = await client.send(get('http://one.example.com/', { method: 'POST', body: '' }))
  expect(answer.status).toBe(302)
  expect(outside.requests).toHaveLength(1)
})

test('an allowed name reaches the own network, but not where clouds keep their credentials', async () => {
  await using outside = await openOutside()
  outside.names.set('hooks.lan', [['192.168.1.5'], ['169.254.169.254']])
  let allowed: string[] = []
  const client = new OutboundClient({ allowed: () => allowed, dialling: outside.dialling })
  await expect(client.send(get('http://hooks.lan:9000/'))).rejects.toMatchObject({ data: { reason: 'private_name' } })
  allowed = ['hooks.lan:9000']
  expect((await client.send(get('http://hooks.lan:9000/'))).status).toBe(200)
  await expect(client.send(get('http://hooks.lan:9000/'))).rejects.toMatchObject({ data: { reason: 'link_local' } })
  await expect(client.send(get('http://hooks.lan:9001/'))).rejects.toMatchObject({ data: { reason: 'private_name' } })
  expect(outside.attempts).toEqual(['192.168.1.5:9000'])
})

test('an allowed network reaches this machine over a real connection', async () => {
  await using outside = await openOutside()
  const client = new OutboundClient({ allowed: () => ['127.0.0.0/8'], dialling: systemDialling })
  // A network names no port: this one is none of those that are open to all.
  const sent = await client.send(get(`http://127.0.0.1:${outside.port}/here`))
  expect(sent).toMatchObject({ status: 200, body: 'ok' })
  expect(outside.requests[0]?.headers.host).toBe(`127.0.0.1:${outside.port}`)
})

test('an answer over the limit is not read further', async () => {
  await using outside = await openOutside((_, response) => void response.end('x'.repeat(5000)))
  const client = new OutboundClient({ allowed: () => [], dialling: outside.dialling })
  await expect(client.send(get('http://a.example.com/', { maxBytes: 4096 }))).rejects.toMatchObject({
    code: 'answer_too_large',
  })
})

test('gives up what nobody waits for any more', async () => {
  const asked = Promise.withResolvers<void>()
  await using outside = await openOutside(() => asked.resolve())
  const stop = new AbortController()
  const client = new OutboundClient({ allowed: () => [], dialling: outside.dialling })
  const sent = client.send(get('http://a.example.com/', { signal: stop.signal }))
  await asked.promise
  stop.abort(new Error('enough'))
  await expect(sent).rejects.toThrow('enough')
})

test('tells of an answer that does not come', async () => {
  await using outside = await openOutside(() => {})
  const client = new OutboundClient({ allowed: () => [], dialling: outside.dialling })
  await expect(client.send(get('http://a.example.com/', { timeoutMs: 20 }))).rejects.toMatchObject({
    code: 'target_timeout',
    status: 504,
  })
})

test('tries again what is too busy, with pauses that the service may lengthen, and tells each decision', async () => {
  const answers = [{ 'retry-after': '3' }, {}, null]
  await using outside = await openOutside((_, response) => {
    const headers = answers.shift() ?? null
    response.writeHead(headers === null ? 200 : 503, headers ?? {}).end()
  })
  const clock = ownClock()
  const decisions: OutboundDecision[] = []
  const client = new OutboundClient({ allowed: () => [], dialling: outside.dialling, clock })
  const retries = { most: 5, first_delay_ms: 100, longest_delay_ms: 5000 }
  const answer = await client.send(
    get('http://a.example.com/', { retries, onDecision: (decision) => decisions.push(decision) }),
  )
  expect(answer.status).toBe(200)
  expect(decisions.map(({ decision, attempt, status }) => [decision, attempt, status])).toEqual([
    ['answered', 1, 503],
    ['retry', 1, undefined],
    ['answered', 2, 503],
    ['retry', 2, undefined],
    ['answered', 3, 200],
  ])
  expect(clock.waits[0]).toBeGreaterThanOrEqual(3000)
  expect(clock.waits[1]).toBeLessThanOrEqual(5000)
})

test('sends nothing while a service wants to be left in peace for long, and says when to come again', async () => {
  await using outside = await openOutside((_, response) => {
    response.writeHead(200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '60' }).end()
  })
  const clock = ownClock()
  const client = new OutboundClient({ allowed: () => [], dialling: outside.dialling, clock })
  await client.send(get('http://a.example.com/'))
  await expect(client.send(get('http://a.example.com/'))).rejects.toMatchObject({
    code: 'asked_to_wait',
    data: { retry_after_ms: 60_000 },
  })
  // Another key has an allowance of its own.
  await client.send(get('http://a.example.com/', { key: 'another' }))
  expect(outside.requests).toHaveLength(2)
})

test('a bucket lets so many through at once and spreads the rest', async () => {
  await using outside = await openOutside()
  const clock = ownClock()
  const client = new OutboundClient({
    allowed: () => [],
    dialling: outside.dialling,
    clock,
    rules: { bucket: { calls: 2, per_s: 4 } },
  })
  for (let i = 0; i < 4; i++) await client.send(get('http://a.example.com/'))
  expect(clock.waits).toEqual([2000, 2000])
})

test('leaves a service alone that failed five times in a row, and tries it once after the pause', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    let status = 500
    await using outside = await openOutside((_, response) => void response.writeHead(status).end())
    const client = new OutboundClient({ allowed: () => [], dialling: outside.dialling })
    const url = 'http://a.example.com/'
    for (let i = 0; i < 5; i++) expect((await client.send(get(url))).status).toBe(500)
    await expect(client.send(get(url))).rejects.toMatchObject({
      code: 'circuit_open',
      data: { retry_after_ms: 30_000 },
    })
    expect(outside.requests).toHaveLength(5)
    status = 200
    vi.setSystemTime(Date.now() + 30_000)
    expect((await client.send(get(url))).status).toBe(200)
    expect((await client.send(get(url))).status).toBe(200)
  } finally {
    vi.useRealTimers()
  }
})

test.skipIf(!hasOpenssl)(
  'over TLS the certificate must be one for the name, and no redirect leads back to plain HTTP',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-outbound-'))
    try {
      const files = await makeCertificate(folder, { names: 'DNS:hooks.example.com' })
      const [key, cert] = await Promise.all(files.map((file) => readFile(file, 'utf8')))
      await using outside = await openOutside(
        ({ url }, response) => {
          response.writeHead(url === '/away' ? 307 : 200, { location: 'http://hooks.example.com/' }).end('sealed')
        },
        { key: key!, cert: cert! },
      )
      const client = new OutboundClient({ allowed: () => [], dialling: outside.dialling })
      expect((await client.send(get('https://hooks.example.com/'))).body).toBe('sealed')
      expect(outside.attempts).toEqual([`${publicAddress}:443`])
      await expect(client.send(get('https://other.example.com/'))).rejects.toMatchObject({ code: 'target_unreachable' })
      await expect(client.send(get('https://hooks.example.com/away'))).rejects.toMatchObject({
        code: 'target_refused',
        data: { reason: 'downgrade' },
      })
      expect(outside.requests.map(({ url }) => url)).toEqual(['/', '/away'])
    } finally {
      await rm(folder, { recursive: true })
    }
  },
)
