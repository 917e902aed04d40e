import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { isOpenToOthers, listeningSockets, parseListening, placeOf, socketInodes } from './listening-sockets.ts'

const v4 = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0 0 10 0
   2: 0100007F:0BB9 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0
   3: 0501A8C0:0BBA 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4714 1 0 100 0 0 10 0
`
const v6 = `  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:0BBB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4715 1
   1: 00000000000000000000000001000000:0BBC 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4716 1
   2: 0000000000000000FFFF00000100007F:0BBD 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4717 1
`

it('reads who listens where from the tables of the kernel, and who of them can be reached by others', () => {
  const sockets = [...parseListening(v4), ...parseListening(v6)]
  expect(sockets.map((socket) => [placeOf(socket), socket.inode, isOpenToOthers(socket)])).toEqual([
    ['0.0.0.0:3000', '4711', true],
    ['127.0.0.1:3001', '4712', false],
    ['192.168.1.5:3002', '4714', true],
    ['[::]:3003', '4715', true],
    ['[::1]:3004', '4716', false],
    ['[::ffff:127.0.0.1]:3005', '4717', false],
  ])
})

it.runIf(process.platform === 'linux')('finds a socket of this very process by what it has open', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const found = await listeningSockets('linux')
  const own = found.kind === 'looked' ? found.sockets.find((socket) => socket.port === port) : undefined
  expect(own?.address).toBe('127.0.0.1')
  expect(await socketInodes(process.pid)).toContain(own?.inode)
  server.close()
  await once(server, 'close')
})

it('says why nothing can be told on other systems', async () => {
  expect(await listeningSockets('darwin')).toEqual({ kind: 'not_run', reason: expect.stringContaining('Linux') })
})
