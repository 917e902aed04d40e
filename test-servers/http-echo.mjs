// Streamable HTTP, legacy, with sessions. `forget_sessions` loses them all; `--status 400` complains with that instead of 404.
import { error, event, initialized, listen, newSession, readJson, result, sendJson } from './raw-http.mjs'
import { text, tool } from './raw-server.mjs'

const lostStatus = Number(process.argv[process.argv.indexOf('--status') + 1] || 404)
const sessions = new Set()
const streams = new Set()
let calls = 0

const tools = [
  tool('echo', 'Answers with its text', { text: { type: 'string' } }, ['text']),
  tool('calls', 'Answers with the number of calls that ran'),
  tool('slow', 'Two steps of progress, then the answer, in one event stream'),
  tool('announce', 'Says on the open stream that the list of tools changed'),
  tool('forget_sessions', 'Loses every session'),
  tool('wait', 'Never answers'),
  tool('hang_up', 'Breaks the connection in the middle of its reply'),
  tool('html', 'Answers with a web page'),
  tool('sorry', 'Answers with HTTP 500 and no JSON'),
  tool('polite_error', 'Answers with HTTP 422 and a JSON-RPC error'),
]

listen(async (request, response) => {
  const session = request.headers['mcp-session-id']
  if (request.method === 'GET') return openStream(response, session)
  if (request.method === 'DELETE') return response.writeHead(sessions.delete(session) ? 200 : 404).end()
  const message = await readJson(request)
  if (message.method === 'initialize') {
    const id = newSession()
    sessions.add(id)
    return sendJson(response, 200, result(message.id, initialized('http-echo', message.params)), {
      'mcp-session-id': id,
    })
  }
  if (session === undefined) return sendJson(response, 400, error(null, -32000, 'Bad Request: no session'))
  if (!sessions.has(session)) return sendJson(response, lostStatus, error(null, -32000, 'Session not found'))
  if (message.id === undefined) return response.writeHead(202).end()
  answer(message, response)
})

function openStream(response, session) {
  if (!sessions.has(session)) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n')
  streams.add(response)
  response.on('close', () => streams.delete(response))
}

function answer({ id, method, params }, response) {
  if (method === 'tools/list') return sendJson(response, 200, result(id, { tools }))
  if (method === 'ping') return sendJson(response, 200, result(id, {}))
  if (method !== 'tools/call') return sendJson(response, 200, error(id, -32601, `Method not found: ${method}`))
  calls++
  switch (params.name) {
    case 'echo':
      return sendJson(response, 200, result(id, text(params.arguments.text)))
    case 'calls':
      return sendJson(response, 200, result(id, text(calls)))
    case 'slow':
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const progress of [1, 2]) response.write(event(progressed(params, progress)))
      return response.end(event(result(id, text('done'))))
    case 'announce':
      for (const stream of streams) stream.write(event({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }))
      return sendJson(response, 200, result(id, text(streams.size)))
    case 'forget_sessions':
      sessions.clear()
      return sendJson(response, 200, result(id, text('forgotten')))
    case 'wait':
      return response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': waiting\n\n')
    case 'hang_up':
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': so far\n\n')
      return setImmediate(() => response.destroy())
    case 'html':
      return response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>')
    case 'sorry':
      return response.writeHead(500).end('sorry')
    case 'polite_error':
      return sendJson(response, 422, error(id, -32602, 'Not like this'))
    default:
      return sendJson(response, 200, error(id, -32602, `Unknown tool: ${params.name}`))
  }
}

function progressed(params, progress) {
  const { progressToken } = params._meta
  return { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress, total: 2 } }
}
