import { once } from 'node:events'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { contract } from '../../shared/contract.ts'
import type { ServerId } from '../../shared/ids.ts'
import { openTestFace, type TestFace } from './test-face.ts'
import { bigText } from './test-router.ts'

let test: TestFace
beforeAll(async () => {
  test = await openTestFace()
})
afterAll(() => test[Symbol.asyncDispose]())

async function connect(headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${test.face.url.replace('http', 'ws')}/rpc`, {
    headers: { authorization: `Bearer ${test.face.token}`, ...headers },
  })
  await once(socket, 'open')
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })
  const client: ContractRouterClient<typeof contract> = createORPCClient(link)
  return {
    socket,
    client,
    async [Symbol.asyncDispose]() {
      socket.terminate()
      if (socket.readyState !== socket.CLOSED) await once(socket, 'close')
    },
  }
}

it('carries calls, and records the face that the caller names', async () => {
  await using api = await connect()
  await api.client.servers.list()
  await using terminal = await connect({ 'x-signalbox-face': 'terminal' })
  await terminal.client.servers.list()
  await using impostor = await connect({ 'x-signalbox-face': 'page' })
  await impostor.client.servers.list()
  expect(test.origins).toEqual(['api', 'terminal', 'api'])
})

it('carries errors with their code, status and hint', async () => {
  await using connection = await connect()
  await expect(connection.client.servers.get({ id: 'nobody' as ServerId })).rejects.toMatchObject({
    code: 'unknown_server',
    status: 404,
    data: { hint: 'List the servers.', id: 'nobody' },
  })
  await expect(connection.client.servers.get({ id: '' as ServerId })).rejects.toMatchObject({ code: 'invalid_input' })
})

it('waits for a reader that is slow with a stream, and goes on with others', async () => {
  await using slow = await connect()
  await using other = await connect()
  const lines = await slow.client.logs.tail({ q: 'big' })
  await lines.next()
  slow.socket.pause()
  await other.client.servers.list()
  slow.socket.resume()
  const next = await lines.next()
  expect(next.done || next.value.lines[0]?.text).toBe(bigText)
  await lines.return?.()
})

it('drops a reader that lets 64 MB lie', async () => {
  await using slow = await connect()
  slow.socket.on('error', () => {})
  const closed = once(slow.socket, 'close')
  // Many streams at once, none of them read: each waits with one line of a megabyte.
  for (let i = 0; i < 100; i++) {
    slow.client.logs.tail({ q: 'big' }).catch(() => {})
  }
  slow.socket.pause()
  await using other = await connect()
  await other.client.servers.list()
  slow.socket.resume()
  expect((await closed)[0]).toBe(1013)
})

it('closes on a frame over 8 MB', async () => {
  await using connection = await connect()
  const closed = once(connection.socket, 'close')
  connection.socket.send(Buffer.alloc(8 * 1024 * 1024 + 1))
  expect((await closed)[0]).toBe(1009)
  await using other = await connect()
  expect((await other.client.servers.list()).items).not.toEqual([])
})
