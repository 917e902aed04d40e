// The floor of the benchmark: a raw HTTP server that answers the echo tool by itself. Prints `listening URL`.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const tool = { name: 'echo', inputSchema: { type: 'object', properties: { text: { type: 'string' } } } }

// biome-ignore lint/suspicious/noExplicitAny: the floor does what the wire asks and checks nothing
function answer({ method, params }: any): unknown {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'floor', version: '1' },
      }
    case 'tools/list':
      return { tools: [tool] }
    case 'tools/call':
      return { content: [{ type: 'text', text: params.arguments.text }] }
    default:
      return {}
  }
}

const server = createServer((request, response) => {
  if (request.method !== 'POST') return void response.writeHead(405).end()
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const message = JSON.parse(Buffer.concat(chunks).toString())
    if (message.id === undefined) return void response.writeHead(202).end()
    const body = JSON.stringify({ jsonrpc: '2.0', id: message.id, result: answer(message) })
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  console.log(`listening http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`)
})
