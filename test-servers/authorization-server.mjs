// A real authorization server (oidc-provider) with its own forms for signing in, where any name and password do. The first
// argument is JSON: `ttl`, seconds that an access token lives. `GET /test/requests` lists what came to its token endpoint,
// `GET /test/tokens` every token that it gave out.
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const { ttl = 3600 } = JSON.parse(process.argv[2] ?? '{}')
const requests = []
const tokens = []

const server = createServer()
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const issuer = `http://127.0.0.1:${server.address().port}`

// It writes notices about its defaults, which are meant for whoever runs it in earnest.
for (const stream of ['log', 'info', 'warn']) console[stream] = () => {}
const provider = new Provider(issuer, {
  clients: [
    { client_id: 'resource', client_secret: 'of-the-resource', redirect_uris: [], response_types: [], grant_types: [] },
    {
      client_id: 'by-hand',
      client_secret: 'given-by-hand',
      application_type: 'native',
      redirect_uris: ['http://127.0.0.1/oauth/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
    },
  ],
  features: {
    devInteractions: { enabled: true },
    registration: { enabled: true },
    revocation: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, resource) => ({
        scope: 'mcp:read mcp:write',
        audience: resource,
        accessTokenTTL: ttl,
        accessTokenFormat: 'opaque',
      }),
    },
  },
  ttl: { AccessToken: ttl },
})
provider.on('grant.success', ({ body }) => {
  tokens.push(...[body.access_token, body.refresh_token].filter((token) => token !== undefined))
})
provider.use(async (context, next) => {
  await next()
  if (context.oidc?.route === 'token') requests.push(context.oidc.params?.grant_type)
})

const handle = provider.callback()
server.on('request', (request, response) => {
  if (request.url === '/test/requests') response.end(JSON.stringify(requests))
  else if (request.url === '/test/tokens') response.end(JSON.stringify(tokens))
  else handle(request, response)
})
process.stdout.write(`listening ${issuer}\n`)
process.stdin.resume().on('end', () => process.exit(0))
