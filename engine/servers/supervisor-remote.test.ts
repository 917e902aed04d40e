import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { TestChild } from '../links/test-child.ts'
import { remoteSpec, TestSupervisor } from './test-supervisor.ts'

const id = 'remote' as ServerId

test('takes a remote server to ready without a spawn, and leaves it running when stopped', async () => {
  await using child = TestChild.own('http-echo.mjs')
  const url = await child.url()
  await using app = await TestSupervisor.open([remoteSpec('remote', `${url}/mcp`)])
  const ready = await app.start('remote')
  expect(ready).toMatchObject({ state: 'ready', transport: 'http', pid: null, run_id: null, era: 'legacy', tools: 10 })
  expect(ready.start!.steps.map(({ step, status }) => `${step} ${status}`)).toEqual([
    'resolve done',
    'spawn skipped',
    'first_byte done',
    'handshake done',
    'list done',
  ])
  expect(await app.stop('remote')).toMatchObject({ state: 'stopped' })
  expect(await app.start('remote')).toMatchObject({ state: 'ready' })
})

test('speaks the older transport where that is what answers', async () => {
  await using child = TestChild.own('sse-echo.mjs')
  await using app = await TestSupervisor.open([remoteSpec('remote', `${await child.url()}/sse`)])
  expect(await app.start('remote')).toMatchObject({ state: 'ready', transport: 'sse' })
})

test('needs a person where the server asks for a sign-in', async () => {
  await using child = TestChild.own('http-refuses.mjs')
  await using app = await TestSupervisor.open([remoteSpec('remote', `${await child.url()}/401`)])
  expect(await app.start('remote')).toMatchObject({
    state: 'needs_sign_in',
    detail: { failure: { hint: expect.any(String) } },
    start: { steps: [{}, { status: 'skipped' }, {}, {}, {}] },
  })
  expect(app.states('remote')).toEqual(['stopped', 'starting', 'needs_sign_in'])
})

test('keeps trying an address where nothing answers', async () => {
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as AddressInfo
  closed.close()
  await once(closed, 'close')
  await using app = await TestSupervisor.open([remoteSpec('remote', `http://127.0.0.1:${port}/mcp`)])
  app.supervisor.start(id)
  await app.until(() => app.server('remote').restarts > 5)
  expect(app.server('remote').last_error).toMatchObject({ code: 'unreachable' })
  expect(app.states('remote')).not.toContain('crash_looping')
  expect(await app.stop('remote')).toMatchObject({ state: 'stopped' })
})

test('fails at an address that is none', async () => {
  await using app = await TestSupervisor.open([remoteSpec('remote', 'ftp://example.com')])
  expect(await app.start('remote')).toMatchObject({ state: 'failed', detail: { failure: { code: 'invalid_url' } } })
})
