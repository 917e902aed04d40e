import { stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openTestFace, type TestFace } from './test-face.ts'

let test: TestFace
let own: string
let bearer: string
beforeAll(async () => {
  test = await openTestFace()
  own = `Host: 127.0.0.1:${test.face.port}\r\n`
  bearer = `Authorization: Bearer ${test.face.token}\r\n`
})
afterAll(() => test[Symbol.asyncDispose]())

const end = 'Connection: close\r\n\r\n'
const upgrade = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '\r\n',
].join('\r\n')

async function answerTo(head: string): Promise<string> {
  return (await test.raw(head)).split(' ')[1]!
}

/** The first line of the answer to an upgrade; the socket is ended then, for an accepted one would stay. */
async function upgradeAnswer(headers: string, path = '/rpc'): Promise<string> {
  const socket = connect(test.face.port, '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.1\r\n${headers}${upgrade}`)
  const [chunk] = await new Promise<[Buffer]>((resolve) => socket.once('data', (data) => resolve([data])))
  socket.destroy()
  return chunk.toString().split(' ')[1]!
}

describe('the guard admits', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])('the Host %s', async (name) => {
    const host = `Host: ${name}:${test.face.port}\r\n`
    expect(await answerTo(`GET /api/v1/servers HTTP/1.1\r\n${host}${bearer}${end}`)).toBe('200')
  })

  it('our own origin, and a page that navigates by itself', async () => {
    const origin = `Origin: ${test.face.url}\r\nSec-Fetch-Site: same-origin\r\n`
    expect(await answerTo(`GET /api/v1/servers HTTP/1.1\r\n${own}${bearer}${origin}${end}`)).toBe('200')
    expect(await upgradeAnswer(`${own}${bearer}${origin}`)).toBe('101')
    expect(await answerTo(`GET /healthz HTTP/1.1\r\n${own}Sec-Fetch-Site: none\r\n${end}`)).toBe('200')
  })

  it('a browser that another site leads back from a sign-in, and nothing else of another site', async () => {
    const led = 'Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n'
    const answer = async (path: string, headers: string) =>
      (await test.raw(`GET ${path} HTTP/1.1\r\n${own}${headers}${end}`)).includes('No sign-in waits for this')
    expect(await answer('/oauth/callback?state=x', led)).toBe(true)
    expect(await answer('/oauth/callback?state=x', led.replace('navigate', 'no-cors'))).toBe(false)
    expect(await answer('/oauth/callback?state=x', led.replace('document', 'iframe'))).toBe(false)
    expect(await answer('/oauth/callback?state=x', `${led}Origin: https://auth.example\r\n`)).toBe(false)
    expect(await answerTo(`GET /oauth/callback/x HTTP/1.1\r\n${own}${led}${end}`)).toBe('403')
    expect(await answerTo(`GET /api/v1/servers HTTP/1.1\r\n${own}${bearer}${led}${end}`)).toBe('403')
    expect(await answerTo(`POST /oauth/callback HTTP/1.1\r\n${own}Content-Length: 0\r\n${end}`)).toBe('401')
  })

  it('anybody to /healthz, who learns nothing more', async () => {
    const response = await fetch(`${test.face.url}/healthz`)
    expect([response.status, await response.text()]).toEqual([200, ''])
  })
})

