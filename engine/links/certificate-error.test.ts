import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HttpConnections } from './http-exchange.ts'
import { hasOpenssl, makeCertificate } from './test-certificate.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-tls-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Answers whatever is sent to it; nothing may be. */
async function serverWith(wish: Parameters<typeof makeCertificate>[1]): Promise<Server & AsyncDisposable> {
  const [key, cert] = (await makeCertificate(folder, wish)).map((file) => readFileSync(file))
  const requests: string[] = []
  const server = createServer({ key: key!, cert: cert! }, (request, response) => {
    requests.push(request.url!)
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(server, {
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      expect(requests).toEqual([])
    },
  })
}

const ours = 'IP:127.0.0.1'

test.skipIf(!hasOpenssl).each<[Parameters<typeof makeCertificate>[1], string[], string[]]>([
  [{ names: ours }, ['self_signed'], ['it is self-signed, so nobody vouches for it']],
  [{ names: ours, byAuthority: true }, ['unknown_authority'], ['the authority that signed it']],
  [
    { names: 'DNS:mcp.example,DNS:*.example.org' },
    ['wrong_host', 'self_signed'],
    ['it is for mcp.example, *.example.org, not for 127.0.0.1, and it is self-signed'],
  ],
  [
    { names: ours, from: '20200101000000Z', to: '20200102000000Z' },
    ['expired', 'self_signed'],
    ['it expired on 2 January 2020, and it is self-signed', 'The clock of this machine says '],
  ],
  [
    { names: ours, from: '20900101000000Z', to: '20900102000000Z' },
    ['not_yet_valid', 'self_signed'],
    ['it holds only from 1 January 2090', 'The clock of this machine says '],
  ],
])(
  'what is wrong with a certificate for $names is said in words, and nothing is sent',
  async (wish, reasons, words) => {
    await using server = await serverWith(wish)
    const { port } = server.address() as AddressInfo
    using connections = new HttpConnections(`https://127.0.0.1:${port}/mcp`)
    const init = { method: 'POST', headers: {}, body: 'secret', signal: new AbortController().signal } as const
    const error = await connections.exchange(init).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'certificate_refused', data: { reasons } })
    const { message, hint } = error as { message: string; hint: string }
    for (const text of words) expect(`${message} ${hint}`).toContain(text)
  },
)
