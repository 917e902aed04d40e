// Listens on every interface. Alone: Streamable HTTP, legacy, without sessions. `--stdio`: on stdio, with a page beside it.
// `--host ADDRESS` listens elsewhere; `--token TOKEN` answers nobody who does not bring it.
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { error, initialized, readJson, result, sendJson } from './raw-http.mjs'
import { serve, text, tool } from './raw-server.mjs'

const { values } = parseArgs({
  options: { stdio: { type: 'boolean' }, host: { type: 'string', default: '0.0.0.0' }, token: { type: 'string' } },
})
const name = 'listens-everywhere'
const tools = [tool('hello', 'Says hello')]

const server = createServer(async (request, response) => {
  if (values.token !== undefined && request.headers.authorization !== `Bearer ${values.token}`) {
    return response.writeHead(401, { 'www-authenticate': 'Bearer' }).end()
  }
  if (values.stdio) return response.end(request.url === '/' ? 'All that it knows' : 'Nothing')
  if (request.method !== 'POST') return response.writeHead(405).end()
  const { id, method, params } = await readJson(request)
  if (id === undefined) return response.writeHead(202).end()
  if (method === 'initialize') return sendJson(response, 200, result(id, initialized(name, params)))
  if (method === 'tools/list') return sendJson(response, 200, result(id, { tools }))
  if (method === 'tools/call') return sendJson(response, 200, result(id, text('hello')))
  sendJson(response, 200, error(id, -32601, `Method not found: ${method}`))
})

server.listen(0, values.host, () => {
  const { port } = server.address()
  if (values.stdio) serve({ name, tools, call: () => text('hello') })
  else {
    console.log(`listening http://127.0.0.1:${port}`)
    process.stdin.resume().on('end', () => process.exit(0))
  }
})
