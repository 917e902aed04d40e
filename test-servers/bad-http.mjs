// Streamable HTTP, legacy, without sessions, that goes wrong below the protocol. The first argument says how it starts:
// `tools` (well, and each tool then says how its call goes), `slow`, `redirect URL`, `forbidden`, `busy`, `html`,
// `gzip`. It notes requests, headers and closed sockets in the file `http` of FAULT_FOLDER. `--tls KEY CERT`: HTTPS.
import { appendFileSync, readFileSync } from 'node:fs'
import { createServer as createTls } from 'node:https'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { error, event, initialized, listen, readJson, result, sendJson } from './raw-http.mjs'
import { text, tool } from './raw-server.mjs'

const [how, target] = process.argv.slice(2)
const folder = process.env.FAULT_FOLDER
const note = (line) => folder !== undefined && appendFileSync(join(folder, 'http'), `${line}\n`)
const stream = { 'content-type': 'text/event-stream' }
let calls = 0

const answers = {
  calls: (id, response) => sendJson(response, 200, result(id, text(calls))),
  no_headers() {},
  dribble(_id, response) {
    response.writeHead(200, { 'content-type': 'application/json' })
    const timer = setInterval(() => response.write(' '), 50)
    response.on('close', () => clearInterval(timer))
  },
  silent_stream: (_id, response) => response.writeHead(200, stream).write(': open\n\n'),
  sse_huge(id, response) {
    const message = event(result(id, text('x'.repeat(30_000_000))))
    response.writeHead(200, stream).end(message)
  },
  sse_bad_data: (_id, response) => response.writeHead(200, stream).end('data: {"jsonrpc":"2.0","id":\n\n'),
  sse_returns: (id, response) =>
    response.writeHead(200, stream).end(event(result(id, text('by returns alone'))).replaceAll('\n', '\r')),
  sse_unended: (id, response) => response.writeHead(200, stream).end(event(result(id, text('x'))).trimEnd()),
  too_many: (_id, response) => response.writeHead(429, { 'retry-after': '30' }).end('slow down'),
  gzip_bomb(_id, response) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    response.end(gzipSync(Buffer.alloc(50_000_000, ' ')))
  },
  reset(_id, response) {
    response.writeHead(200, stream).write(event({ jsonrpc: '2.0', method: 'notifications/message', params: {} }))
    setTimeout(() => response.socket.resetAndDestroy(), 50)
  },
}

const starts = {
  slow: () => {},
  redirect: (response) => response.writeHead(302, { location: target }).end(),
  forbidden: (response) =>
    response.writeHead(403, { 'www-authenticate': 'Bearer error="insufficient_scope", scope="files:write"' }).end('no'),
  busy: (response) => response.writeHead(503, { 'retry-after': '30' }).end('busy'),
  html: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>'),
}

async function handle(request, response) {
  note(`${request.method} ${request.headers.authorization ?? '-'}`)
  response.on('close', () => note('closed'))
  if (how !== 'tools') return starts[how](response)
  if (request.method !== 'POST') return response.writeHead(405).end()
  const { id, method, params } = await readJson(request)
  if (id === undefined) return response.writeHead(202).end()
  if (method === 'initialize') return sendJson(response, 200, result(id, initialized('bad-http', params)))
  const tools = Object.keys(answers).map((name) => tool(name, `Answers: ${name}`))
  if (method === 'tools/list') return sendJson(response, 200, result(id, { tools }))
  if (method !== 'tools/call') return sendJson(response, 200, error(id, -32601, `Method not found: ${method}`))
  calls++
  answers[params.name](id, response)
}

const tls = process.argv.indexOf('--tls')
if (tls === -1) listen(handle)
else {
  const [key, cert] = process.argv.slice(tls + 1, tls + 3).map((file) => readFileSync(file))
  const server = createTls({ key, cert }, handle)
  server.listen(0, '127.0.0.1', () => console.log(`listening https://127.0.0.1:${server.address().port}`))
  process.stdin.resume().on('end', () => process.exit(0))
}
