import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import type { Server } from '../../shared/server.ts'
import type { SignInStatus } from '../../shared/sign-in.ts'
import { isFinished, type Task } from '../../shared/task.ts'
import { openProgram, type Program } from '../api/open-program.ts'
import { TestChild } from '../links/test-child.ts'
import { memoryVault } from '../secrets/memory-vault.ts'
import { temporaryHost } from '../test-host.ts'
import type { Grant } from './grants.ts'
import { TestBrowser } from './test-browser.ts'

const id = 'protected' as ServerId

/** The whole program, an authorization server and a server behind it, each with real sockets. */
class Stage implements AsyncDisposable {
  readonly secrets = new Map<string, string>()
  readonly browser = new TestBrowser()
  issuer = ''
  server = ''
  home = ''
  readonly #stack = new AsyncDisposableStack()
  #program!: Program

  static async open(options: { ttl?: number; entry?: Record<string, unknown> } = {}): Promise<Stage> {
    const stage = new Stage()
    stage.issuer = await stage.authorizationServer(options.ttl)
    stage.server = await stage.#stack.use(TestChild.own('protected-http.mjs', stage.issuer)).url()
    const host = stage.#stack.use(await temporaryHost({ vault: memoryVault(stage.secrets) }))
    stage.home = host.home
    const entry = { type: 'http', url: `${stage.server}/mcp`, ...options.entry }
    await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers: { [id]: entry } }))
    const opened = await openProgram({ host, port: 0, pageDir: null })
    if (opened.kind === 'held') throw new Error('a fresh home is held')
    stage.#program = stage.#stack.use(opened.program)
    return stage
  }

  async authorizationServer(ttl = 3600): Promise<string> {
    return this.#stack.use(TestChild.own('authorization-server.mjs', JSON.stringify({ ttl }))).url()
  }

  get api() {
    return createRouterClient(this.#program.engine.router, { context: { origin: 'page' } })
  }

  get status(): SignInStatus | undefined {
    return this.#program.engine.hub.snapshot.sign_ins.find(({ server }) => server === id)
  }

  get attention() {
    return this.#program.engine.hub.snapshot.attention.map(({ title, action }) => `${title} ${action.kind}`)
  }

  start(): Promise<Server> {
    return this.api.servers.start({ id, wait_s: 30 })
  }

  settled(): Promise<Server> {
    return this.api.servers
      .get({ id })
      .then(({ state }) => (state === 'ready' ? this.api.servers.get({ id }) : this.start()))
  }

  /** Signs in as a person would, from the first click to the page at the end. */
  async signIn(): Promise<{ status: number }> {
    const { url } = await this.api.signIn.start({ id })
    return TestBrowser.lands(await this.browser.allows(url))
  }

  async call(action: string): Promise<Task> {
    const { task_id } = await this.api.tasks.create({ agent: id, action, parameters: {} })
    for await (const { task } of await this.api.tasks.follow({ task_id })) if (isFinished(task.status)) break
    return this.api.tasks.get({ task_id })
  }

  grant(): Grant {
    return JSON.parse([...this.secrets.values()][0]!) as Grant
  }

  /** What came to the token endpoint of an authorization server. */
  async requests(issuer = this.issuer): Promise<string[]> {
    return (await fetch(`${issuer}/test/requests`)).json() as Promise<string[]>
  }

  /** Everything that was logged about the server. */
  async logged(): Promise<string> {
    return JSON.stringify((await this.api.logs.list({})).items)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }
}

