import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import type { contract } from '../shared/contract.ts'
import { Figure, type FigureOptions } from './figure.ts'
import { type Planted, plantedSecrets, spellingsOf } from './planted-secrets.ts'
import { type Json, Program } from './program.ts'

/** Secrets told in one call. */
const together = 20

/**
 * A server that tells every secret it was given in every way it can, and all places that are written, pushed, shown or
 * exported: none of them holds any of the secrets, in any encoding.
 */
export async function redact({ short, seed }: FigureOptions): Promise<Figure> {
  const figure = new Figure('redact')
  const planted = plantedSecrets(short ? 60 : 500, seed)
  const home = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  try {
    const sinks = await fill(home, planted)
    // A sink that got nothing would keep every promise.
    for (const [name, content] of sinks) {
      await figure.check(`${name} shows the masks`, () => assert.ok(content.includes('masked') || name === 'files'))
      for (const secret of planted)
        await figure.check(`${name} does not hold ${secret.name}`, () => absent(secret, content))
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
  return figure
}

function absent(secret: Planted, content: string): void {
  const found = spellingsOf(secret).find((spelling) => content.includes(spelling))
  assert.equal(found, undefined, `a secret of the ${secret.holder}, ${JSON.stringify(secret.value)}`)
}

/** Everything that Signalbox wrote, pushed and showed, as text, by sink. */
async function fill(home: string, planted: readonly Planted[]): Promise<Map<string, string>> {
  const env = planted.map(({ name, value, holder }) => [name, holder === 'vault' ? `\${secret:${name}}` : value])
  const entry = { command: 'node', args: [resolve('test-servers/tells-secrets.mjs')], env: Object.fromEntries(env) }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { teller: entry } }))

  const sinks = new Map<string, string>()
  await using program = await Program.start(home)
  const sockets = await watch(home)
  for (const { name, value } of planted.filter(({ holder }) => holder === 'vault')) {
    const { status } = await program.request('PUT', `/secrets/${name}`, { value })
    assert.equal(status, 200, `the vault takes ${name}`)
  }
  const { body } = await program.request('POST', '/servers/teller/start?wait_s=60')
  assert.equal(body.state, 'ready', body.reason)

  const ids = await tellAll(program, planted)
  sinks.set('REST', await rest(program, ids))
  sinks.set('SSE', await sse(home, ids))
  sinks.set('WebSocket', sockets.seen())
  sinks.set('terminal', await terminal(home, ids))
  await program.end()
  sinks.set('words of the program', `${program.said} masked`)
  sinks.set('files', await files(home))
  return sinks
}

/** Calls every tool with secrets in its arguments; the crash last. Ids of the tasks. */
async function tellAll(program: Program, planted: readonly Planted[]): Promise<string[]> {
  const ids: string[] = []
  const call = async (tool: string, from: number, to: number): Promise<void> => {
    const given = planted.slice(from, to).map(({ value }) => value)
    const id = await program.call('teller', tool, { from, to, given, nested: { [given[0]!]: given.join(' ') } })
    await program.task(id)
    ids.push(id)
  }
  for (let from = 0; from < planted.length; from += together) {
    for (const tool of ['tell', 'fail', 'refuse', 'garble'])
      await call(tool, from, Math.min(from + together, planted.length))
  }
  await call('crash', 0, together)
  return ids
}

async function rest(program: Program, ids: readonly string[]): Promise<string> {
  const server = ['', '/tools', '/resources', '/resource-templates', '/prompts', '/runs', '/consent']
  const paths = [
    '/snapshot',
    '/attention',
    '/secrets',
    '/servers',
    ...server.map((path) => `/servers/teller${path}`),
    '/tasks?limit=200',
    '/tasks/facets',
    ...ids.flatMap((id) => [`/tasks/${id}`, `/tasks/${id}/events`, `/tasks/${id}/logs`]),
    '/logs/overview',
  ]
  const bodies: Json[] = []
  for (const path of paths) bodies.push(await program.get(path))
  for (let before = ''; ; ) {
    const page = await program.get(`/logs?limit=200${before}`)
    bodies.push(page)
    if (page.next_before === null) break
    before = `&before=${encodeURIComponent(page.next_before)}`
  }
  // The entry is the owner's own file, to be edited; what is made of it is ours.
  const { launch, problem } = await program.get('/servers/teller/config')
  const refusals = [await program.request('POST', `/tasks/${ids[0]}/rerun`)]
  return [...bodies, { launch, problem }, ...refusals].map((body) => JSON.stringify(body)).join('\n')
}

async function connection(home: string): Promise<{ url: string; authorization: string }> {
  const { url } = JSON.parse(await readFile(join(home, 'runtime.json'), 'utf8')) as { url: string }
  return { url, authorization: `Bearer ${(await readFile(join(home, 'token'), 'utf8')).trim()}` }
}

/** Follows facts and log lines over a WebSocket for as long as the program runs; all bytes that came. */
async function watch(home: string): Promise<{ seen(): string }> {
  const { url, authorization } = await connection(home)
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/rpc`, { headers: { authorization } })
  let seen = ''
  socket.on('message', (data) => (seen += String(data)))
  await once(socket, 'open')
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })
  const client = createORPCClient<ContractRouterClient<typeof contract>>(link)
  const drain = async (stream: Promise<AsyncIterable<unknown>>): Promise<void> => {
    for await (const _ of await stream);
  }
  // They end with the program.
  drain(client.app.events({})).catch(() => {})
  drain(client.logs.tail({})).catch(() => {})
  return { seen: () => seen }
}

async function sse(home: string, ids: readonly string[]): Promise<string> {
  const { url, authorization } = await connection(home)
  const headers = { authorization, accept: 'text/event-stream' }
  const streams = ids.map(async (id) => (await fetch(`${url}/api/v1/tasks/${id}/events`, { headers })).text())
  return (await Promise.all(streams)).join('\n')
}

async function terminal(home: string, ids: readonly string[]): Promise<string> {
  const commands = [
    ['status'],
    ['ls'],
    ['ls', '--json'],
    ['tools', 'teller'],
    ['logs', 'teller', '-n', '1000'],
    ['tasks'],
    ['secret', 'list'],
  ]
  const shown = ids.slice(0, 6).map((id) => ['task', id])
  let said = ''
  for (const words of [...commands, ...shown]) said += await spoken([...words, '--home', home])
  return said
}

async function spoken(words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['dist/node/cli.mjs', ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return `${words.join(' ')}\n${out}${err}`
}

/** The bytes of all files of the home but the owner's own configuration. */
async function files(home: string): Promise<string> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true })
  const own = entries.filter((entry) => entry.isFile() && entry.name !== 'mcp.json')
  const contents = await Promise.all(own.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')))
  return contents.join('\n')
}