describe('the guard refuses', () => {
  it.each<[string, () => string, string]>([
    ['no token', () => `GET /api/v1/servers HTTP/1.1\r\n${own}`, '401'],
    ['an empty token', () => `GET /api/v1/servers HTTP/1.1\r\n${own}Authorization: Bearer \r\n`, '401'],
    ['a wrong token', () => `GET /api/v1/servers HTTP/1.1\r\n${own}Authorization: Bearer ${'x'.repeat(43)}\r\n`, '401'],
    ['a longer token', () => `GET /api/v1/servers HTTP/1.1\r\n${own}${bearer.trim()}x\r\n`, '401'],
    [
      'two tokens',
      () => `GET /api/v1/servers HTTP/1.1\r\n${own}${bearer}${bearer.replace('Bearer ', 'Bearer x')}`,
      '401',
    ],
    ['another scheme', () => `GET /api/v1/servers HTTP/1.1\r\n${own}${bearer.replace('Bearer', 'Basic')}`, '401'],
    ['a token in the query', () => `GET /api/v1/servers?token=${test.face.token} HTTP/1.1\r\n${own}`, '401'],
    [
      'access_token in the query',
      () => `GET /api/v1/servers?access_token=${test.face.token} HTTP/1.1\r\n${own}`,
      '401',
    ],
    [
      'a made-up session',
      () => `GET /api/v1/servers HTTP/1.1\r\n${own}Cookie: signalbox_${test.face.port}=abc\r\n`,
      '401',
    ],
    [
      'the token as a session',
      () => `GET /api/v1/servers HTTP/1.1\r\n${own}Cookie: signalbox_${test.face.port}=${test.face.token}\r\n`,
      '401',
    ],
    ['the OpenAPI document without a token', () => `GET /api/v1/openapi.json HTTP/1.1\r\n${own}`, '401'],
    ['POST to an open route', () => `POST /healthz HTTP/1.1\r\n${own}`, '401'],
    ['a look-alike of an open route', () => `GET /healthz/ HTTP/1.1\r\n${own}`, '401'],
    ['a way around an open route', () => `GET /assets/../api/v1/servers HTTP/1.1\r\n${own}`, '401'],
    ['an encoded way around', () => `GET /open/%2e%2e/api/v1/servers HTTP/1.1\r\n${own}`, '401'],
    ['a way around with backslashes', () => `GET /assets\\..\\api\\v1\\servers HTTP/1.1\r\n${own}`, '401'],
    ['a foreign Host', () => `GET /api/v1/servers HTTP/1.1\r\nHost: evil.example\r\n${bearer}`, '403'],
    ['a foreign Host on an open route', () => 'GET /healthz HTTP/1.1\r\nHost: evil.example\r\n', '403'],
    ['a Host with a dot at its end', () => `GET /healthz HTTP/1.1\r\nHost: localhost.:${test.face.port}\r\n`, '403'],
    ['a Host without our port', () => 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n', '403'],
    ['two Hosts', () => `GET /healthz HTTP/1.1\r\n${own}Host: evil.example\r\n`, '403'],
    ['the same Host twice', () => `GET /healthz HTTP/1.1\r\n${own}${own}`, '403'],
    ['HTTP/1.1 without Host', () => 'GET /healthz HTTP/1.1\r\n', '400'],
    ['HTTP/1.0 without Host', () => 'GET /healthz HTTP/1.0\r\n', '403'],
    ['an absolute-form target', () => `GET http://evil.example/healthz HTTP/1.1\r\n${own}`, '400'],
    ['our own address as an absolute-form target', () => `GET ${test.face.url}/healthz HTTP/1.1\r\n${own}`, '400'],
    ['an asterisk target', () => `OPTIONS * HTTP/1.1\r\n${own}${bearer}`, '400'],
    ['a foreign Origin', () => `GET /api/v1/servers HTTP/1.1\r\n${own}${bearer}Origin: http://evil.example\r\n`, '403'],
    [
      'the Origin of another port',
      () => `GET /api/v1/servers HTTP/1.1\r\n${own}${bearer}Origin: http://127.0.0.1:1\r\n`,
      '403',
    ],
    [
      'our Origin by https',
      () => `GET /api/v1/servers HTTP/1.1\r\n${own}${bearer}Origin: https://127.0.0.1:${test.face.port}\r\n`,
      '403',
    ],
    [
      'a look-alike Origin',
      () => `GET /api/v1/servers HTTP/1.1\r\n${own}${bearer}Origin: ${test.face.url}.evil.example\r\n`,
      '403',
    ],
    ['the Origin null', () => `GET /api/v1/servers HTTP/1.1\r\n${own}${bearer}Origin: null\r\n`, '403'],
    [
      'our Origin and another',
      () => `GET /api/v1/servers HTTP/1.1\r\n${own}${bearer}Origin: ${test.face.url}\r\nOrigin: null\r\n`,
      '403',
    ],
    ['a cross-site fetch', () => `GET /healthz HTTP/1.1\r\n${own}Sec-Fetch-Site: cross-site\r\n`, '403'],
    ['a same-site fetch', () => `GET /healthz HTTP/1.1\r\n${own}Sec-Fetch-Site: same-site\r\n`, '403'],
    ['headers over 16 KB', () => `GET /healthz HTTP/1.1\r\n${own}X-Long: ${'x'.repeat(17_000)}\r\n`, '431'],
  ])('%s', async (_name, head, status) => {
    expect(await answerTo(`${head()}${end}`)).toBe(status)
  })

  it('a WebSocket without a token, with a foreign Origin or Host, or elsewhere', async () => {
    expect(await upgradeAnswer(`${own}${bearer}`)).toBe('101')
    expect(await upgradeAnswer(own)).toBe('401')
    expect(await upgradeAnswer(own, `/rpc?token=${test.face.token}`)).toBe('401')
    expect(await upgradeAnswer(own, '/healthz')).toBe('400')
    expect(await upgradeAnswer(`${own}${bearer}`, '/other')).toBe('400')
    expect(await upgradeAnswer(`${own}${bearer}Origin: http://evil.example\r\n`)).toBe('403')
    expect(await upgradeAnswer(`${own}${bearer}Origin: null\r\n`)).toBe('403')
    expect(await upgradeAnswer(`Host: evil.example\r\n${bearer}`)).toBe('403')
    expect(await upgradeAnswer(`${own}${bearer}Sec-Fetch-Site: cross-site\r\n`)).toBe('403')
  })

  it('in words that a program understands', async () => {
    const response = await fetch(`${test.face.url}/api/v1/servers`)
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="signalbox"')
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 401, code: 'unauthorized', hint: expect.any(String) })
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('the owner token', () => {
  it('is 256 bits in a file of its owner only, and stays', async () => {
    expect(test.face.token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect((await stat(join(test.home, 'token'))).mode & 0o777).toBe(0o600)
  })

  it('opens a WebSocket that answers the origin of its face', async () => {
    const socket = new WebSocket(`${test.face.url.replace('http', 'ws')}/rpc`, {
      headers: { authorization: `Bearer ${test.face.token}` },
    })
    await new Promise((resolve) => socket.once('open', resolve))
    socket.close()
    await new Promise((resolve) => socket.once('close', resolve))
  })
})
