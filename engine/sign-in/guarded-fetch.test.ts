import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { addressProblem, guardedFetch } from './guarded-fetch.ts'

const outside = 'https://mcp.example.com/mcp'
const inside = 'http://127.0.0.1:4000/mcp'

test.each([
  ['https://auth.example.com/authorize', outside, true],
  ['https://auth.example.com/authorize', inside, true],
  ['https://93.184.215.14/', outside, true],
  ['http://auth.example.com/', outside, false],
  ['http://auth.example.com/', inside, false],
  ['http://127.0.0.1:9000/', inside, true],
  ['http://localhost:9000/', inside, true],
  ['http://[::1]:9000/', inside, true],
  ['http://127.0.0.1:9000/', outside, false],
  ['https://localhost/', outside, false],
  ['https://localhost./', outside, false],
  ['https://127.0.0.1/', outside, false],
  ['https://0x7f000001/', outside, false],
  ['https://2130706433/', outside, false],
  ['https://0.0.0.0/', outside, false],
  ['https://10.1.2.3/', outside, false],
  ['https://169.254.169.254/latest/meta-data', outside, false],
  ['https://[::1]/', outside, false],
  ['https://[::ffff:10.1.2.3]/', outside, false],
  ['https://[fd00::1]/', outside, false],
  ['https://192.168.1.2/', 'https://192.168.1.9/mcp', true],
  ['https://name:password@auth.example.com/', outside, false],
  ['javascript:alert(1)', outside, false],
  ['file:///etc/passwd', inside, false],
])('%s may be named by %s: %s', (address, server, may) => {
  expect(addressProblem(new URL(address), new URL(server)) === null).toBe(may)
})

async function listening(handle: RequestListener) {
  const server = createServer(handle).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    url,
    [Symbol.dispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const life = new AbortController().signal

test('a redirect is handed over, not followed', async () => {
  using server = await listening((_request, response) => response.writeHead(302, { location: '/elsewhere' }).end())
  const response = await guardedFetch(new URL(server.url), life)(server.url)
  expect([response.status, response.headers.get('location')]).toEqual([302, '/elsewhere'])
})

test('an answer without end is cut off, and one that does not come is told', async () => {
  using server = await listening((_request, response) => {
    const more = (): void => {
      while (response.write('x'.repeat(65_536)));
      response.once('drain', more)
    }
    more()
  })
  const fetched = guardedFetch(new URL(server.url), life)
  const tooMuch = { message: 'it answered with more than 1 MB' }
  await expect(fetched(server.url)).rejects.toMatchObject({ code: 'sign_in_unreachable', cause: tooMuch })
  await expect(fetched('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'sign_in_unreachable' })
  await expect(fetched('http://example.com/')).rejects.toMatchObject({ code: 'sign_in_untrusted' })
})
