// The old HTTP+SSE transport: a stream at /sse that names where to post; any other POST is refused with 405.
import { error, event, initialized, listen, newSession, readJson, result } from './raw-http.mjs'
import { text, tool } from './raw-server.mjs'

const streams = new Map()

listen(async (request, response) => {
  const url = new URL(request.url, 'http://localhost')
  if (request.method === 'GET' && url.pathname === '/sse') return openStream(response)
  const stream = streams.get(url.searchParams.get('session'))
  if (request.method !== 'POST' || url.pathname !== '/messages' || stream === undefined) {
    return response.writeHead(405).end()
  }
  const message = await readJson(request)
  response.writeHead(202).end('Accepted')
  if (message.id !== undefined) stream.write(event(answer(message)))
  if (message.params?.name === 'end') stream.end()
})

function openStream(response) {
  const session = newSession()
  streams.set(session, response)
  response.on('close', () => streams.delete(session))
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(`event: endpoint\ndata: /messages?session=${session}\n\n`)
}

function answer({ id, method, params }) {
  if (method === 'initialize') return result(id, initialized('sse-echo', params))
  if (method === 'tools/list') return result(id, { tools: [tool('echo', 'Answers'), tool('end', 'Ends the stream')] })
  if (method === 'tools/call') return result(id, text(params.arguments.text))
  return error(id, -32601, `Method not found: ${method}`)
}
