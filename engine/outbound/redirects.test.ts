import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { OutboundClient } from './outbound-client.ts'

test('a redirect that leads round and round is given up, after five of them', async () => {
  let asked = 0
  const server = createServer((_request, response) => {
    asked += 1
    response.writeHead(307, { location: `/round/${asked}` }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = new OutboundClient({ allowed: () => [host] })
  const decisions: string[] = []
  const sent = client.send({
    service: 'http',
    method: 'GET',
    url: `http://${host}/`,
    signal: new AbortController().signal,
    onDecision: ({ decision }) => decisions.push(decision),
  })
  await expect(sent).rejects.toMatchObject({ code: 'too_many_redirects', status: 502 })
  expect([asked, decisions.at(-1)]).toEqual([6, 'refused'])
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})
