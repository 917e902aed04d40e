import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { localSpec, TestSupervisor, testServer } from './test-supervisor.ts'

const echo = (id: string, number = 1) => localSpec(id, { args: [testServer('echo')], number })

test('does not retry a protocol version that nobody speaks', async () => {
  await using app = await TestSupervisor.open([localSpec('ahead', { args: [testServer('wrong-version')] })])
  expect(await app.start('ahead')).toMatchObject({
    state: 'failed',
    detail: { failure: { code: 'protocol_version_unsupported' } },
    start: { steps: [{}, {}, {}, { step: 'handshake', status: 'failed' }, { status: 'waiting' }] },
  })
  expect(await app.leftovers()).toEqual([])
})

test.skipIf(process.platform === 'win32').each([126, 127])("does not retry a shell's exit code %d", async (code) => {
  const spec = localSpec('shell', { command: '/bin/sh', args: ['-c', `exit ${code}`], settings: { era: 'legacy' } })
  await using app = await TestSupervisor.open([spec])
  expect(await app.start('shell')).toMatchObject({
    state: 'failed',
    reason: `exited with code ${code} before it answered`,
    restarts: 0,
  })
})

test('shows an entry that cannot be used as failed, and starts nothing', async () => {
  const problem = { code: 'command_missing', message: 'half: command is missing.', hint: 'Correct the entry.' }
  await using app = await TestSupervisor.open([{ ...localSpec('half', {}), launch: null, problem }])
  expect(app.server('half')).toMatchObject({ state: 'failed', reason: 'command is missing', wished: false })
  expect(await app.start('half')).toMatchObject({ state: 'failed', wished: true, start: null })
  expect(await app.stop('half')).toMatchObject({ state: 'failed', wished: false })
})

test('starts once and rests when restarts are switched off', async () => {
  const spec = localSpec('once', { args: ['-e', 'process.exit(1)'], settings: { restart: false } })
  await using app = await TestSupervisor.open([spec])
  expect(await app.start('once')).toMatchObject({ state: 'failed', restarts: 0 })
})

test('counts text on stdout, keeps it in the log, and works', async () => {
  await using app = await TestSupervisor.open([localSpec('noisy', { args: [testServer('noisy-stdout')] })])
  expect(await app.start('noisy')).toMatchObject({ state: 'ready' })
  await app.until(() => app.server('noisy').noise > 0)
  expect(app.lines.some((line) => line.stream === 'stdout' && line.run_id !== null)).toBe(true)
})

test('replaces a server that closes its output', async () => {
  await using app = await TestSupervisor.open([localSpec('mute', { args: [testServer('closes-stdout')] })])
  app.supervisor.start('mute' as ServerId)
  await app.until(() => app.server('mute').last_error !== null)
  expect(app.server('mute').last_error).toMatchObject({ code: 'closed_output' })
  await app.stop('mute')
  expect(await app.leftovers()).toEqual([])
})

test('becomes unresponsive after two missed pings, and ready again at an answer', async () => {
  const program = `
    const lines = require('node:readline').createInterface({ input: process.stdin });
    const answer = (id, result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
    let pings = 0;
    lines.on('line', (line) => {
      const { id, method } = JSON.parse(line);
      if (method === 'initialize') answer(id, { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 'x', version: '1' } });
      if (method === 'ping' && ++pings > 2) answer(id, {});
    });
    lines.on('close', () => process.exit());`
  const spec = localSpec('sleepy', { args: ['-e', program], settings: { era: 'legacy' } })
  await using app = await TestSupervisor.open([spec], { pingAfterMs: 20, pingTimeoutMs: 150 })
  app.supervisor.start('sleepy' as ServerId)
  await app.until(() => app.states('sleepy').includes('unresponsive'))
  await app.until(() => app.server('sleepy').state === 'ready')
  expect(app.states('sleepy').slice(0, 5)).toEqual(['stopped', 'starting', 'ready', 'unresponsive', 'ready'])
  expect(app.server('sleepy').last_error).toMatchObject({ code: 'unresponsive' })
})

