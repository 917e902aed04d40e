import { createHmac } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test, vi } from 'vitest'
import type { DomainEvent } from '../../shared/domain-event.ts'
import { openProgram, type Program } from '../api/open-program.ts'
import type { Host } from '../host.ts'
import { keyFileVault } from '../secrets/key-file-sealer.ts'
import { temporaryHost } from '../test-host.ts'
import { issuesPayload } from './github-samples.ts'

async function hostWithVault(): Promise<Host & AsyncDisposable> {
  const host = await temporaryHost()
  return { ...host, vault: keyFileVault(host.home) }
}

async function open(host: Host): Promise<Program> {
  const opened = await openProgram({ host, port: 0, pageDir: null })
  if (opened.kind === 'held') throw new Error('the home is held')
  return opened.program
}

const apiOf = ({ engine }: Program) => createRouterClient(engine.router, { context: { origin: 'api' } })

/** Sends as GitHub does; the id of the delivery is new each time unless told. */
async function send(
  program: Program,
  secret: string,
  payload: unknown,
  { id = crypto.randomUUID() as string, event = 'issues', path = '/webhooks/github', headers = {} } = {},
) {
  const body = JSON.stringify(payload)
  const response = await fetch(`${program.face.url}${path}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      ...headers,
    },
  })
  return {
    status: response.status,
    body: (await response.json()) as { delivery: string; status: string; code: string },
  }
}

test('a signed delivery is answered, told once on the bus, and told again when a person asks', async () => {
  await using host = await hostWithVault()
  await using program = await open(host)
  const api = apiOf(program)
  const heard: DomainEvent[] = []
  using _listening = program.engine.bus.subscribe('all', (event) => void heard.push(event))
  const { secret, source } = await api.webhooks.createSource({ name: 'octo' })
  expect(source).toMatchObject({ path: '/webhooks/github', problem: null, secrets: [{ hint: secret.slice(-4) }] })

  const first = await send(program, secret, issuesPayload('opened'), { id: 'one' })
  expect(first).toMatchObject({ status: 202, body: { status: 'accepted' } })
  expect(await send(program, secret, issuesPayload('opened'), { id: 'one' })).toMatchObject({
    status: 200,
    body: { status: 'duplicate' },
  })
  expect(await send(program, secret, issuesPayload('opened'), { id: 'two' })).toMatchObject({
    status: 200,
    body: { status: 'replayed' },
  })
  expect(await send(program, 'guessed', issuesPayload('closed'))).toMatchObject({
    status: 401,
    body: { code: 'bad_signature' },
  })
  await vi.waitUntil(() => heard.length === 1)
  expect(heard[0]).toMatchObject({
    id: first.body.delivery,
    name: 'github.issue.created',
    payload: { delivery_id: 'one' },
  })

  const again = await api.webhooks.redeliver({ id: first.body.delivery })
  await vi.waitUntil(() => heard.length === 2)
  expect(heard[1]).toMatchObject({ id: again.id, payload: heard[0]!.payload })
  const [refused] = (await api.webhooks.deliveries({ verdict: ['bad_signature'] })).items
  await expect(api.webhooks.redeliver({ id: refused!.id })).rejects.toMatchObject({ code: 'nothing_to_redeliver' })

  await vi.waitUntil(async () => (await api.webhooks.delivery({ id: again.id })).handled_at !== null)
  const { items } = await api.webhooks.deliveries({})
  expect(items.map(({ verdict, redelivery_of }) => [verdict, redelivery_of !== null])).toEqual([
    ['accepted', true],
    ['bad_signature', false],
    ['replayed', false],
    ['duplicate', false],
    ['accepted', false],
  ])
  expect((await api.app.snapshot()).deliveries).toEqual(items)
})

test('what came later about a thing makes what came before it late', async () => {
  await using host = await hostWithVault()
  await using program = await open(host)
  const { secret } = await apiOf(program).webhooks.createSource({ name: 'octo' })
  const heard: DomainEvent[] = []
  using _listening = program.engine.bus.subscribe(['github.issue.updated'], (event) => void heard.push(event))
  await send(program, secret, issuesPayload('closed', { updatedAt: '2026-11-22T14:00:05Z' }))
  await send(program, secret, issuesPayload('labeled', { updatedAt: '2026-11-22T14:00:04Z' }))
  await send(program, secret, issuesPayload('labeled', { updatedAt: '2026-11-22T14:00:04Z', number: 99 }))
  await vi.waitUntil(() => heard.length === 3)
  expect(heard.map(({ payload }) => 'is_late' in payload && payload.is_late)).toEqual([false, true, false])
})

test('a delivery that nobody could handle is handed on in the next life, and then no more', async () => {
  await using host = await hostWithVault()
  let id = ''
  {
    await using program = await open(host)
    const { secret } = await apiOf(program).webhooks.createSource({ name: 'octo' })
    using _stuck = program.engine.bus.subscribe('all', () => new Promise(() => {}))
    id = (await send(program, secret, issuesPayload('opened'))).body.delivery
  }
  {
    await using program = await open(host)
    await vi.waitUntil(async () => (await apiOf(program).webhooks.delivery({ id })).handled_at !== null)
  }
})

test('a secret is replaced without a gap, lies in no file as it is, and is told once', async () => {
  await using host = await hostWithVault()
  let secrets: string[] = []
  {
    await using program = await open(host)
    const api = apiOf(program)
    const { secret: old, source } = await api.webhooks.createSource({ name: 'octo' })
    const { secret: fresh, source: both } = await api.webhooks.addSecret({ id: source.id })
    secrets = [old, fresh]
    for (const secret of secrets)
      expect((await send(program, secret, issuesPayload('opened', { title: secret }))).status).toBe(202)
    await api.webhooks.removeSecret({ id: source.id, secret_id: both.secrets[0]!.id })
    const last = { id: source.id, secret_id: both.secrets[1]!.id }
    await expect(api.webhooks.removeSecret(last)).rejects.toMatchObject({ code: 'last_secret' })
    expect((await send(program, old, issuesPayload('closed'))).status).toBe(401)
    const told = JSON.stringify([
      await api.webhooks.sources(),
      await api.webhooks.deliveries({}),
      await api.app.snapshot(),
    ])
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([])
  }
  {
    await using program = await open(host)
    const api = apiOf(program)
    expect((await send(program, secrets[1]!, issuesPayload('closed'))).status).toBe(202)
    const [source] = (await api.webhooks.sources()).items
    await api.webhooks.removeSource({ id: source!.id })
    expect((await send(program, secrets[1]!, issuesPayload('reopened'))).status).toBe(401)
    expect(await host.vault!.names()).toEqual([])
  }
  const files = (await readdir(host.home, { recursive: true, withFileTypes: true })).filter((file) => file.isFile())
  const texts = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')))
  expect(secrets.filter((secret) => texts.some((text) => text.includes(secret)))).toEqual([])
})

test('the name of a tunnel opens webhooks, and nothing else', async () => {
  await using host = await hostWithVault()
  await using program = await open(host)
  const api = apiOf(program)
  const through = (method: string, path: string): Promise<number> => {
    const headers = { host: 'hooks.example', authorization: `Bearer ${program.face.token}` }
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const request = httpRequest(`${program.face.url}${path}`, { method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
    request.on('error', reject).end()
    return promise
  }
  expect(await through('POST', '/webhooks/github')).toBe(403)
  await api.webhooks.setOptions({ ...(await api.webhooks.options()), hosts: ['hooks.example'] })
  expect(await through('POST', '/webhooks/github')).toBe(415)
  expect(await through('GET', '/api/v1/servers')).toBe(403)
  expect(await through('POST', '/webhooks/../api/v1/tasks')).toBe(403)
})

test('who is not known is refused for ever without filling the store', async () => {
  await using host = await hostWithVault()
  await using program = await open(host)
  const api = apiOf(program)
  const statuses = await Promise.all(
    Array.from(
      { length: 100 },
      async (_, index) => (await send(program, 'guessed', { index }, { path: '/webhooks/x' })).status,
    ),
  )
  expect(new Set(statuses)).toEqual(new Set([401]))
  expect((await api.webhooks.deliveries({})).items.length).toBeLessThan(70)
})

test('a generic source hands on what its sender says, masked', async () => {
  await using host = await hostWithVault()
  await using program = await open(host)
  const api = apiOf(program)
  const heard: DomainEvent[] = []
  using _listening = program.engine.bus.subscribe(['webhook.received'], (event) => void heard.push(event))
  const signing = {
    kind: 'hmac',
    header: 'X-Hub-Signature-256',
    prefix: 'sha256=',
    id_header: 'X-GitHub-Delivery',
  } as const
  const { secret } = await api.webhooks.createSource({ name: 'shop', signing })
  const sent = { type: 'order.paid', api_key: 'of-the-shop', total: 3 }
  expect((await send(program, secret, sent, { path: '/webhooks/shop', id: 'one' })).status).toBe(202)
  await vi.waitUntil(() => heard.length === 1)
  expect(heard[0]?.payload).toEqual({
    hook: 'shop',
    delivery_id: 'one',
    content_type: 'application/json',
    body: { type: 'order.paid', api_key: '‹masked›', total: 3 },
  })
  const [delivery] = (await api.webhooks.deliveries({ source: 'shop' })).items
  expect(delivery).toMatchObject({ sent_event: 'order.paid', source: 'shop', sent_id: 'one' })
  expect(await api.webhooks.delivery(delivery!)).toMatchObject({ body: expect.not.stringContaining('of-the-shop') })
})