test('a server that asks for a sign-in is signed in to once, and starts by itself', async () => {
  await using stage = await Stage.open()
  expect(await stage.start()).toMatchObject({ state: 'needs_sign_in', detail: { failure: { code: 'needs_sign_in' } } })
  expect(stage.attention).toEqual(['Sign in. sign_in'])

  const { url, until } = await stage.api.signIn.start({ id })
  expect(stage.status).toEqual({ server: id, status: 'waiting', until, failure: null })
  expect(stage.attention).toEqual(['Signing in. open_server'])
  const asked = Object.fromEntries(new URL(url).searchParams)
  expect(asked).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    resource: `${stage.server}/mcp`,
    scope: 'mcp:read offline_access',
  })
  expect(await stage.api.signIn.start({ id })).toEqual({ url, until })

  const landed = await TestBrowser.lands(await stage.browser.allows(url))
  expect([landed.status, landed.text]).toEqual([200, expect.stringContaining('You can close this page')])
  expect(await stage.settled()).toMatchObject({ state: 'ready', tools: 2 })
  expect(stage.status).toMatchObject({ status: 'signed_in', issuer: stage.issuer, missing_scope: null, failure: null })
  expect(stage.attention).toEqual([])
  expect(await stage.call('whoami')).toMatchObject({ status: 'completed' })

  const { tokens } = stage.grant()
  const told = (await stage.logged()) + JSON.stringify(await stage.api.app.snapshot())
  for (const secret of [tokens!.access_token, tokens!.refresh_token!]) expect(told).not.toContain(secret)
  expect((await stage.api.secrets.list()).items).toEqual([])
})

test('an entry that names its client id is not registered anew', async () => {
  const oauth = { clientId: 'by-hand', clientSecret: '${secret:CLIENT}', scopes: ['mcp:read', 'mcp:write'] }
  await using stage = await Stage.open({ entry: { oauth } })
  stage.secrets.set('CLIENT', 'given-by-hand')
  await stage.start()
  const { url } = await stage.api.signIn.start({ id })
  expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
    client_id: 'by-hand',
    scope: 'mcp:read mcp:write offline_access',
  })
  await TestBrowser.lands(await stage.browser.allows(url))
  await stage.settled()
  expect(await stage.call('write')).toMatchObject({ status: 'completed' })
})

test('twenty calls whose token has ended renew it once', async () => {
  await using stage = await Stage.open()
  await stage.start()
  await stage.signIn()
  await stage.settled()
  await fetch(`${stage.server}/test/forget`, { method: 'POST' })
  const calls = await Promise.all(Array.from({ length: 20 }, () => stage.call('whoami')))
  expect(calls.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 'completed'))
  expect(await stage.requests()).toEqual(['authorization_code', 'refresh_token'])
})

test('a token is renewed before it ends', async () => {
  await using stage = await Stage.open({ ttl: 1 })
  await stage.start()
  await stage.signIn()
  expect(await stage.settled()).toMatchObject({ state: 'ready' })
  const before = stage.grant().tokens!
  while (Date.now() < before.renew_at!) await stage.call('whoami')
  expect(await stage.call('whoami')).toMatchObject({ status: 'completed' })
  expect(stage.grant().tokens!.access_token).not.toBe(before.access_token)
  expect(await stage.requests()).toContain('refresh_token')
})

test('a sign-in that can no longer be renewed asks for a person once', async () => {
  await using stage = await Stage.open()
  await stage.start()
  await stage.signIn()
  await stage.settled()
  await revoke(stage, stage.grant().tokens!.refresh_token!)
  expect(await stage.call('whoami')).toMatchObject({ status: 'failed', error: { code: 'needs_sign_in' } })
  expect(await stage.api.servers.get({ id })).toMatchObject({ state: 'needs_sign_in' })
  expect(stage.status).toMatchObject({
    status: 'signed_out',
    failure: { message: expect.stringContaining('no longer') },
  })
  expect(stage.grant().tokens).toBeNull()
  const requests = await stage.requests()
  expect(await stage.start()).toMatchObject({ state: 'needs_sign_in' })
  expect(await stage.requests()).toEqual(requests)
  await stage.signIn()
  expect(await stage.settled()).toMatchObject({ state: 'ready' })
})

