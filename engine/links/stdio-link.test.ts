import { expect, test } from 'vitest'
import type { Failure } from '../../shared/app-error.ts'
import type { Answer, JsonObject, Link } from './link.ts'
import { type LinkHooks, type LinkOptions, listAll, openStdioLink } from './open-link.ts'
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

/** Hooks that write down what they are told. */
function record() {
  const told = { noise: [] as string[], faults: [] as string[], closed: [] as string[], changed: [] as string[] }
  const hooks: LinkHooks = {
    onNoise: (line) => told.noise.push(line),
    onFault: (failure: Failure) => told.faults.push(failure.code),
    onClosed: (failure) => told.closed.push(failure.message),
    onListChanged: (kind) => told.changed.push(kind),
  }
  return { told, hooks }
}

test('echo answers, and a tool error is a result', async () => {
  await using child = TestChild.own('echo.mjs')
  await using link = await openStdioLink(child.streams, options)
  expect(await call(link, 'echo', { text: 'grüße 🚂' })).toEqual(text('grüße 🚂'))
  expect(await call(link, 'fail', { text: 'no' })).toEqual({
    kind: 'result',
    result: { content: [{ type: 'text', text: 'no' }], isError: true },
  })
  expect(await call(link, 'nothing')).toEqual({
    kind: 'error',
    error: { code: -32602, message: 'Unknown tool: nothing' },
  })
})

test('progress comes before the answer and in order, and keeps a call from timing out', async () => {
  await using child = TestChild.own('echo.mjs')
  await using link = await openStdioLink(child.streams, options)
  const seen: number[] = []
  const ids: (string | number)[] = []
  const answer = await link.request(
    'tools/call',
    { name: 'slow', arguments: { steps: 5, step_ms: 5 } },
    { ...limits, onProgress: ({ progress }) => seen.push(progress), onSent: (id) => ids.push(id) },
  )
  expect({ seen, answer, sent: ids.length }).toEqual({ seen: [1, 2, 3, 4, 5], answer: text('5 steps done'), sent: 1 })
})

test('a cancelled call is answered at once and the server is told', async () => {
  await using child = TestChild.own('echo.mjs')
  await using link = await openStdioLink(child.streams, options)
  const stop = new AbortController()
  const onProgress = () => stop.abort()
  const params = { name: 'slow', arguments: { steps: 1_000_000, step_ms: 5 } }
  expect(await link.request('tools/call', params, { ...limits, signal: stop.signal, onProgress })).toEqual({
    kind: 'cancelled',
  })
  expect(await call(link, 'echo', { text: 'free' })).toEqual(text('free'))
})

test('a call over its limit is timed out, and its late answer is told', async () => {
  await using child = TestChild.own('echo.mjs')
  await using link = await openStdioLink(child.streams, options)
  const { promise: late, resolve } = Promise.withResolvers<number>()
  // The server cannot cancel a list, so that the answer which was given up still comes.
  child.process.kill('SIGSTOP')
  const answer = await link.request('tools/list', {}, { timeoutMs: 1, maxTotalMs: 20_000, onLateAnswer: resolve })
  child.process.kill('SIGCONT')
  expect(answer).toEqual({ kind: 'timed_out', limitMs: 1, which: 'idle' })
  expect(await late).toBeGreaterThanOrEqual(0)
})

test('progress does not extend the total limit', async () => {
  await using child = TestChild.own('echo.mjs')
  await using link = await openStdioLink(child.streams, options)
  const params = { name: 'slow', arguments: { steps: 1_000_000, step_ms: 2 } }
  const answer = await link.request('tools/call', params, { timeoutMs: 20_000, maxTotalMs: 50, onProgress() {} })
  expect(answer).toEqual({ kind: 'timed_out', limitMs: 50, which: 'total' })
})

