import { expect, test } from 'vitest'
import { failureOf } from '../../shared/app-error.ts'
import type { Era } from '../../shared/server.ts'
import type { Answer, Link } from './link.ts'
import { type LinkHooks, type LinkOptions, listAll, openStdioLink } from './open-link.ts'
import { TestChild } from './test-child.ts'

const options: LinkOptions = {
  client: { name: 'signalbox', version: '0.1.0' },
  era: 'auto',
  startTimeoutMs: 20_000,
  maxMessageBytes: 1_000_000,
}
const limits = { timeoutMs: 20_000, maxTotalMs: 20_000 }

async function codeOf(opening: Promise<Link>): Promise<string> {
  try {
    await using link = await opening
    return `opened as ${link.info.era}`
  } catch (error) {
    return failureOf(error).code
  }
}

const echo = (link: Link): Promise<Answer> => link.request('tools/call', { name: 'echo', arguments: {} }, limits)

test('a modern server is found by its answer to the probe, and its requests carry the envelope', async () => {
  await using child = TestChild.own('modern-stdio.mjs')
  const eras: Era[] = []
  await using link = await openStdioLink(child.streams, options, { onHandshake: (era) => eras.push(era) })
  expect({ info: link.info, eras }).toMatchObject({
    info: { era: 'modern', protocolVersion: '2026-07-28', implementation: { name: 'modern', version: '1.0.0' } },
    eras: ['modern'],
  })
  const answer = await link.request('tools/call', { name: 'echo', arguments: { text: 'hi' } }, limits)
  expect(answer).toMatchObject({ kind: 'result', result: { content: [{ type: 'text', text: 'hi' }] } })
})

test('a question of a modern server comes back as the result, untouched', async () => {
  await using child = TestChild.own('modern-asks.mjs')
  await using link = await openStdioLink(child.streams, { ...options, era: 'modern' })
  expect(await link.request('tools/call', { name: 'ask', arguments: {} }, limits)).toEqual({
    kind: 'result',
    result: { resultType: 'input_required', inputRequests: { name: { method: 'roots/list' } }, requestState: 'opaque' },
  })
})

test('a list change of a modern server is told through its subscription', async () => {
  await using child = TestChild.own('modern-stdio.mjs')
  const { promise: changed, resolve } = Promise.withResolvers<string>()
  await using link = await openStdioLink(child.streams, options, { onListChanged: resolve })
  await link.request('tools/call', { name: 'add_tool', arguments: {} }, limits)
  expect(await changed).toBe('tools')
  const { tools } = await listAll(link, limits)
  expect(tools.map((tool) => tool.name)).toContain('added')
})

test('a server that is silent on the probe is opened as legacy in the same process', async () => {
  await using child = TestChild.own('silent-probe.mjs')
  await using link = await openStdioLink(child.streams, { ...options, probeTimeoutMs: 100 })
  expect(link.info.era).toBe('legacy')
  expect(await echo(link)).toMatchObject({ kind: 'result' })
})

test('a modern server that comes up after the probe was given up is opened as modern in the same process', async () => {
  await using child = TestChild.own('late-modern.mjs')
  await using link = await openStdioLink(child.streams, { ...options, probeTimeoutMs: 50 })
  expect(link.info.era).toBe('modern')
  expect(await echo(link)).toMatchObject({ kind: 'result' })
})

test('a server that dies of the probe is told from others, and opens as legacy at the next start', async () => {
  {
    await using child = TestChild.own('dies-on-probe.mjs')
    expect(await codeOf(openStdioLink(child.streams, options))).toBe('closed_during_probe')
  }
  await using child = TestChild.own('dies-on-probe.mjs')
  expect(await codeOf(openStdioLink(child.streams, { ...options, era: 'legacy' }))).toBe('opened as legacy')
})

test.each<{ server: string; era: 'auto' | Era; startTimeoutMs?: number; code: string }>([
  { server: 'never-answers.mjs', era: 'legacy', startTimeoutMs: 300, code: 'handshake_timeout' },
  { server: 'never-answers.mjs', era: 'auto', startTimeoutMs: 300, code: 'handshake_timeout' },
  { server: 'never-answers.mjs', era: 'modern', startTimeoutMs: 300, code: 'handshake_timeout' },
  { server: 'exits-at-once.mjs', era: 'legacy', code: 'closed_before_handshake' },
  { server: 'closes-stdout.mjs', era: 'legacy', code: 'closed_output' },
  { server: 'closes-stdout.mjs', era: 'auto', code: 'closed_output' },
  { server: 'wrong-version.mjs', era: 'auto', code: 'protocol_version_unsupported' },
  { server: 'modern-stdio.mjs', era: 'legacy', code: 'handshake_refused' },
  { server: 'echo.mjs', era: 'modern', code: 'handshake_refused' },
])('$server opened as $era fails with $code', async ({ server, era, startTimeoutMs = 20_000, code }) => {
  await using child = TestChild.own(server)
  expect(await codeOf(openStdioLink(child.streams, { ...options, era, startTimeoutMs }))).toBe(code)
})

test('an opening that is given up ends at once', async () => {
  await using child = TestChild.own('never-answers.mjs')
  const stop = new AbortController()
  const opening = codeOf(openStdioLink(child.streams, { ...options, signal: stop.signal }))
  stop.abort()
  expect(await opening).toBe('cancelled')
})

test.each(['stderr-flood.mjs', 'ignores-stdin-eof.mjs', 'ignores-sigterm.mjs'])(
  '%s does its handshake like any other',
  async (server) => {
    await using child = TestChild.own(server)
    expect(await codeOf(openStdioLink(child.streams, options))).toBe('opened as legacy')
  },
)

test('the end of a server is told at once though its grandchild holds the pipe', async () => {
  await using child = TestChild.own('spawns-grandchild.mjs')
  const { promise: closed, resolve } = Promise.withResolvers<string>()
  const hooks: LinkHooks = { onClosed: (failure) => resolve(failure.message) }
  await using link = await openStdioLink(child.streams, options, hooks)
  const answer = await link.request('tools/call', { name: 'grandchild', arguments: {} }, limits)
  const content = answer.kind === 'result' ? answer.result.content : []
  const pid = Number((content as { text: string }[])[0]?.text)
  child.process.kill('SIGKILL')
  expect(await closed).toBe('exited with SIGKILL')
  process.kill(pid, 'SIGKILL')
})