test('is started again once it misses two pings, where its owner asked for that', async () => {
  const program = `
    const lines = require('node:readline').createInterface({ input: process.stdin });
    lines.on('line', (line) => {
      const { id, method } = JSON.parse(line);
      const result = { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 'x', version: '1' } };
      if (method === 'initialize') console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });`
  const settings = { era: 'legacy', restartUnresponsive: true } as const
  const spec = localSpec('hung', { args: ['-e', program], settings })
  await using app = await TestSupervisor.open([spec], { pingAfterMs: 20, pingTimeoutMs: 100 })
  const { pid } = await app.start('hung')
  await app.until(() => app.server('hung').state === 'ready' && app.server('hung').pid !== pid)
  expect(app.states('hung').slice(2, 7)).toEqual(['ready', 'unresponsive', 'backing_off', 'starting', 'ready'])
  expect(app.server('hung').last_error).toMatchObject({ code: 'unresponsive' })
  expect(await app.leftovers([pid!])).toEqual([app.server('hung').pid])
})

test('is degraded while it breaks rules, and forgets it after a while', async () => {
  const program = `
    const lines = require('node:readline').createInterface({ input: process.stdin });
    const send = (message) => console.log(JSON.stringify({ jsonrpc: '2.0', ...message }));
    lines.on('line', (line) => {
      const { id, method } = JSON.parse(line);
      if (method === 'initialize') send({ id, result: { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 'x', version: '1' } } });
      if (method === 'tools/call') { send({ id: 4711, result: {} }); send({ id, result: { content: [] } }); }
    });
    lines.on('close', () => process.exit());`
  const spec = localSpec('sloppy', { args: ['-e', program], settings: { era: 'legacy' } })
  await using app = await TestSupervisor.open([spec], { faultMs: 20 })
  await app.start('sloppy')
  const admission = app.supervisor.admit('sloppy' as ServerId)
  if (admission.kind !== 'open') throw new Error(`not admitted: ${admission.kind}`)
  await admission.link.request('tools/call', { name: 'any' }, { timeoutMs: 5000, maxTotalMs: 5000 })
  expect(app.server('sloppy')).toMatchObject({ state: 'degraded', detail: { failure: { code: 'unknown_answer' } } })
  expect(app.supervisor.admit('sloppy' as ServerId).kind).toBe('open')
  await app.until(() => app.server('sloppy').state === 'ready')
})

test('takes calls from a server that cannot list its tools, and says that it cannot', async () => {
  const program = `
    const lines = require('node:readline').createInterface({ input: process.stdin });
    const send = (message) => console.log(JSON.stringify({ jsonrpc: '2.0', ...message }));
    lines.on('line', (line) => {
      const { id, method } = JSON.parse(line);
      if (method === 'initialize') send({ id, result: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } } });
      if (method === 'tools/list') send({ id, error: { code: -32603, message: 'the disk is gone' } });
    });
    lines.on('close', () => process.exit());`
  await using app = await TestSupervisor.open([
    localSpec('listless', { args: ['-e', program], settings: { era: 'legacy' } }),
  ])
  const server = await app.start('listless')
  expect(server).toMatchObject({ state: 'degraded', tools: 0, detail: { failure: { code: 'list_failed' } } })
  expect(app.supervisor.admit('listless' as ServerId).kind).toBe('open')
})

test('lets a running call finish before it stops', async () => {
  await using app = await TestSupervisor.open([echo('echo')])
  await app.start('echo')
  const admission = app.supervisor.admit('echo' as ServerId)
  if (admission.kind !== 'open') throw new Error(`not admitted: ${admission.kind}`)
  const limits = { timeoutMs: 10_000, maxTotalMs: 10_000 }
  const sent = Promise.withResolvers<void>()
  const params = { name: 'slow', arguments: { steps: 3, step_ms: 50 } }
  const answer = admission.link.request('tools/call', params, { ...limits, onSent: () => sent.resolve() })
  await sent.promise
  const stopped = app.stop('echo')
  expect(app.supervisor.admit('echo' as ServerId)).toMatchObject({ kind: 'closed' })
  expect(await answer).toMatchObject({ kind: 'result' })
  expect(await stopped).toMatchObject({ state: 'stopped' })
})