test('twenty pending calls are each answered when the server crashes, and its end is told once', async () => {
  await using child = TestChild.own('echo.mjs')
  const { told, hooks } = record()
  await using link = await openStdioLink(child.streams, options, hooks)
  const calls = Array.from({ length: 20 }, () => call(link, 'slow', { steps: 1_000_000 }))
  const crash = call(link, 'crash', { code: 7 })
  const failure = { code: 'exited', message: 'exited with code 7', hint: null }
  expect(await Promise.all([...calls, crash])).toEqual(Array(21).fill({ kind: 'closed', failure }))
  expect(await call(link, 'echo')).toEqual({ kind: 'closed', failure })
  expect(told.closed).toEqual(['exited with code 7'])
})

test('a call to a server that has just died is told how it ended, not that a pipe broke', async () => {
  await using child = TestChild.own('echo.mjs')
  await using link = await openStdioLink(child.streams, options)
  child.process.kill('SIGKILL')
  const answer = await call(link, 'echo', { text: 'x'.repeat(1_000_000) })
  expect(answer).toMatchObject({ kind: 'closed', failure: { message: 'exited with SIGKILL' } })
})

test('500 interleaved calls each get their own answer', async () => {
  await using child = TestChild.own('echo.mjs')
  await using link = await openStdioLink(child.streams, options)
  const numbers = Array.from({ length: 500 }, (_, number) => String(number))
  expect(await Promise.all(numbers.map((number) => call(link, 'echo', { text: number })))).toEqual(numbers.map(text))
})

test('text on stdout is told line by line and disturbs nothing', async () => {
  await using child = TestChild.own('noisy-stdout.mjs')
  const { told, hooks } = record()
  await using link = await openStdioLink(child.streams, options, hooks)
  expect(await call(link, 'talk')).toEqual(text('done'))
  expect(told.noise).toEqual([
    '\u001b[32mWelcome to the noisy server\u001b[0m',
    '{"level":30,"msg":"ready","id":1}',
    ...Array.from({ length: 1000 }, (_, index) => `line ${index + 1}`),
  ])
})

test('a byte order mark, and text glued to a message, lose no message', async () => {
  await using child = TestChild.own('partial-line.mjs')
  const { told, hooks } = record()
  await using link = await openStdioLink(child.streams, options, hooks)
  expect(await call(link, 'echo')).toEqual(text('still here'))
  expect(new Set(told.noise)).toEqual(new Set(['Loading... 100% ']))
})

test.each([
  { name: 'not_a_number', code: 'broken_json' },
  { name: 'no_id_not_json', code: 'broken_json' },
  { name: 'cut_off', code: 'broken_json' },
  { name: 'both', code: 'result_and_error' },
  { name: 'neither', code: 'no_result' },
  { name: 'null_result', code: 'result_not_object' },
  { name: 'old_version', code: 'not_json_rpc' },
  { name: 'no_version', code: 'not_json_rpc' },
  { name: 'duplicate_id', code: 'ambiguous_message' },
  { name: 'malformed_error', code: 'malformed_error' },
  { name: 'deep', code: 'nested_too_deep' },
  { name: 'batch', code: 'batch_not_supported' },
  { name: 'huge', code: 'message_too_long' },
  { name: 'huge_id_last', code: 'message_too_long' },
])('the answer "$name" fails its call alone, as $code, with its raw text', async ({ name, code }) => {
  await using child = TestChild.own('bad-answer.mjs')
  const { told, hooks } = record()
  await using link = await openStdioLink(child.streams, options, hooks)
  const answer = await call(link, name)
  expect(answer).toMatchObject({ kind: 'invalid', failure: { code }, raw: expect.stringMatching(/./) })
  expect(await call(link, 'null_error')).toEqual(text('good'))
  expect(new Set(told.faults)).toEqual(new Set([code]))
})

test.each([
  { name: 'id_as_text', faults: ['id_as_text'] },
  { name: 'twice', faults: ['duplicate_answer'] },
  { name: 'unknown_id', faults: ['unknown_answer'] },
  { name: 'pretty', faults: ['spread_over_lines'] },
])('the odd answer "$name" is taken and noted', async ({ name, faults }) => {
  await using child = TestChild.own('bad-answer.mjs')
  const { told, hooks } = record()
  await using link = await openStdioLink(child.streams, options, hooks)
  expect(await call(link, name)).toEqual(text('good'))
  expect(await call(link, 'null_error')).toEqual(text('good'))
  expect(told.faults).toEqual(faults)
})

