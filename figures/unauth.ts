import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openRoutes } from '../engine/api/guard.ts'
import { Figure, type FigureOptions } from './figure.ts'
import { picked } from './picked.ts'
import { Program } from './program.ts'
import { rawRequest } from './unauth/raw-request.ts'
import { allTargets, type Target } from './unauth/targets.ts'
import { bearer, type Loot, requestTo, slowHeaders, type Variant, variants } from './unauth/variants.ts'

/** A word that only what is behind the guard knows. */
const canary = 'canary-behind-the-guard'

/** How many connections are open at once; the program takes 128. */
const abreast = 16

/**
 * Every route times every attack: refused, nothing told, nothing changed. The routes come from the contract and from
 * the program's own tables; short: all routes and 8 attacks.
 */
export async function unauth({ short, seed }: FigureOptions): Promise<Figure> {
  const figure = new Figure('unauth')
  const home = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  try {
    await prepare(home)
    const old = await firstStart(home)
    await using program = await Program.start(home, { NODE_OPTIONS: `--import ${shiftedClock}` })
    const loot = await gather(program, home, old)
    await attack(figure, program, home, loot, short ? picked(variants, 8, seed) : variants, short)
    await oldLinks(figure, program, loot)
    await clientSessions(figure, program, loot)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
  return figure
}

const shiftedClock = resolve('figures/unauth/shift-clock.mjs')

async function prepare(home: string): Promise<void> {
  const entry = { command: 'node', args: [resolve('test-servers/echo.mjs')] }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { [canary]: entry } }))
}

/** What an earlier start leaves to an attacker: a token that was replaced since, a session, and a task's id. */
interface OldLoot {
  readonly token: string
  readonly session: string
  readonly taskId: string
}

async function firstStart(home: string): Promise<OldLoot> {
  await using program = await Program.start(home)
  await program.request('POST', `/servers/${canary}/start?wait_s=60`)
  const taskId = await program.call(canary, 'echo', { text: canary })
  await program.task(taskId)
  const session = await newSession(program)
  const token = await readFile(join(home, 'token'), 'utf8')
  await program.request('POST', `/servers/${canary}/stop?wait_s=30`)
  await rm(join(home, 'token'))
  return { token, session, taskId }
}

async function newSession(program: Program): Promise<string> {
  const { headers } = await fetch(await program.pageLink(), { redirect: 'manual' })
  return /=([^;]+)/.exec(headers.get('set-cookie') ?? '')![1]!
}

interface FullLoot extends Loot {
  readonly taskId: string
  readonly otherClientToken: string
  readonly usedLink: string
  readonly expiredLink: string
}

async function gather(program: Program, home: string, old: OldLoot): Promise<FullLoot> {
  const expiredSession = await newSession(program)
  const expiredLink = await program.pageLink()
  process.kill(program.pid, 'SIGUSR2')
  await isExpired(program, expiredSession)
  const usedLink = await program.pageLink()
  const { headers } = await fetch(usedLink, { redirect: 'manual' })
  return {
    port: Number(new URL(program.url).port),
    token: await readFile(join(home, 'token'), 'utf8'),
    revokedToken: old.token,
    clientToken: (await newClient(program, 'one')).token,
    otherClientToken: (await newClient(program, 'other')).token,
    metricsToken: '',
    revokedClientToken: await revokedToken(program),
    session: /=([^;]+)/.exec(headers.get('set-cookie') ?? '')![1]!,
    revokedSession: old.session,
    expiredSession,
    taskId: old.taskId,
    usedLink,
    expiredLink,
  }
}

/** Waits until the program has seen its clock move. */
async function isExpired(program: Program, session: string): Promise<void> {
  const cookie = `signalbox_${new URL(program.url).port}=${session}`
  const deadline = Date.now() + 10_000
  while ((await fetch(`${program.url}/api/v1/servers`, { headers: { cookie } })).status !== 401) {
    if (Date.now() > deadline) throw new Error('a session of 31 days ago still holds')
  }
}

async function attack(
  figure: Figure,
  program: Program,
  home: string,
  gathered: FullLoot,
  chosen: readonly Variant[],
  short: boolean,
): Promise<void> {
  const targets = await allTargets({ serverId: canary, taskId: gathered.taskId, asset: await anAsset() })
  const harmless = await allTargets({ serverId: 'nobody', taskId: crypto.randomUUID(), asset: await anAsset() })
  const before = await facts(program, home)

  const forTheOwner = harmless.filter(({ isSigned }) => !isSigned)
  await abreastEach(forTheOwner, abreast, (target) =>
    figure.check(`${target.name}: the owner is let in`, async () => {
      const { status } = await rawRequest(gathered.port, requestTo(target, gathered, { headers: bearer(gathered) }))
      assert.ok(![0, 401, 431].includes(status) && status < 500, `answered ${status}`)
    }),
  )
  // The owner was let in to end the one before.
  const loot = { ...gathered, metricsToken: await newMetricsToken(program) }
  const pairs = targets.flatMap((target) => chosen.map((variant) => ({ target, variant })))
  await abreastEach(pairs, abreast, ({ target, variant }) => refused(figure, target, variant, loot))
  const slow = short ? targets.slice(0, 1) : targets
  await abreastEach(slow, slow.length, (target) => refused(figure, target, slowHeaders, loot))

  await figure.check('no attack has changed anything', async () => {
    assert.deepEqual(await facts(program, home), before)
  })
  for (const { name, isSigned, ...target } of harmless) {
    if (!isSigned) continue
    await figure.check(`${name}: not even the owner is let in without a signature`, async () => {
      const request = requestTo({ name, isSigned, ...target }, loot, { headers: bearer(loot) })
      assert.equal((await rawRequest(loot.port, request)).status, 401)
    })
  }
  for (const { method, path, below, isSigned } of openRoutes) {
    if (isSigned) continue
    await figure.check(`${method} ${path} is open and tells nothing`, async () => {
      const asset = path === '/assets/' ? await anAsset() : 'x'
      const response = await fetch(`${program.url}${path}${below ? asset : ''}`)
      assert.equal(response.status, path === '/open/' || path === '/oauth/callback' ? 403 : 200)
      assert.ok(!(await response.text()).includes(canary))
    })
  }
}

