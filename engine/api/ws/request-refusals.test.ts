import { expect, test } from 'vitest'
import type { ServerId } from '../../../shared/ids.ts'
import { openTestGateway, ownServer } from '../../gateway/test-gateway.ts'
import { TestSocket } from './test-socket.ts'

const slow = { agent: 'echo' as ServerId, action: 'slow', parameters: { steps: 6_000, step_ms: 100 } }

test('a topic is followed once, and an id names one open request until that is answered', async () => {
  await using gateway = await openTestGateway({ echo: { command: 'node', args: [ownServer('echo')] } })
  await using socket = await TestSocket.open(gateway.url, gateway.ownerToken)
  await socket.follow('tasks')
  socket.send({ type: 'subscribe', topic: 'tasks' })
  expect(await socket.next('error')).toMatchObject({ code: 'already_subscribed', topic: 'tasks' })

  socket.send({ type: 'stream_request', id: 'one', payload: slow })
  const { task_id } = await socket.next('stream_chunk')
  socket.send({ type: 'agent_request', id: 'one', payload: slow })
  expect(await socket.next('error')).toMatchObject({ code: 'request_open', id: 'one' })
  socket.send({ type: 'cancel', id: 'one' })
  expect(await socket.next('stream_end')).toMatchObject({ id: 'one', task_id, status: 'cancelled' })
  socket.send({ type: 'cancel', id: 'one' })
  expect(await socket.next('error')).toMatchObject({ code: 'unknown_request', id: 'one' })
  socket.send({ type: 'agent_request', id: 'one', payload: { ...slow, parameters: { steps: 1, step_ms: 1 } } })
  expect(await socket.next('agent_response')).toMatchObject({ id: 'one', status: 'completed' })
})
