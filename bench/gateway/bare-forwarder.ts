// What a gateway cannot do without, and nothing else: HTTP in, stdio out, ids remapped. No sessions, no tokens, no record,
// no second start. `bare-forwarder.ts [--backends N] -- COMMAND ARGS`; prints `listening URL` once all backends answered.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { parseArgs } from 'node:util'

// biome-ignore lint/suspicious/noExplicitAny: it forwards what comes and checks nothing
type Message = any

const {
  values: { backends: count },
  positionals: [command, ...args],
} = parseArgs({ allowPositionals: true, options: { backends: { type: 'string', default: '1' } } })

class Backend {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #waiting = new Map<number, (message: Message) => void>()
  #nextId = 1
  #rest = ''

  constructor() {
    this.#child = spawn(command!, args, { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => this.#read(chunk))
  }

  request(method: string, params: unknown): Promise<Message> {
    const id = this.#nextId++
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.#write({ jsonrpc: '2.0', id, method, params })
    })
  }

  async open(): Promise<Message[]> {
    const clientInfo = { name: 'bare-forwarder', version: '1' }
    await this.request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
    this.#write({ jsonrpc: '2.0', method: 'notifications/initialized' })
    return (await this.request('tools/list', {})).result.tools
  }

  #write(message: unknown): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`)
  }

  #read(chunk: string): void {
    this.#rest += chunk
    let from = 0
    for (let end = this.#rest.indexOf('\n'); end !== -1; end = this.#rest.indexOf('\n', from)) {
      const message: Message = JSON.parse(this.#rest.slice(from, end))
      this.#waiting.get(message.id)?.(message)
      this.#waiting.delete(message.id)
      from = end + 1
    }
    this.#rest = this.#rest.slice(from)
  }
}

const targets = new Map<string, { backend: Backend; name: string }>()
const tools: Message[] = []
const backends = Array.from({ length: Number(count) }, () => new Backend())
const lists = await Promise.all(backends.map((backend) => backend.open()))
for (const [index, backend] of backends.entries()) {
  for (const tool of lists[index]!) {
    const name = `echo-${index}_${tool.name}`
    tools.push({ ...tool, name })
    targets.set(name, { backend, name: tool.name })
  }
}

async function answer({ method, params }: Message): Promise<Message> {
  switch (method) {
    case 'initialize': {
      const serverInfo = { name: 'bare-forwarder', version: '1' }
      return { result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo } }
    }
    case 'tools/list':
      return { result: { tools } }
    case 'tools/call': {
      const { backend, name } = targets.get(params.name)!
      const { result, error } = await backend.request(method, { ...params, name })
      return error === undefined ? { result } : { error }
    }
    default:
      return { error: { code: -32601, message: 'Method not found' } }
  }
}

const server = createServer((request, response) => {
  if (request.method !== 'POST') return void response.writeHead(405).end()
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', async () => {
    const message: Message = JSON.parse(Buffer.concat(chunks).toString())
    if (message.id === undefined) return void response.writeHead(202).end()
    const body = JSON.stringify({ jsonrpc: '2.0', id: message.id, ...(await answer(message)) })
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  console.log(`listening http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`)
})
