import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Program } from '../program.ts'
import type { Planted } from './planted-secrets.ts'

/** Somebody outside whom the program tells things: the receiver of callbacks, and the collector of traces. */
export interface Outside extends AsyncDisposable {
  readonly callbackUrl: string
  /** All that came, heads and bodies. */
  readonly callbacks: () => string
  readonly traces: () => string
}

/** Takes callbacks and traces from now on. */
export async function openOutside(program: Program): Promise<Outside> {
  const came: { path: string; said: string }[] = []
  const server = createServer(async (request, response) => {
    const said = `${JSON.stringify(request.headers)}\n${await text(request)}`
    came.push({ path: request.url ?? '', said })
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const settings = {
    allowed_targets: [host],
    traces_endpoint: `http://${host}/traces`,
    metrics_endpoint: true,
  }
  const { status, body } = await program.request('PATCH', '/settings', settings)
  if (status !== 200) throw new Error(`PATCH /settings answered ${status}: ${JSON.stringify(body)}`)
  const at = (path: string) => () =>
    came
      .filter((one) => one.path === path)
      .map(({ said }) => said)
      .join('\n')
  return {
    callbackUrl: `http://${host}/callback`,
    callbacks: at('/callback'),
    traces: at('/traces'),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Asks for prompts and resources that are named by secrets: what a trace tells of a request. */
export async function askByName({ url, token }: Program, planted: readonly Planted[]): Promise<void> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  }
  const ask = (body: object, more: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}/mcp/s/teller`, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) })
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'asker', version: '1' } }
  const opened = await ask({ jsonrpc: '2.0', id: 0, method: 'initialize', params })
  const session = { 'mcp-session-id': opened.headers.get('mcp-session-id')! }
  await opened.text()
  for (const { value } of planted) {
    const uri = `told://${value}`
    await (await ask({ jsonrpc: '2.0', id: uri, method: 'resources/read', params: { uri } }, session)).text()
    await (await ask({ jsonrpc: '2.0', id: 1, method: 'prompts/get', params: { name: value } }, session)).text()
  }
}