test('a server that refuses what was just renewed asks for a person', async () => {
  await using stage = await Stage.open()
  await stage.start()
  await stage.signIn()
  await stage.settled()
  await fetch(`${stage.server}/test/refuse?times=1`, { method: 'POST' })
  expect(await stage.call('whoami')).toMatchObject({ status: 'completed' })
  await fetch(`${stage.server}/test/refuse?times=1000`, { method: 'POST' })
  expect(await stage.call('whoami')).toMatchObject({ status: 'failed', error: { code: 'needs_sign_in' } })
  expect(await stage.requests()).toEqual(['authorization_code', 'refresh_token', 'refresh_token'])
})

test('a call that needs more says which scope, and signing in again grants it beside what there was', async () => {
  await using stage = await Stage.open()
  await stage.start()
  await stage.signIn()
  await stage.settled()
  const message = expect.stringContaining('lacks the scope mcp:write')
  expect(await stage.call('write')).toMatchObject({ status: 'failed', error: { code: 'needs_sign_in', message } })
  expect(await stage.call('whoami')).toMatchObject({ status: 'completed' })
  expect(stage.status).toMatchObject({ status: 'signed_in', missing_scope: 'mcp:write' })
  expect(stage.attention).toEqual(['Sign in for more. sign_in'])
  await stage.signIn()
  expect(await stage.call('write')).toMatchObject({ status: 'completed' })
  expect(stage.attention).toEqual([])
})

test('a server that moved to another issuer is signed in to there, and neither sees what is for the other', async () => {
  await using stage = await Stage.open()
  await stage.start()
  await stage.signIn()
  await stage.settled()
  const other = await stage.authorizationServer()
  await fetch(`${stage.server}/test/move?issuer=${other}`, { method: 'POST' })
  expect(await stage.call('whoami')).toMatchObject({
    status: 'failed',
    error: { code: 'needs_sign_in', message: expect.stringContaining(new URL(other).host) },
  })
  expect(await stage.requests(other)).toEqual([])
  await stage.signIn()
  expect(await stage.settled()).toMatchObject({ state: 'ready' })
  expect(stage.status).toMatchObject({ status: 'signed_in', issuer: other })
  expect([await stage.requests(), await stage.requests(other)]).toEqual([
    ['authorization_code'],
    ['authorization_code'],
  ])
})

test('a sign-in that the person turns down is told, and can be started again', async () => {
  await using stage = await Stage.open()
  await stage.start()
  const { url } = await stage.api.signIn.start({ id })
  const landed = await TestBrowser.lands(await stage.browser.denies(url))
  expect([landed.status, landed.text]).toEqual([400, expect.stringContaining('was refused')])
  expect(stage.status).toMatchObject({ status: 'signed_out', failure: { code: 'sign_in_denied' } })
  expect(stage.attention).toEqual(['Sign in. sign_in'])
  await stage.signIn()
  expect(await stage.settled()).toMatchObject({ state: 'ready' })
})

test('what comes back is taken once, with the state that was given, from the issuer that was asked', async () => {
  await using stage = await Stage.open()
  await stage.start()
  const { url } = await stage.api.signIn.start({ id })
  const back = await stage.browser.allows(url)

  const guessed = new URL(back)
  guessed.searchParams.set('state', 'x'.repeat(43))
  const twice = new URL(back)
  twice.searchParams.append('state', back.searchParams.get('state')!)
  const without = new URL(back)
  without.searchParams.delete('state')
  for (const wrong of [guessed, twice, without]) expect((await TestBrowser.lands(wrong)).status).toBe(403)
  expect(stage.status).toMatchObject({ status: 'waiting' })

  expect((await TestBrowser.lands(back)).status).toBe(200)
  expect((await TestBrowser.lands(back)).status).toBe(403)
  expect(await stage.settled()).toMatchObject({ state: 'ready' })

  await stage.api.signIn.signOut({ id })
  const again = await stage.browser.allows((await stage.api.signIn.start({ id })).url)
  const requests = await stage.requests()
  for (const iss of ['http://127.0.0.1:1', null]) {
    const mixed =
      iss === null ? new URL((await stage.browser.allows((await stage.api.signIn.start({ id })).url)).href) : again
    if (iss === null) mixed.searchParams.delete('iss')
    else mixed.searchParams.set('iss', iss)
    const landed = await TestBrowser.lands(mixed)
    expect([landed.status, landed.text]).toEqual([400, expect.not.stringContaining('127.0.0.1:1<')])
    expect(stage.status).toMatchObject({ status: 'signed_out', failure: { code: 'sign_in_untrusted' } })
  }
  expect(await stage.requests()).toEqual(requests)
})