test('a key named __proto__ is taken out and noted', async () => {
  await using child = TestChild.own('bad-answer.mjs')
  const { told, hooks } = record()
  await using link = await openStdioLink(child.streams, options, hooks)
  const answer = await call(link, 'proto')
  expect({ answer, faults: told.faults }).toEqual({
    answer: { kind: 'result', result: { content: [] } },
    faults: ['proto_stripped'],
  })
  expect(answer.kind === 'result' && Object.hasOwn(answer.result, '__proto__')).toBe(false)
})

test('a line over the limit fails the call that it answers while it still comes, and the next line is read', async () => {
  await using child = TestChild.own('endless-line.mjs')
  await using link = await openStdioLink(child.streams, options)
  expect(await call(link, 'endless')).toMatchObject({ kind: 'invalid', failure: { code: 'message_too_long' } })
  expect(await call(link, 'echo')).toEqual(text('next line'))
})

test('questions that were not offered are refused and ping is answered', async () => {
  await using child = TestChild.own('asks-back.mjs')
  const { told, hooks } = record()
  await using link = await openStdioLink(child.streams, options, hooks)
  expect(await call(link, 'ask')).toEqual(
    text(JSON.stringify({ 'roots/list': -32601, 'sampling/createMessage': -32601, ping: {} })),
  )
  expect(told.faults).toEqual(['question_refused', 'question_refused'])
})

test('a server that stops reading gets a refusal instead of unbounded memory, and every call is answered at its end', async () => {
  await using child = TestChild.own('stops-reading.mjs')
  await using link = await openStdioLink(child.streams, options)
  const large = { text: 'x'.repeat(4 * 1024 * 1024) }
  const calls = Array.from({ length: 20 }, () => call(link, 'stop', large))
  const refused = await calls.at(-1)
  expect(refused).toMatchObject({ kind: 'closed', failure: { code: 'not_reading_input' } })
  child.process.kill('SIGKILL')
  const kinds = (await Promise.all(calls)).map((answer) => answer.kind)
  expect(kinds).toEqual(Array(20).fill('closed'))
})

test('list changes are told by kind, and a storm of them harms nothing', async () => {
  await using child = TestChild.own('list-changes.mjs')
  const { told, hooks } = record()
  await using link = await openStdioLink(child.streams, options, hooks)
  for (const kind of ['tools', 'resources', 'prompts']) await call(link, 'add', { kind })
  expect(told.changed).toEqual(['tools', 'resources', 'prompts'])
  const listing = await listAll(link, limits)
  expect(
    [listing.tools, listing.resources, listing.resourceTemplates, listing.prompts].map((list) => list.length),
  ).toEqual([3, 1, 1, 1])
  await call(link, 'storm')
  expect(told.changed.length).toBe(20_003)
})

test('list changes of one kind are fetched alone', async () => {
  await using child = TestChild.own('list-changes.mjs')
  await using link = await openStdioLink(child.streams, options)
  const previous = await listAll(link, limits)
  await call(link, 'add', { kind: 'tools' })
  await call(link, 'add', { kind: 'prompts' })
  const listing = await listAll(link, { ...limits, previous, only: 'prompts' })
  expect({ tools: listing.tools.length, prompts: listing.prompts.length }).toEqual({ tools: 2, prompts: 1 })
})

test('malformed and repeated tools are left out by name, the others stay as they came', async () => {
  await using child = TestChild.own('malformed-tool.mjs')
  await using link = await openStdioLink(child.streams, options)
  const listing = await listAll(link, limits)
  expect(listing.tools.map((tool) => [tool.name, tool.description])).toEqual([
    ['first', 'Good, with a field of its own'],
    ['twin', 'The first of two'],
    ['last', 'Good'],
  ])
  expect(listing.tools[0]).toHaveProperty('x-extra', { kept: true })
  expect(listing.warnings).toEqual([
    expect.stringContaining('without a name'),
    expect.stringContaining('"bad_schema"'),
    expect.stringContaining('"twin"'),
    expect.stringContaining('without a name'),
  ])
})

