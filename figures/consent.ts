import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { mutations, type Subject } from './consent-mutations.ts'
import { Figure } from './figure.ts'
import { type Json, Program } from './program.ts'

const patienceMs = 60_000

type Trial = Subject & { readonly id: string; readonly mutation: (typeof mutations)[number] }

/**
 * Every mutation after an agreement, found by a restart of the app and found while it runs: nothing that changed starts,
 * and no changed tool is served, unasked. What did not change goes on without asking.
 */
export async function consent(): Promise<Figure> {
  const figure = new Figure('consent')
  const home = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  try {
    await using remote = await remoteServer()
    await foundByRestart(figure, join(home, 'restart'), remote)
    await foundWhileRunning(figure, join(home, 'running'), remote)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
  return figure
}

async function foundByRestart(figure: Figure, home: string, remote: Remote): Promise<void> {
  const trials = await makeTrials(home, remote)
  {
    await using program = await Program.start(home)
    await agreeToAll(program, trials)
  }
  await change(home, trials)
  const before = await starts(trials, remote)
  await using program = await Program.start(home)
  await judgeAll(figure, 'after a restart of the app', program, trials, before, remote)
  await figure.check('an unchanged server starts by itself after a restart', async () => {
    assert.equal((await settled(program, 'unchanged')).state, 'ready')
  })
  await figure.check('what changed starts once it is approved', async () => {
    const { id } = trials[0]!
    const { seen } = await program.get(`/servers/${id}/consent`)
    const stale = await program.request('POST', `/servers/${id}/approve`, { seen: `${seen}x` })
    assert.deepEqual([stale.status, stale.body.code], [409, 'consent_stale'])
    const { body } = await program.request('POST', `/servers/${id}/approve`, { seen, wait_s: 60 })
    assert.equal(body.state, 'ready', body.reason)
  })
  await figure.check('an import without a start starts nothing, nor does a call', async () => {
    const entry = { ...trials[0]!.entry, args: ['imported'] }
    await program.request('POST', '/imports', { picks: [{ id: 'imported', entry }], start: false })
    const { status, body } = await program.request('POST', '/tasks', { agent: 'imported', action: 'echo' })
    if (status === 202) assert.equal((await program.task(body.task_id)).sent, false)
    assert.deepEqual(await stateOf(program, 'imported'), ['stopped', null])
  })
}

async function foundWhileRunning(figure: Figure, home: string, remote: Remote): Promise<void> {
  const trials = await makeTrials(home, remote)
  await using program = await Program.start(home)
  await agreeToAll(program, trials)
  const before = await starts(trials, remote)
  await change(home, trials)
  // What runs on is what was agreed to; a crash makes it start again, and find what changed.
  for (const { id, mutation } of trials) {
    if (mutation.isRemote || (await settled(program, id)).state !== 'ready') continue
    await program.request('POST', '/tasks', { agent: id, action: 'crash' })
  }
  await judgeAll(figure, 'while it runs', program, trials, before, remote)
  await figure.check('an entry that its owner saves over the API does not start by that', async () => {
    const { entry } = await program.get('/servers/unchanged/config')
    const count = async () => (await readFile(join(entry.cwd, 'starts'), 'utf8')).length
    const started = await count()
    const saved = await program.request('PUT', '/servers/unchanged/config', { entry: { ...entry, args: ['saved'] } })
    assert.equal(saved.status, 200)
    await until(program, 'unchanged', ({ state }) => state === 'needs_consent')
    assert.equal(await count(), started, 'it was started')
    await program.request('PUT', '/servers/unchanged/config', { entry })
    const { body } = await program.request('POST', '/servers/unchanged/start?wait_s=60')
    assert.equal(body.state, 'ready', body.reason)
  })
  await figure.check('a crash of an unchanged server is followed by a start', async () => {
    const { run_id } = await program.get('/servers/unchanged')
    await program.request('POST', '/tasks', { agent: 'unchanged', action: 'crash' })
    await until(program, 'unchanged', (server) => server.state === 'ready' && server.run_id !== run_id)
  })
}

async function judgeAll(
  figure: Figure,
  when: string,
  program: Program,
  trials: readonly Trial[],
  before: ReadonlyMap<string, number>,
  remote: Remote,
): Promise<void> {
  for (const trial of trials) {
    const { id, mutation } = trial
    await figure.check(`${mutation.name}, ${when}`, async () => {
      if (mutation.forbids === 'tool') {
        const { held_tools } = await until(
          program,
          id,
          (server) => server.state === 'ready' && server.held_tools.length > 0,
        )
        assert.deepEqual(held_tools, ['echo'])
        const task = await program.task(await program.call(id, 'echo', { text: 'x' }))
        assert.deepEqual([task.status, task.sent, task.error.code], ['failed', false, 'tool_changed'])
        return
      }
      await until(program, id, (server) => server.state === 'needs_consent')
      const refused = await program.request('POST', '/tasks', { agent: id, action: 'echo', parameters: { text: 'x' } })
      if (refused.status === 202) assert.equal((await program.task(refused.body.task_id)).sent, false)
      assert.deepEqual(await stateOf(program, id), ['needs_consent', null])
      assert.equal((await starts([trial], remote)).get(id), before.get(id), 'it was started')
      const { fields } = await program.get(`/servers/${id}/consent`)
      assert.ok(
        fields.some((field: Json) => field.is_changed),
        'the difference is shown',
      )
    })
  }
}

/** Each mutation has a server of its own, so that a few starts of the app try them all. */
async function makeTrials(home: string, remote: Remote): Promise<Trial[]> {
  const trials: Trial[] = []
  for (const [index, mutation] of mutations.entries()) {
    const id = `subject-${index}`
    const folder = join(home, 'subjects', id)
    const entry = mutation.isRemote ? remoteEntry(remote, id) : await makeSubject(folder)
    trials.push({ id, folder, entry, mutation })
  }
  const unchanged = await makeSubject(join(home, 'subjects', 'unchanged'))
  await configure(home, [...trials.map(({ id, entry }) => [id, entry] as const), ['unchanged', unchanged]])
  return trials
}

function remoteEntry({ url }: Remote, id: string): Json {
  return { type: 'http', url: `${url}/${id}-${crypto.randomUUID()}`, headers: { 'X-One': '1' } }
}

/** A program that writes down each of its starts, and lists the tools that stand in a file. */
async function makeSubject(folder: string): Promise<Json> {
  await mkdir(join(folder, 'elsewhere'), { recursive: true })
  const raw = JSON.stringify(resolve('test-servers/raw-server.mjs'))
  await writeFile(join(folder, 'server.mjs'), `import { serve, text } from ${raw}\n${serverSource}`)
  await writeFile(join(folder, 'package.json'), '{"name":"subject","version":"1.0.0"}')
  const schema = { type: 'object', properties: { text: { type: 'string' } } }
  const tools = ['echo', 'crash'].map((name) => ({ name, description: `Does ${name}`, inputSchema: schema }))
  await writeFile(join(folder, 'tools.json'), JSON.stringify(tools))
  await writeFile(join(folder, 'starts'), '')
  for (const name of ['run', 'other']) {
    await writeFile(join(folder, name), `#!/bin/sh\n# one ${name}\nexec node "${join(folder, 'server.mjs')}" "$@"\n`)
    await chmod(join(folder, name), 0o755)
  }
  return { command: join(folder, 'run'), args: ['a', 'b', 'c'], env: { LEVEL: 'a' }, cwd: folder }
}

const serverSource = `
import { appendFileSync, readFileSync } from 'node:fs'
const at = (name) => new URL(name, import.meta.url)
appendFileSync(at('starts'), '.')
serve({
  tools: JSON.parse(readFileSync(at('tools.json'), 'utf8')),
  call: (name, { text: said }) => (name === 'crash' ? process.exit(1) : text(said)),
})
`

async function configure(home: string, servers: readonly (readonly [string, Json])[]): Promise<void> {
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: Object.fromEntries(servers) }, null, 2))
}