async function refused(figure: Figure, target: Target, variant: Variant, loot: Loot): Promise<void> {
  // Where everybody is let in, there is no credential to lack.
  if (target.isOpen && variant.kind === 'credentials') return
  if (variant.opens?.(target)) return
  await figure.check(`${target.name}: ${variant.name}`, async () => {
    const { status, text } = await rawRequest(loot.port, variant.bytes(target, loot))
    assert.ok(variant.refusals.includes(status), `answered ${status} ${text.slice(0, 300)}`)
    assert.ok(!/^HTTP\/1\.1 [123]/m.test(text), `a second answer came: ${text.slice(0, 600)}`)
    assert.ok(!text.includes(canary) && !text.includes(loot.token), 'the refusal tells what is behind the guard')
    assert.ok(!/^access-control-/im.test(text), 'the refusal lets another site read it')
  })
}

async function oldLinks(figure: Figure, program: Program, loot: FullLoot): Promise<void> {
  for (const [name, url] of [
    ['a link that was used', loot.usedLink],
    ['a link of a month ago', loot.expiredLink],
    ['a made-up link', `${program.url}/open/${'x'.repeat(43)}`],
  ] as const) {
    await figure.check(`${name} opens nothing`, async () => {
      const response = await fetch(url, { redirect: 'manual' })
      assert.deepEqual([response.status, response.headers.get('set-cookie')], [403, null])
    })
  }
  await figure.check('a page makes no links', async () => {
    const cookie = `signalbox_${loot.port}=${loot.session}`
    const answers = [`${program.url}/api/v1/page-links`, `${program.url}/api/v1/servers`].map(async (url, index) => {
      return (await fetch(url, { method: index === 0 ? 'POST' : 'GET', headers: { cookie } })).status
    })
    assert.deepEqual(await Promise.all(answers), [403, 200])
  })
}

async function newClient(program: Program, name: string): Promise<{ id: string; token: string }> {
  const { body } = await program.request('POST', '/clients', { name })
  return { id: String(body.client.id), token: String(body.token) }
}

async function newMetricsToken(program: Program): Promise<string> {
  const { body } = await program.request('POST', '/metrics/token', {})
  return String(body.token)
}

async function revokedToken(program: Program): Promise<string> {
  const { id, token } = await newClient(program, 'revoked')
  await program.request('POST', `/clients/${id}/revoke`, {})
  return token
}

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'attacker', version: '1' } },
}

/** A session at the gateway is no credential: it goes with the token that opened it. */
async function clientSessions(figure: Figure, program: Program, loot: FullLoot): Promise<void> {
  const post = (token: string, body: unknown, headers = {}) =>
    fetch(`${program.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify(body),
    })
  const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' }
  const session = (await post(loot.clientToken, initialize)).headers.get('mcp-session-id')!
  await figure.check('the session of another client', async () => {
    const statuses = [loot.clientToken, loot.otherClientToken, loot.token, 'x'].map(async (token) => {
      return (await post(token, list, { 'mcp-session-id': session })).status
    })
    assert.deepEqual(await Promise.all(statuses), [200, 404, 404, 401])
  })
  await figure.check('the tasks of others', async () => {
    const headers = { authorization: `Bearer ${loot.clientToken}` }
    const answers = ['/tasks?origin=api', `/tasks/${loot.taskId}`].map((path) =>
      fetch(`${program.url}/api/v1${path}`, { headers }),
    )
    const [listed, one] = await Promise.all(answers)
    assert.deepEqual([(await listed!.json()) as unknown, one!.status], [{ items: [], next_before: null }, 404])
  })
}

/** What an attack could have changed. */
async function facts(program: Program, home: string): Promise<unknown> {
  const servers = await program.get('/servers')
  return {
    file: await readFile(join(home, 'mcp.json'), 'utf8'),
    servers: servers.items.map(({ id, wished, state }: Record<string, unknown>) => ({ id, wished, state })),
    tasks: (await program.get('/tasks')).items.length,
  }
}

async function anAsset(): Promise<string> {
  return (await readdir('dist/page/assets')).find((name) => name.endsWith('.js'))!
}

/** Runs a function over all of them, some at a time. */
async function abreastEach<T>(items: readonly T[], width: number, run: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of rest) await run(item)
    }),
  )
}
