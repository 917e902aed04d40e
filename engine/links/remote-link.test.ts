import { expect, test } from 'vitest'
import { AppError, failureOf } from '../../shared/app-error.ts'
import type { Answer, JsonObject, Link } from './link.ts'
import { type LinkOptions, listAll, openRemoteLink } from './open-link.ts'
import { TestChild } from './test-child.ts'

const options: LinkOptions = {
  client: { name: 'signalbox', version: '0.1.0' },
  era: 'auto',
  startTimeoutMs: 20_000,
  maxMessageBytes: 1_000_000,
}
const limits = { timeoutMs: 20_000, maxTotalMs: 20_000 }

function call(link: Link, name: string, args: JsonObject = {}): Promise<Answer> {
  return link.request('tools/call', { name, arguments: args }, limits)
}

const text = (value: string): Answer => ({ kind: 'result', result: { content: [{ type: 'text', text: value }] } })
const http = (url: string) => ({ url, headers: {}, kind: 'http' as const })

test('a legacy server over Streamable HTTP is found, lists and answers', async () => {
  await using child = TestChild.own('http-echo.mjs')
  await using link = await openRemoteLink(http(await child.url()), options)
  expect({ transport: link.transport, info: link.info }).toMatchObject({ transport: 'http', info: { era: 'legacy' } })
  expect((await listAll(link, limits)).tools.length).toBe(10)
  expect(await call(link, 'echo', { text: 'grüße' })).toEqual(text('grüße'))
})

test('progress in the stream of a call comes before its answer', async () => {
  await using child = TestChild.own('http-echo.mjs')
  await using link = await openRemoteLink(http(await child.url()), options)
  const seen: number[] = []
  const onProgress = (progress: { progress: number }) => seen.push(progress.progress)
  const answer = await link.request('tools/call', { name: 'slow', arguments: {} }, { ...limits, onProgress })
  expect({ seen, answer }).toEqual({ seen: [1, 2], answer: text('done') })
})

test('what a server says unasked comes through the open stream', async () => {
  await using child = TestChild.own('http-echo.mjs')
  const { promise: changed, resolve } = Promise.withResolvers<string>()
  await using link = await openRemoteLink(http(await child.url()), options, { onListChanged: resolve })
  // The stream opens behind the handshake; the server counts it once it is open.
  for (let answer = await call(link, 'announce'); JSON.stringify(answer).includes('"0"'); )
    answer = await call(link, 'announce')
  expect(await changed).toBe('tools')
})

test.each(['404', '400'])('a session lost with %s is renewed once, and no tool is called twice', async (status) => {
  await using child = TestChild.own('http-echo.mjs', '--status', status)
  await using link = await openRemoteLink(http(await child.url()), options)
  await call(link, 'forget_sessions')
  expect((await listAll(link, limits)).tools.length).toBe(10)
  await call(link, 'forget_sessions')
  const answers = await Promise.all([call(link, 'echo', { text: '1' }), call(link, 'echo', { text: '2' })])
  const lost = { kind: 'closed', failure: { code: 'session_lost' } }
  expect(answers).toMatchObject([lost, lost])
  expect(await call(link, 'calls')).toEqual(text('3'))
})

test.each([
  { name: 'hang_up', kind: 'closed', code: 'connection_lost' },
  { name: 'html', kind: 'invalid', code: 'not_mcp' },
  { name: 'sorry', kind: 'invalid', code: 'http_500' },
])('a reply that is none ($name) fails its call alone', async ({ name, kind, code }) => {
  await using child = TestChild.own('http-echo.mjs')
  await using link = await openRemoteLink(http(await child.url()), options)
  expect(await call(link, name)).toMatchObject({ kind, failure: { code } })
  expect(await call(link, 'echo', { text: 'on' })).toEqual(text('on'))
})

test('a JSON-RPC error under an HTTP error is the answer', async () => {
  await using child = TestChild.own('http-echo.mjs')
  await using link = await openRemoteLink(http(await child.url()), options)
  const answer = { kind: 'error', error: { code: -32602, message: 'Not like this' } }
  expect(await call(link, 'polite_error')).toEqual(answer)
})

test('a cancelled call is answered at once', async () => {
  await using child = TestChild.own('http-echo.mjs')
  await using link = await openRemoteLink(http(await child.url()), options)
  const stop = new AbortController()
  const answer = link.request('tools/call', { name: 'wait' }, { ...limits, signal: stop.signal })
  stop.abort()
  expect(await answer).toEqual({ kind: 'cancelled' })
})