async function change(home: string, trials: readonly Trial[]): Promise<void> {
  const { mcpServers } = JSON.parse(await readFile(join(home, 'mcp.json'), 'utf8')) as Json
  const changed: [string, Json][] = []
  for (const trial of trials) changed.push([trial.id, await trial.mutation.apply(trial)])
  await configure(home, [...changed, ['unchanged', mcpServers.unchanged]])
}

async function agreeToAll(program: Program, trials: readonly Trial[]): Promise<void> {
  const ids = [...trials.map(({ id }) => id), 'unchanged']
  await Promise.all(
    ids.map(async (id) => {
      const { body } = await program.request('POST', `/servers/${id}/start?wait_s=60`)
      assert.equal(body.state, 'ready', `${id}: ${body.reason}`)
    }),
  )
}

/** How often each was started, or for a remote one asked for anything. */
async function starts(trials: readonly Trial[], remote: Remote): Promise<Map<string, number>> {
  const counts = trials.map(async ({ id, folder, entry, mutation }) => {
    const count = mutation.isRemote ? remote.asked(entry.url) : (await readFile(join(folder, 'starts'), 'utf8')).length
    return [id, count] as const
  })
  return new Map(await Promise.all(counts))
}

async function stateOf(program: Program, id: string): Promise<[state: string, pid: number | null]> {
  const { state, pid } = await program.get(`/servers/${id}`)
  return [state, pid]
}

function settled(program: Program, id: string): Promise<Json> {
  return until(program, id, ({ state }) => !['starting', 'stopping', 'backing_off'].includes(state))
}

async function until(program: Program, id: string, holds: (server: Json) => boolean): Promise<Json> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const server = await program.get(`/servers/${id}`)
    if (holds(server)) return server
    if (Date.now() > deadline) assert.fail(`it is still ${server.state}: ${server.reason}`)
    await delay(50)
  }
}

interface Remote extends AsyncDisposable {
  readonly url: string
  /** Requests to an address so far, whatever follows in its path. */
  asked(url: string): number
}

/** A server at an address, legacy and without sessions, that counts who asks. */
async function remoteServer(): Promise<Remote> {
  const paths: string[] = []
  const server = createServer(async (request, response) => {
    paths.push(request.url ?? '')
    let body = ''
    for await (const chunk of request) body += chunk
    const message = body === '' ? {} : (JSON.parse(body) as Json)
    const result = { initialize: greeting(message), 'tools/list': { tools: [] }, ping: {} }[String(message.method)]
    if (message.id === undefined) return response.writeHead(request.method === 'GET' ? 405 : 202).end()
    response.writeHead(200, { 'content-type': 'application/json' })
    const error = { code: -32601, message: 'Method not found' }
    response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...(result ? { result } : { error }) }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    asked: (address) => paths.filter((path) => `${url}${path}`.startsWith(address)).length,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function greeting({ params }: Json): Json {
  return {
    protocolVersion: params?.protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'remote', version: '1.0.0' },
  }
}
