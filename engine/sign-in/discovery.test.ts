import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { findSignIn } from './discovery.ts'
import { guardedFetch } from './guarded-fetch.ts'

type Documents = (own: string) => Record<string, unknown>

/** A server that answers some paths with documents, and is its own authorization server. */
async function described(documents: Documents) {
  const server = createServer((request, response) => {
    const found = documents(own)[request.url!]
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(found ?? {}))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    own,
    [Symbol.dispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const resource = '/.well-known/oauth-protected-resource/mcp'
const authorization = '/.well-known/oauth-authorization-server'
const metadata = (own: string, more: object = {}) => ({
  issuer: own,
  authorization_endpoint: `${own}/authorize`,
  token_endpoint: `${own}/token`,
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
  ...more,
})
const nothingSaid = { metadataUrl: null, scope: null }

async function find(own: string, preferred: string | null = null) {
  const url = new URL(`${own}/mcp`)
  return findSignIn(url, nothingSaid, preferred, guardedFetch(url, new AbortController().signal))
}

test('a server that describes itself says where, for what and with which scopes', async () => {
  using server = await described((own) => ({
    [resource]: { resource: `${own}/mcp`, authorization_servers: [own], scopes_supported: ['a', 'b'] },
    [authorization]: metadata(own),
  }))
  const { own } = server
  expect(await find(own)).toMatchObject({ resource: `${own}/mcp`, issuer: own, scopes: 'a b' })
})

test('an older server is its own authorization server', async () => {
  using server = await described((own) => ({ [authorization]: metadata(own) }))
  const { own } = server
  expect(await find(own)).toMatchObject({ resource: `${own}/mcp`, issuer: own, scopes: null })
})

test.each<[string, Documents, string]>([
  ['nothing at all', () => ({}), 'sign_in_unsupported'],
  [
    'another resource',
    (own) => ({ [resource]: { resource: 'https://other.example/mcp', authorization_servers: [own] } }),
    'sign_in_untrusted',
  ],
  [
    'an address that is not https',
    (own) => ({ [resource]: { resource: `${own}/mcp`, authorization_servers: ['http://auth.example'] } }),
    'sign_in_untrusted',
  ],
  [
    'no PKCE',
    (own) => ({ [authorization]: metadata(own, { code_challenge_methods_supported: undefined }) }),
    'sign_in_unsupported',
  ],
  [
    'plain PKCE',
    (own) => ({ [authorization]: metadata(own, { code_challenge_methods_supported: ['plain'] }) }),
    'sign_in_unsupported',
  ],
  [
    'another issuer',
    (own) => ({ [authorization]: metadata(own, { issuer: 'https://auth.example' }) }),
    'sign_in_untrusted',
  ],
  [
    'a page that is not https',
    (own) => ({ [authorization]: metadata(own, { authorization_endpoint: 'http://auth.example/' }) }),
    'sign_in_untrusted',
  ],
])('a server that says %s is not signed in to', async (_what, documents, code) => {
  using server = await described(documents)
  await expect(find(server.own)).rejects.toMatchObject({ code })
})

test('the issuer that somebody has signed in to is kept while the server names it', async () => {
  using other = await described((own) => ({ [authorization]: metadata(own) }))
  using server = await described((own) => ({
    [resource]: { resource: `${own}/mcp`, authorization_servers: [own, other.own] },
    [authorization]: metadata(own),
  }))
  expect((await find(server.own)).issuer).toBe(server.own)
  expect((await find(server.own, other.own)).issuer).toBe(other.own)
  expect((await find(server.own, 'https://gone.example')).issuer).toBe(server.own)
})
