// Streamable HTTP, legacy, without sessions, behind the authorization server whose issuer is the first argument: it asks
// that one about each token. `whoami` needs the scope mcp:read, `write` also mcp:write. `POST /test/move?issuer=URL`: it
// belongs to another one from now on. `POST /test/forget`: it takes no
// token any more that it has seen so far. `POST /test/refuse?times=N`: it refuses the next N requests whatever they carry.
import { error, initialized, listen, readJson, result, sendJson } from './raw-http.mjs'
import { text, tool } from './raw-server.mjs'

let issuer = process.argv[2]
let refusals = 0
const seen = new Set()
let forgotten = new Set()
const basic = `Basic ${Buffer.from('resource:of-the-resource').toString('base64')}`

const server = listen(handle)

async function handle(request, response) {
  const own = `http://127.0.0.1:${server.address().port}`
  const url = new URL(request.url, own)
  if (url.pathname === '/test/move') {
    issuer = url.searchParams.get('issuer')
    return response.end()
  }
  if (url.pathname === '/test/forget') {
    forgotten = new Set(seen)
    return response.end()
  }
  if (url.pathname === '/test/refuse') {
    refusals = Number(url.searchParams.get('times'))
    return response.end()
  }
  const described = `${own}/.well-known/oauth-protected-resource/mcp`
  if (request.url === new URL(described).pathname) {
    const scopes_supported = ['mcp:read']
    return sendJson(response, 200, { resource: `${own}/mcp`, authorization_servers: [issuer], scopes_supported })
  }
  if (url.pathname !== '/mcp') return response.writeHead(404).end()
  const token = await granted(request.headers.authorization, `${own}/mcp`)
  if (token === null || refusals > 0) {
    refusals = Math.max(0, refusals - 1)
    const challenge = `Bearer error="invalid_token", resource_metadata="${described}"`
    return response.writeHead(401, { 'www-authenticate': challenge }).end()
  }
  if (request.method !== 'POST') return response.writeHead(405).end()
  await answer(await readJson(request), token, response)
}

async function answer({ id, method, params }, { scope, client_id }, response) {
  if (id === undefined) return response.writeHead(202).end()
  if (method === 'initialize') return sendJson(response, 200, result(id, initialized('protected-http', params)))
  const tools = [tool('whoami', 'Says who asks'), tool('write', 'Needs more')]
  if (method === 'tools/list') return sendJson(response, 200, result(id, { tools }))
  if (method !== 'tools/call') return sendJson(response, 200, error(id, -32601, `Method not found: ${method}`))
  if (params.name === 'write' && !scope.split(' ').includes('mcp:write')) {
    const challenge = 'Bearer error="insufficient_scope", scope="mcp:read mcp:write"'
    return response.writeHead(403, { 'www-authenticate': challenge }).end()
  }
  sendJson(response, 200, result(id, text(`${client_id} may ${scope}`)))
}

/** What a token is good for (RFC 7662); null where it is none of ours. */
async function granted(authorization, resource) {
  const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1]
  if (token === undefined || forgotten.has(token)) return null
  seen.add(token)
  const headers = { authorization: basic }
  const body = new URLSearchParams({ token })
  const asked = await fetch(`${issuer}/token/introspection`, { method: 'POST', headers, body })
  const facts = await asked.json()
  return facts.active && facts.aud === resource ? facts : null
}