test('signing out forgets the tokens here and there', async () => {
  await using stage = await Stage.open()
  await stage.start()
  await stage.signIn()
  await stage.settled()
  const { refresh_token, access_token } = stage.grant().tokens!
  expect(await stage.api.signIn.signOut({ id })).toEqual({ signed_out: true })
  expect(stage.secrets.size).toBe(0)
  expect(await stage.start()).toMatchObject({ state: 'needs_sign_in' })
  expect(stage.status).toMatchObject({ status: 'signed_out', failure: null })
  expect(await stage.api.signIn.signOut({ id })).toEqual({ signed_out: false })
  // Asked until it is so: the authorization server is told behind the answer.
  const basic = `Basic ${Buffer.from('resource:of-the-resource').toString('base64')}`
  for (const token of [refresh_token!, access_token]) {
    for (let active = true; active; ) {
      const body = new URLSearchParams({ token })
      const asked = await fetch(`${stage.issuer}/token/introspection`, {
        method: 'POST',
        headers: { authorization: basic },
        body,
      })
      active = ((await asked.json()) as { active: boolean }).active
    }
  }
})

test('taking a server out forgets its sign-in, once no other server has its address', async () => {
  await using stage = await Stage.open()
  await stage.start()
  await stage.signIn()
  await stage.settled()
  const { entry } = await stage.api.servers.config({ id })
  const twin = 'twin' as ServerId
  await stage.api.servers.saveConfig({ id: twin, entry })
  await stage.api.servers.start({ id: twin, wait_s: 30 })
  await stage.api.servers.remove({ id: twin })
  expect(stage.secrets.size).toBe(1)
  await stage.api.servers.remove({ id })
  expect(stage.secrets.size).toBe(0)
  expect(stage.status).toBeUndefined()
})

test('a server that could not be taken out is still signed in', async () => {
  await using stage = await Stage.open()
  await stage.start()
  await stage.signIn()
  await stage.settled()
  const file = join(stage.home, 'mcp.json')
  const whole = await readFile(file, 'utf8')
  await writeFile(file, whole.slice(0, -3))
  await expect(stage.api.servers.remove({ id })).rejects.toThrow()
  expect(stage.secrets.size).toBe(1)
  await writeFile(file, whole)
  await stage.api.servers.remove({ id })
  expect([stage.secrets.size, stage.status]).toEqual([0, undefined])
})

test('a sign-in is given up when it is cancelled', async () => {
  await using stage = await Stage.open()
  await stage.start()
  const { url } = await stage.api.signIn.start({ id })
  expect(await stage.api.signIn.cancel({ id })).toEqual({ cancelled: true })
  expect(await stage.api.signIn.cancel({ id })).toEqual({ cancelled: false })
  expect(stage.status).toMatchObject({ status: 'signed_out', failure: null })
  expect((await TestBrowser.lands(await stage.browser.allows(url))).status).toBe(403)
})

test('no entry can name what the vault holds of a sign-in', async () => {
  await using stage = await Stage.open()
  await stage.start()
  await stage.signIn()
  await stage.settled()
  const name = [...stage.secrets.keys()][0]!
  const entry = { type: 'http', url: `${stage.server}/mcp`, headers: { 'X-Stolen': `\${secret:${name}}` } }
  await stage.api.servers.saveConfig({ id, entry })
  expect(await stage.start()).toMatchObject({ state: 'needs_secret' })
})

async function revoke(stage: Stage, token: string): Promise<void> {
  const body = new URLSearchParams({ token, client_id: stage.grant().client.client_id })
  const { ok } = await fetch(`${stage.issuer}/token/revocation`, { method: 'POST', body })
  if (!ok) throw new Error('the token could not be revoked')
}