test('does not wait for running calls when it quits', async () => {
  const app = await TestSupervisor.open([echo('echo')])
  await app.start('echo')
  const admission = app.supervisor.admit('echo' as ServerId)
  if (admission.kind !== 'open') throw new Error(`not admitted: ${admission.kind}`)
  const params = { name: 'slow', arguments: { steps: 1000, step_ms: 1000 } }
  const answer = admission.link.request('tools/call', params, { timeoutMs: 60_000, maxTotalMs: 60_000 })
  await app[Symbol.asyncDispose]()
  expect(await answer).toMatchObject({ kind: 'closed' })
  const rungs = app.changes.map(({ detail }) => (detail.state === 'stopping' ? detail.rung : null))
  expect(rungs).not.toContain('drain')
})

test('starts no more side by side than it may, and all in the end', async () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  await using app = await TestSupervisor.open(
    names.map((name, index) => echo(name, index + 1)),
    { startsAtOnce: 2 },
  )
  for (const name of names) app.supervisor.start(name as ServerId)
  const settled = await Promise.all(names.map((name) => app.settled(name)))
  expect(settled.map((server) => server.state)).toEqual(names.map(() => 'ready'))
  const queued = new Set(app.changes.filter((server) => server.reason === 'waits its turn').map((server) => server.id))
  expect([...queued]).toEqual(['c', 'd', 'e'])
})

test('leaves no process when it quits, deaf servers and starts under way included', async () => {
  const specs = [
    echo('good'),
    localSpec('deaf', { args: [testServer('ignores-sigterm')], number: 2, settings: { stopGraceMs: 60_000 } }),
    localSpec('silent', { args: [testServer('never-answers')], number: 3 }),
    localSpec('parent', { args: [testServer('spawns-grandchild')], number: 4 }),
  ]
  const app = await TestSupervisor.open(specs, { quitMs: 300 })
  await Promise.all(['good', 'deaf', 'parent'].map((name) => app.start(name)))
  app.supervisor.start('silent' as ServerId)
  await app.until(() => app.server('silent').pid !== null)
  const grandchild = app.lines.find((line) => line.text.startsWith('grandchild '))!.text.split(' ')[1]
  expect((await app.leftovers([Number(grandchild)])).length).toBe(5)
  await app[Symbol.asyncDispose]()
  expect(await app.leftovers([Number(grandchild)])).toEqual([])
})

test('goes on when the store fails, and says so', async () => {
  await using app = await TestSupervisor.open([echo('echo')])
  await app.store[Symbol.asyncDispose]()
  expect(await app.start('echo')).toMatchObject({ state: 'ready' })
  expect(app.said('echo').some((text) => text.includes('record'))).toBe(true)
})

test.each([
  ['asks', 'asks_question', 'The server is waiting for an answer that it cannot get: Ok to proceed? (y)'],
  ['deaf', 'not_reading_input', 'The server is not reading its input.'],
  ['daemon', 'left_foreground', 'Left the foreground'],
])('says of a start that %s what is wrong with it, and leaves nothing behind', async (how, code, message) => {
  const settings = { era: 'legacy', startTimeoutMs: 1500, restart: false } as const
  await using app = await TestSupervisor.open([localSpec('odd', { args: [testServer('bad-start'), how], settings })])
  const { detail } = await app.start('odd')
  expect(detail).toMatchObject({ state: 'failed', failure: { code, message: expect.stringContaining(message) } })
  expect(await app.leftovers()).toEqual([])
})

test('tells the whole time of a start that was too long, whatever part of it the last question had', async () => {
  const settings = { startTimeoutMs: 1000, restart: false }
  await using app = await TestSupervisor.open([localSpec('mute', { args: [testServer('never-answers')], settings })])
  const { detail } = await app.start('mute')
  expect(detail).toMatchObject({ failure: { message: expect.stringContaining('no answer to initialize for 1 s') } })
})

test('tells of a list that is said to change all the time', async () => {
  const spec = localSpec('restless', { args: [testServer('bad-protocol')], settings: { era: 'legacy' } })
  await using app = await TestSupervisor.open([spec], { relistMs: 2000 })
  await app.start('restless')
  const admission = app.supervisor.admit('restless' as ServerId)
  if (admission.kind !== 'open') throw new Error('it takes no calls')
  const limits = { timeoutMs: 20_000, maxTotalMs: 20_000 }
  await admission.link.request('tools/call', { name: 'changes_for_ever' }, limits)
  await app.until(() => app.server('restless').last_error !== null)
  expect(app.server('restless').last_error).toMatchObject({ code: 'list_storm' })
})
