import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Program } from '../../figures/program.ts'
import { echoServer } from './echo-server.ts'
import type { Running, Subject } from './subject.ts'

/** The built program on a home of its own, as a person would run it, without a page open. */
export const ours: Subject = { name: 'Signalbox', start: (servers) => startProgram(servers) }

/** An option of the benchmark only: nothing in the product turns the record off. */
export const oursUnrecorded: Subject = {
  name: 'Signalbox, recording off',
  start: (servers) => startProgram(servers, 'bench/gateway/unrecorded-program.ts'),
}

async function startProgram(servers: number, script?: string): Promise<Running> {
  await using stack = new AsyncDisposableStack()
  const home = await mkdtemp(join(tmpdir(), 'signalbox-bench-'))
  stack.defer(() => rm(home, { recursive: true, force: true, maxRetries: 5 }))
  const ids = Array.from({ length: servers }, (_, index) => `echo-${index}`)
  const entry = { command: process.execPath, args: [echoServer] }
  const mcpServers = Object.fromEntries(ids.map((id) => [id, entry]))
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers }))
  const program = stack.use(await Program.start(home, {}, script === undefined ? undefined : [script, home]))
  await Promise.all(ids.map((id) => startServer(program, id)))
  const headers = { authorization: `Bearer ${program.token}` }
  const owned = stack.move()
  return {
    pid: program.pid,
    endpoint: { url: `${program.url}/mcp`, headers, isSse: false },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function startServer(program: Program, id: string): Promise<void> {
  const { body } = await program.request('POST', `/servers/${id}/start?wait_s=60`)
  if (body.state !== 'ready') throw new Error(`${id} is ${body.state}: ${body.reason ?? body.message}`)
}
