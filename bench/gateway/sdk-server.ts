// The official SDK's own stateful HTTP server with JSON replies, answering the echo tool by itself, without a gateway.
// Prints `listening URL`.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node'
import { Server } from '@modelcontextprotocol/server'

const tool = {
  name: 'echo',
  inputSchema: { type: 'object' as const, properties: { text: { type: 'string' } } },
}
const sessions = new Map<string, NodeStreamableHTTPServerTransport>()

async function openSession(): Promise<NodeStreamableHTTPServerTransport> {
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    enableJsonResponse: true,
    onsessioninitialized: (id) => void sessions.set(id, transport),
  })
  const server = new Server({ name: 'sdk', version: '1' }, { capabilities: { tools: {} } })
  server.setRequestHandler('tools/list', () => ({ tools: [tool] }))
  server.setRequestHandler('tools/call', ({ params }) => ({
    content: [{ type: 'text', text: String(params.arguments?.text) }],
  }))
  await server.connect(transport)
  return transport
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const session = request.headers['mcp-session-id']
  const transport = (typeof session === 'string' && sessions.get(session)) || (await openSession())
  await transport.handleRequest(request, response)
}

const server = createServer((request, response) => void handle(request, response))
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  console.log(`listening http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`)
})
