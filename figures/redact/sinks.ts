import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import Database from 'better-sqlite3'
import { WebSocket } from 'ws'
import type { contract } from '../../shared/contract.ts'
import type { Json, Program } from '../program.ts'

/** What is no sink: made of the owner's own file, handed out on purpose, or looked at by itself. */
const others = ['/callbacks/signing-key', '/export/config', '/exports/{what}', '/openapi.json', '/servers/{id}/config']

/** All that REST shows, by its own document. */
export async function rest(program: Program, ids: readonly string[]): Promise<string> {
  const { paths } = await program.get('/openapi.json')
  const bodies: Json[] = []
  for (const [template, methods] of Object.entries(paths as Record<string, object>)) {
    if (!('get' in methods) || others.includes(template)) continue
    for (const path of await pathsOf(program, template, ids)) {
      const { status, body } = await program.request('GET', path)
      // Not every task has a callback, and not every client can be explained without a server.
      if (status !== 200 && status !== 400 && status !== 404) throw new Error(`GET ${path} answered ${status}`)
      bodies.push(body)
    }
  }
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

/** The path with every name that it can have here. */
async function pathsOf(program: Program, template: string, ids: readonly string[]): Promise<string[]> {
  const [, part] = /\{(\w+)\}/.exec(template) ?? []
  if (part === undefined) return [template === '/tasks' ? '/tasks?limit=200' : template]
  return (await namesOf(program, template, part, ids)).map((name) =>
    template.replace(/\{\w+\}/, encodeURIComponent(name)),
  )
}

async function namesOf(
  program: Program,
  template: string,
  part: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (part === 'task_id') return ids
  if (part === 'agent' || template.startsWith('/servers/')) return ['teller']
  const { items } = await program.get(template.slice(0, template.indexOf('/{')))
  if (!Array.isArray(items)) throw new Error(`GET ${template}: nobody says what there is to ask for`)
  return items.map(({ id }) => String(id))
}

async function connection(home: string): Promise<{ url: string; authorization: string }> {
  const { url } = JSON.parse(await readFile(join(home, 'runtime.json'), 'utf8')) as { url: string }
  return { url, authorization: `Bearer ${(await readFile(join(home, 'token'), 'utf8')).trim()}` }
}

/** Follows facts and log lines over a WebSocket for as long as the program runs; all bytes that came. */
export async function watch(home: string): Promise<{ seen(): string }> {
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

const topics = ['tasks', 'servers', 'servers.teller.logs', 'events.agent.task.completed', 'events.agent.error']

/** Follows topics on the socket for scripts for as long as the program runs; all bytes that came. */
export async function follow(home: string): Promise<{ seen(): string }> {
  const { url, authorization } = await connection(home)
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/figure`, { headers: { authorization } })
  let seen = ''
  socket.on('message', (data) => (seen += String(data)))
  await once(socket, 'open')
  for (const topic of topics) socket.send(JSON.stringify({ type: 'subscribe', topic }))
  return { seen: () => seen }
}

/** What was too large to be handed on, as REST shows it and as it lies on the disk. Each of the tasks has such a result. */
export async function keptResults(program: Program, home: string, ids: readonly string[]): Promise<string> {
  const folder = join(home, 'results')
  const kept = await readdir(folder)
  const missing = ids.filter((id) => !kept.includes(`${id}.json`))
  if (missing.length > 0) throw new Error(`${missing.length} of ${ids.length} results were not kept`)
  const shown = await Promise.all(ids.map(async (id) => JSON.stringify(await program.get(`/results/${id}`))))
  const written = await Promise.all(kept.map((name) => readFile(join(folder, name), 'utf8')))
  return [...shown, ...written].join('\n')
}

/** The time lines of tasks, as streams. */
export async function sse(home: string, ids: readonly string[]): Promise<string> {
  const { url, authorization } = await connection(home)
  const headers = { authorization, accept: 'text/event-stream' }
  const streams = ids.map(async (id) => (await fetch(`${url}/api/v1/tasks/${id}/events`, { headers })).text())
  return (await Promise.all(streams)).join('\n')
}

/** What the terminal says. */
export async function terminal(home: string, ids: readonly string[]): Promise<string> {
  const commands = [
    ['status'],
    ['ls'],
    ['ls', '--json'],
    ['tools', 'teller'],
    ['logs', 'teller', '-n', '1000'],
    ['tasks'],
    ['secret', 'list'],
    ['consent', 'teller'],
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

/** What the owner wrote, and the place of the owner token. */
const places = ['mcp.json', 'token']

/** The bytes of all files of the home but those. */
export async function files(home: string): Promise<string> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true })
  const own = entries.filter((entry) => entry.isFile() && !places.includes(entry.name))
  const contents = await Promise.all(own.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')))
  return contents.join('\n')
}

/** A download, as text. */
export async function download(program: Program, path: string, prefix = '/api/v1'): Promise<string> {
  const response = await fetch(`${program.url}${prefix}${path}`, {
    headers: { authorization: `Bearer ${program.token}` },
  })
  if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}`)
  return response.text()
}

/** The bytes of every part of a backup but the owner's own configuration. */
export function partsOf(backup: string): string {
  const archive = new Database(backup, { readonly: true })
  try {
    const chunks = archive.prepare("select body from chunks where name <> 'mcp.json' order by name, number").pluck()
    return Buffer.concat(chunks.all() as Buffer[]).toString('utf8')
  } finally {
    archive.close()
  }
}