test('a modern server over HTTP is found, and cancelling closes the stream of the call', async () => {
  await using child = TestChild.own('modern-http.mjs')
  await using link = await openRemoteLink(http(await child.url()), options)
  expect(link.info).toMatchObject({ era: 'modern', protocolVersion: '2026-07-28' })
  expect(await call(link, 'echo', { text: 'hi' })).toMatchObject({ kind: 'result', result: { resultType: 'complete' } })
  const wait = await link.request('tools/call', { name: 'wait' }, { ...limits, timeoutMs: 200 })
  expect(wait).toMatchObject({ kind: 'timed_out' })
  let cancelled: Answer
  do cancelled = await call(link, 'cancelled')
  while (JSON.stringify(cancelled).includes('"0"'))
  expect(cancelled).toMatchObject({ result: { content: [{ text: '1' }] } })
})

test('a list change of a modern server comes through its subscription', async () => {
  await using child = TestChild.own('modern-http.mjs')
  const { promise: changed, resolve } = Promise.withResolvers<string>()
  await using link = await openRemoteLink(http(await child.url()), options, { onListChanged: resolve })
  for (let answer = await call(link, 'announce'); JSON.stringify(answer).includes('"0"'); )
    answer = await call(link, 'announce')
  expect(await changed).toBe('tools')
})

test('an argument that a modern tool wants in a header is sent there too, whatever its letters', async () => {
  await using child = TestChild.own('modern-http.mjs')
  await using link = await openRemoteLink(http(await child.url()), options)
  expect((await call(link, 'region', { place: 'Köln' })).kind).toBe('error')
  await listAll(link, limits)
  expect((await call(link, 'region', { place: 'Köln' })).kind).toBe('result')
})

test('the old HTTP+SSE is spoken when asked for, and its end is told', async () => {
  await using child = TestChild.own('sse-echo.mjs')
  const { promise: closed, resolve } = Promise.withResolvers<string>()
  const remote = { url: `${await child.url()}/sse`, headers: {}, kind: 'sse' as const }
  await using link = await openRemoteLink(remote, options, { onClosed: (failure) => resolve(failure.code) })
  expect({ transport: link.transport, era: link.info.era }).toEqual({ transport: 'sse', era: 'legacy' })
  expect(await call(link, 'echo', { text: 'old' })).toEqual(text('old'))
  expect(await call(link, 'end', { text: 'bye' })).toEqual(text('bye'))
  expect(await closed).toBe('connection_lost')
})

test('an address that is not Streamable HTTP is tried as HTTP+SSE', async () => {
  await using child = TestChild.own('sse-echo.mjs')
  await using link = await openRemoteLink(http(`${await child.url()}/sse`), options)
  expect(link.transport).toBe('sse')
})

test.each([
  { path: '/401', code: 'token_refused' },
  { path: '/403', code: 'needs_sign_in' },
  { path: '/404', code: 'handshake_refused' },
  { path: '/500', code: 'handshake_refused' },
  { path: '/302', code: 'redirect_refused' },
  { path: '/200', code: 'not_mcp' },
])('a server that answers $path is refused with $code', async ({ path, code }) => {
  await using child = TestChild.own('http-refuses.mjs')
  const failed = await openRemoteLink(http((await child.url()) + path), options).catch(failureOf)
  expect(failed).toMatchObject({ code })
})

test('nothing at the address, and no address at all, are named', async () => {
  const child = TestChild.own('http-refuses.mjs')
  const url = await child.url()
  await child[Symbol.asyncDispose]()
  expect(await openRemoteLink(http(url), options).catch(failureOf)).toMatchObject({ code: 'unreachable' })
  expect(await openRemoteLink(http('gopher://x'), options).catch(failureOf)).toMatchObject({ code: 'invalid_url' })
  const bad = { ...http(url), headers: { authorization: 'Bearer a\nb' } }
  await expect(openRemoteLink(bad, options)).rejects.toBeInstanceOf(AppError)
})

test('a server that goes away between calls ends the link', async () => {
  const child = TestChild.own('http-echo.mjs')
  const { promise: closed, resolve } = Promise.withResolvers<string>()
  await using link = await openRemoteLink(http(await child.url()), options, {
    onClosed: (failure) => resolve(failure.code),
  })
  await child[Symbol.asyncDispose]()
  expect((await call(link, 'echo', { text: 'x' })).kind).toBe('closed')
  if ((await call(link, 'echo', { text: 'x' })).kind === 'closed') expect(await closed).toBe('unreachable')
})

test.each([
  { how: 'forbidden', code: 'token_refused', message: 'lacks the scope files:write' },
  { how: 'busy', code: 'asked_to_wait', message: 'asks to wait for 30 s (HTTP 503)' },
  { how: 'html', code: 'not_mcp', message: 'answered with an HTML page' },
])('what a server that is $how says of it is told', async ({ how, code, message }) => {
  await using child = TestChild.own('bad-http.mjs', how)
  const failed = await openRemoteLink(http(await child.url()), { ...options, era: 'legacy' }).catch(failureOf)
  expect(failed).toMatchObject({ code, message: expect.stringContaining(message) })
})
