// Streamable HTTP of 2026-07-28 alone, by hand: checks the envelope and its headers; `wait` notes a closed stream as its cancellation.
// `--bad-headers` adds tools whose arguments cannot stand in the headers that they want; `--subscription silent|stray|flood`
// acknowledges none, tells under another id, or says without end that its tools changed.
import { error, event, listen, readJson, result, sendJson } from './raw-http.mjs'
import { text, tool } from './raw-server.mjs'

const version = '2026-07-28'
const key = (name) => `io.modelcontextprotocol/${name}`
const subscriptions = new Set()
const badSubscription = process.argv[process.argv.indexOf('--subscription') + 1]
let cancelled = 0

const tools = [
  tool('echo', 'Answers with its text'),
  tool('wait', 'Never answers; a closed stream cancels it'),
  tool('cancelled', 'Answers with the number of cancelled calls'),
  tool('announce', 'Says that the list of tools changed; answers with the number of open subscriptions'),
  tool('grow', 'Adds a tool to the list, and says so'),
  tool('region', 'Wants its argument in a header too', { place: { type: 'string', 'x-mcp-header': 'Region' } }),
  tool('levelled', 'Wants a number in a header', { level: { type: 'integer', 'x-mcp-header': 'Level' } }),
]
const mirrored = (header, type = 'string') => ({ type, 'x-mcp-header': header })
if (process.argv.includes('--bad-headers')) {
  tools.push(
    tool('injects', 'Its header holds a line end', { place: mirrored('Region\r\nX-Admin: yes') }),
    tool('twice', 'Two of its arguments want one header', { a: mirrored('Region'), b: mirrored('region') }),
    tool('whole', 'An object wants a header', { place: mirrored('Region', 'object') }),
  )
}

listen(async (request, response) => {
  if (request.method !== 'POST') return response.writeHead(405).end()
  const message = await readJson(request)
  const problem = refusal(message, request.headers)
  if (problem !== null) return sendJson(response, 400, { jsonrpc: '2.0', id: message.id ?? null, error: problem })
  answer(message, response)
})

function refusal({ method, params = {} }, headers) {
  const meta = params._meta ?? {}
  if (meta[key('protocolVersion')] !== version) {
    return { code: -32022, message: 'Unsupported protocol version', data: { supported: [version] } }
  }
  if (params.name === 'region' && decode(headers['mcp-param-region']) !== params.arguments.place) {
    return { code: -32020, message: 'Header mismatch' }
  }
  const name = decode(headers['mcp-name'])
  const isMatching =
    headers['mcp-protocol-version'] === version && headers['mcp-method'] === method && name === params.name
  return isMatching ? null : { code: -32020, message: 'Header mismatch' }
}

function decode(header) {
  return header?.replace(/^=\?base64\?(.*)\?=$/, (_, text) => Buffer.from(text, 'base64').toString())
}

function answer({ id, method, params }, response) {
  const complete = (value) => sendJson(response, 200, result(id, { resultType: 'complete', ...value }))
  if (method === 'server/discover') {
    return complete({
      supportedVersions: [version],
      capabilities: { tools: { listChanged: true } },
      ttlMs: 0,
      cacheScope: 'private',
    })
  }
  if (method === 'tools/list') return complete({ tools, ttlMs: 1000, cacheScope: 'private' })
  if (method === 'subscriptions/listen') return subscribe(id, params, response)
  if (method !== 'tools/call') return sendJson(response, 404, error(id, -32601, `Method not found: ${method}`))
  if (params.name === 'wait') {
    response.on('close', () => cancelled++)
    return response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': waiting\n\n')
  }
  if (params.name === 'grow') tools.push(tool(`grown-${tools.length}`, 'Was not there before'))
  if (params.name === 'announce' || params.name === 'grow') {
    for (const send of subscriptions) send('notifications/tools/list_changed', {})
    return complete(text(subscriptions.size))
  }
  return complete(text(params.name === 'cancelled' ? cancelled : (params.arguments.text ?? 'done')))
}

function subscribe(id, { notifications }, response) {
  const send = (method, params) => {
    const subscriptionId = badSubscription === 'stray' ? `not-${id}` : id
    const _meta = { [key('subscriptionId')]: subscriptionId }
    response.write(event({ jsonrpc: '2.0', method, params: { ...params, _meta } }))
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
  subscriptions.add(send)
  const flood = badSubscription === 'flood' ? setInterval(pour, 1) : undefined
  response.on('close', () => {
    subscriptions.delete(send)
    clearInterval(flood)
  })
  if (badSubscription !== 'silent') send('notifications/subscriptions/acknowledged', { notifications })

  function pour() {
    for (let said = 0; said < 100; said++) send('notifications/tools/list_changed', {})
  }
}