test.each([
  { args: [], tools: 2 },
  { args: ['--new-cursors'], tools: 1000 },
])('a list without end stops by itself ($args)', async ({ args, tools }) => {
  await using child = TestChild.own('endless-list.mjs', ...args)
  await using link = await openStdioLink(child.streams, options)
  const listing = await listAll(link, limits)
  expect({ tools: listing.tools.length, warnings: listing.warnings }).toEqual({
    tools,
    warnings: [expect.stringContaining('does not end')],
  })
})

test('the link is closed by its owner without a word, and its calls are answered', async () => {
  await using child = TestChild.own('echo.mjs')
  const { told, hooks } = record()
  const link = await openStdioLink(child.streams, options, hooks)
  const pending = call(link, 'slow', { steps: 1_000_000 })
  await link[Symbol.asyncDispose]()
  expect(await pending).toMatchObject({ kind: 'closed', failure: { code: 'link_closed' } })
  child.process.kill('SIGKILL')
  await child.streams.exited
  expect(told.closed).toEqual([])
})

test('a message without its end is told when its call is given up', async () => {
  await using child = TestChild.own('bad-answer.mjs')
  const { told, hooks } = record()
  await using link = await openStdioLink(child.streams, options, hooks)
  const { promise: noted, resolve } = Promise.withResolvers<string>()
  hooks.onFault = (failure) => resolve(failure.code)
  const stop = new AbortController()
  const unended = link.request(
    'tools/call',
    { name: 'unended' },
    { ...limits, signal: stop.signal, onProgress: () => stop.abort() },
  )
  expect({ kind: (await unended).kind, fault: await noted, earlier: told.faults }).toEqual({
    kind: 'cancelled',
    fault: 'incomplete_message',
    earlier: [],
  })
})

test('a message that only lacks its line end is taken, and said to lack it', async () => {
  await using child = TestChild.own('bad-bytes.mjs')
  const { told, hooks } = record()
  await using link = await openStdioLink(child.streams, { ...options, era: 'legacy' }, hooks)
  expect(await call(link, 'no_line_end')).toEqual(text('whole, but for its end'))
  expect(told.faults).toEqual(['missing_line_end'])
})

test('a call that is timed out in the middle of its answer keeps what came of it', async () => {
  await using child = TestChild.own('bad-bytes.mjs')
  const { told, hooks } = record()
  await using link = await openStdioLink(child.streams, { ...options, era: 'legacy' }, hooks)
  const params = { name: 'cut_off', arguments: {} }
  const answer = await link.request('tools/call', params, { ...limits, timeoutMs: 1000 })
  const unfinished = { bytes: 81, head: expect.stringMatching(/^{"jsonrpc".*the rest of t$/) }
  expect(answer).toEqual({ kind: 'timed_out', limitMs: 1000, which: 'idle', unfinished })
  expect(told.faults).toEqual(['incomplete_message'])
})

test('a line that does not end ends the link', async () => {
  await using child = TestChild.own('bad-bytes.mjs')
  const { promise: closed, resolve } = Promise.withResolvers<Failure>()
  const limited = { ...options, era: 'legacy' as const, maxMessageBytes: 100_000 }
  await using link = await openStdioLink(child.streams, limited, { onClosed: resolve })
  expect(await call(link, 'endless')).toMatchObject({ kind: 'invalid', failure: { code: 'message_too_long' } })
  expect(await closed).toMatchObject({ code: 'endless_message', message: expect.stringContaining('does not end') })
})

test('what is not UTF-8 is told with the bytes around it, and a message over several lines with their number', async () => {
  await using child = TestChild.own('bad-bytes.mjs')
  await using other = TestChild.own('bad-answer.mjs')
  const messages: string[] = []
  const hooks: LinkHooks = { onFault: (failure) => messages.push(failure.message) }
  await using link = await openStdioLink(child.streams, { ...options, era: 'legacy' }, hooks)
  await call(link, 'invalid_utf8')
  await using otherLink = await openStdioLink(other.streams, { ...options, era: 'legacy' }, hooks)
  await call(otherLink, 'pretty')
  expect(messages).toEqual([expect.stringContaining('68 65 72 65 ff fe c3'), expect.stringContaining('over 12 lines')])
})
