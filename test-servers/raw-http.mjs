// What the raw HTTP servers share: JSON-RPC over Streamable HTTP by hand, on a free port of the loopback address.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'

/** Prints `listening URL` on stdout; ends with its stdin, so that it never outlives whoever started it. */
export function listen(handler) {
  const server = createServer(handler)
  server.listen(0, '127.0.0.1', () => console.log(`listening http://127.0.0.1:${server.address().port}`))
  process.stdin.resume()
  process.stdin.on('end', () => process.exit(0))
  return server
}

export async function readJson(request) {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  return JSON.parse(body)
}

export function sendJson(response, status, value, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}

export const result = (id, value) => ({ jsonrpc: '2.0', id, result: value })

export const error = (id, code, message) => ({ jsonrpc: '2.0', id, error: { code, message } })

export const event = (message, id) => `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(message)}\n\n`

export const initialized = (name, { protocolVersion }) => ({
  protocolVersion,
  capabilities: { tools: { listChanged: true } },
  serverInfo: { name, version: '1.0.0' },
})

export const newSession = () => randomUUID()
