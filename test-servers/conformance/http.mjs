// The fixture over HTTP for both eras on one URL: sessions of SDK v1, stateless requests of SDK v2. `--era legacy|modern` serves one.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { classifyInboundRequest, createMcpHandler, isInitializeRequest } from '@modelcontextprotocol/server'
import { createLegacyServer } from './legacy-server.mjs'
import { createModernServer } from './modern-server.mjs'

const era = process.argv[process.argv.indexOf('--era') + 1]
const [servesLegacy, servesModern] = [era !== 'modern', era !== 'legacy']
const sessions = new Map()

const modern = createMcpHandler(
  () =>
    createModernServer({
      changed: (kind) => modern.notify[`${kind}Changed`](),
      updated: (uri) => modern.notify.resourceUpdated(uri),
    }),
  { legacy: 'reject' },
)
const answerModern = toNodeHandler(modern)
const isOurHost = localhostHostValidation()
const isOurOrigin = localhostOriginValidation()

function refuse(response, status, code, message) {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } }))
}

async function answerLegacy(request, response, body) {
  const id = request.headers['mcp-session-id']
  const session = sessions.get(id)
  if (session !== undefined) return session.handleRequest(request, response, body)
  if (id !== undefined) return refuse(response, 404, -32001, 'Session not found')
  if (!isInitializeRequest(body)) return refuse(response, 400, -32000, 'Bad Request: no session')
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (newId) => sessions.set(newId, transport),
  })
  transport.onclose = () => sessions.delete(transport.sessionId)
  await createLegacyServer().connect(transport)
  await transport.handleRequest(request, response, body)
}

async function answer(request, response) {
  if (!isOurHost(request, response) || !isOurOrigin(request, response)) return
  const body = request.method === 'POST' ? await json(request).catch(() => undefined) : undefined
  const { kind } = classifyInboundRequest({
    httpMethod: request.method,
    protocolVersionHeader: request.headers['mcp-protocol-version'],
    mcpMethodHeader: request.headers['mcp-method'],
    body,
  })
  if (servesLegacy && (kind === 'legacy' || !servesModern)) return answerLegacy(request, response, body)
  return answerModern(request, response, body)
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error)
    if (!response.headersSent) refuse(response, 500, -32603, 'Internal error')
  })
}).listen(0, '127.0.0.1', () => console.log(`listening http://127.0.0.1:${server.address().port}/mcp`))
process.stdin.on('end', () => process.exit(0)).resume()
