import { createHmac } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { vi } from 'vitest'
import { openReceiver } from '../callbacks/test-receiver.ts'
import { TestChild } from '../links/test-child.ts'
import { keyFileVault } from '../secrets/key-file-sealer.ts'
import { openTestRegistry } from '../servers/test-registry.ts'
import { temporaryHost } from '../test-host.ts'
import { startGitHubStandIn } from '../webhooks/test-github.ts'
import { openProgram } from './open-program.ts'
import { type Answer, operations, send } from './test-openapi.ts'

type Ask = (operationId: string, parts?: Record<string, string>, body?: unknown) => Promise<Answer>

interface Stage extends AsyncDisposable {
  readonly home: string
  readonly url: string
  /** One operation, whatever comes of it. */
  readonly ask: Ask
  /** One that must go well for what comes next; its body. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are held against the document, not against types
  readonly did: (...asked: Parameters<Ask>) => Promise<any>
  /** Ends what it is given with the stage. */
  use<T extends AsyncDisposable>(thing: T): T
}

const own = (name: string) => ({ command: process.execPath, args: [resolve(`test-servers/${name}.mjs`)] })

/** A program of its own, with servers and people around it as the scenes need them. */
export async function openStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack()
  const registry = stack.use(await openTestRegistry())
  const issuer = await stack.use(TestChild.own('authorization-server.mjs', '{"ttl":3600}')).url()
  const signedIn = await stack.use(TestChild.own('protected-http.mjs', issuer)).url()
  const temporary = stack.use(await temporaryHost())
  const { home } = temporary
  const { userHome } = temporary
  const env = { ...process.env, HOME: userHome, USERPROFILE: userHome }
  const host = { ...temporary, env, vault: keyFileVault(home) }
  await mkdir(join(userHome, '.cursor'))
  await writeFile(join(userHome, '.npmrc'), `registry=${registry.url}\ncache=${join(home, 'npm-cache')}\n`)
  const mcpServers = {
    hinted: own('hinted'),
    crooked: { command: `${process.execPath} ${resolve('test-servers/echo.mjs')}` },
    asking: own('conformance/legacy-stdio'),
    spare: own('echo'),
    packaged: { command: 'npx', args: ['-y', '@demo/server', 'one'] },
    protected: { type: 'http', url: `${signedIn}/mcp` },
  }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers }))
  const opened = await openProgram({ host, port: 0, pageDir: null })
  if (opened.kind === 'held') throw new Error('a home of its own is held')
  const program = stack.use(opened.program)
  const ask: Ask = (operationId, parts = {}, body) => {
    const { method, path } = operations.find(({ operation }) => operation.operationId === operationId)!
    const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parts[name]!))
    return send(program, method, filled, body)
  }
  const did: Stage['did'] = async (...asked) => {
    const { status, body } = await ask(...asked)
    if (status < 300) return body
    throw new Error(`${asked[0]}: ${status} ${JSON.stringify(body)}`)
  }
  for (const id of ['hinted', 'asking']) await did('servers.start', { id })
  await vi.waitUntil(async () => {
    const states = await Promise.all(['hinted', 'asking'].map((id) => did('servers.get', { id })))
    return states.every(({ state }) => state === 'ready')
  }, 60_000)
  const owned = stack.move()
  return {
    home,
    url: program.face.url,
    ask,
    did,
    use: (thing) => owned.use(thing),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

type Scene = (stage: Stage) => Promise<Answer>

/** Operations that made-up input seldom meets in the state that they need, each brought into it; resolve to its answer. */
export const scenes: Readonly<Record<string, Scene>> = {
  'agents.putState': ({ ask }) => ask('agents.putState', { agent: 'triage' }, { state: { issue: 7 }, version: 0 }),
  'approvals.get': async (stage) => stage.ask('approvals.get', { id: await heldCall(stage) }),
  'approvals.decide': async (stage) =>
    stage.ask('approvals.decide', { id: await heldCall(stage) }, { verdict: 'deny', remember: 'session' }),
  'backups.create': ({ ask, home }) => ask('backups.create', {}, { file: join(home, 'first.backup') }),
  'backups.restore': async ({ ask, did, home }) => {
    const file = join(home, 'second.backup')
    await did('backups.create', {}, { file })
    const answer = await ask('backups.restore', {}, { file })
    await did('backups.cancelRestore')
    return answer
  },
  'budget.switchOffUnused': async (stage) => stage.ask('budget.switchOffUnused', { id: await calledProfile(stage) }),
  'budget.undo': async (stage) => {
    const id = await calledProfile(stage)
    await stage.did('budget.switchOffUnused', { id })
    return stage.ask('budget.undo', { id })
  },
  'callbacks.get': async (stage) => stage.ask('callbacks.get', { task_id: await toldTask(stage) }),
  'callbacks.redeliver': async (stage) => stage.ask('callbacks.redeliver', { task_id: await toldTask(stage) }),
  'clients.rename': async (stage) => stage.ask('clients.rename', { id: await newClient(stage) }, { name: 'Renamed' }),
  'clients.revoke': async (stage) => stage.ask('clients.revoke', { id: await newClient(stage) }),
  'clients.remove': async (stage) => stage.ask('clients.remove', { id: await newClient(stage) }),
  'connect.write': async ({ ask, did }) => ask('connect.write', {}, await asShown(did)),
  'connect.undo': async ({ ask, did }) => {
    await did('connect.write', {}, await asShown(did))
    return ask('connect.undo', {}, { program: 'cursor' })
  },
  'conversations.remove': async ({ ask, did }) => {
    const { id } = await did('conversations.create', {}, { agent: 'triage' })
    return ask('conversations.remove', { id })
  },
  'doctor.examine': ({ ask }) => ask('doctor.examine', {}, { server: 'crooked', run: true }),
  'doctor.fix': async ({ ask, did }) => {
    const { checks } = await did('doctor.examine', {}, { server: 'crooked' })
    const { fix } = checks.find(({ code }: { code: string | null }) => code === 'command_not_found')
    return ask('doctor.fix', {}, { fix: fix.id })
  },
  'exports.create': ({ ask, home }) => ask('exports.create', {}, { what: 'tasks', file: join(home, 'tasks.ndjson') }),
  'imports.read': ({ ask }) => ask('imports.read', {}, { text: JSON.stringify({ mcpServers: { one: own('echo') } }) }),
  'imports.run': ({ ask }) => ask('imports.run', {}, { picks: [{ id: 'imported', entry: own('echo') }], start: false }),
  'limits.result': async ({ ask, did }) => {
    const limit = { id: crypto.randomUUID(), tool: 'large', result: { most_bytes: 4_096 } }
    await did('limits.set', {}, { limits: [limit] })
    const call = { agent: 'hinted', action: 'large', parameters: { bytes: 200_000 } }
    return ask('limits.result', { task_id: await endedTask(did, call) })
  },
  'questions.answer': async ({ ask, did }) => {
    await did('tasks.create', {}, { agent: 'asking', action: 'test_input_required_result_elicitation' })
    await vi.waitUntil(async () => (await did('questions.list')).items.length > 0, 30_000)
    const [{ id }] = (await did('questions.list')).items
    return ask('questions.answer', { id }, { answer: { kind: 'accept', content: { name: 'the person' } } })
  },
  'rules.read': ({ ask }) => ask('rules.read', {}, { text: JSON.stringify(ruleNamed('written')) }),
  'rules.update': async ({ ask, did }) => {
    const { id } = await did('rules.create', {}, ruleNamed('first'))
    return ask('rules.update', { id }, { ...ruleNamed('second'), enabled: true })
  },
  'servers.convert': ({ ask }) => ask('servers.convert', { id: 'packaged' }),
  'servers.revert': ({ ask }) => ask('servers.revert', { id: 'packaged' }),
  'servers.remove': ({ ask }) => ask('servers.remove', { id: 'spare' }),
  'signIn.start': ({ ask }) => ask('signIn.start', { id: 'protected' }),
  'signIn.signOut': ({ ask }) => ask('signIn.signOut', { id: 'protected' }),
  'tasks.cancel': async ({ ask, did }) => {
    const { task_id } = await did('tasks.create', {}, { agent: 'hinted', action: 'wait' })
    return ask('tasks.cancel', { task_id })
  },
  'webhooks.missed': async ({ ask, did, use, url }) => {
    const gitHub = use(await startGitHubStandIn('of-octo'))
    const { secret } = await did('webhooks.createSource', {}, { name: 'octo' })
    await gitHub.setHook({ url: `${url}/webhooks/github`, secret })
    await did('secrets.set', { name: 'GITHUB_TOKEN' }, { value: 'of-octo' })
    await did('settings.set', {}, { allowed_targets: [new URL(gitHub.url).host] })
    await gitHub.happens('ping', { zen: 'Design for failure.' })
    return ask('webhooks.missed', {}, { repository: 'octo/demo', token: 'GITHUB_TOKEN', api_url: gitHub.url })
  },
  'webhooks.redeliver': async ({ ask, did, url }) => {
    const { secret } = await did('webhooks.createSource', {}, { name: 'ci', signing: byHmac })
    const body = JSON.stringify({ state: 'failed' })
    const signature = createHmac('sha256', secret).update(body).digest('hex')
    const headers = { 'content-type': 'application/json', 'x-signature': signature }
    const { delivery } = (await (await fetch(`${url}/webhooks/ci`, { method: 'POST', body, headers })).json()) as {
      delivery: string
    }
    return ask('webhooks.redeliver', { id: delivery })
  },
  'webhooks.removeSecret': async ({ ask, did }) => {
    const { source } = await did('webhooks.createSource', {}, { name: 'rotated' })
    await did('webhooks.addSecret', { id: source.id }, {})
    return ask('webhooks.removeSecret', { id: source.id, secret_id: source.secrets[0].id })
  },
  'webhooks.removeSource': async ({ ask, did }) => {
    const { source } = await did('webhooks.createSource', {}, { name: 'passing' })
    return ask('webhooks.removeSource', { id: source.id })
  },
}

const byHmac = { kind: 'hmac', header: 'x-signature' }
const ruleNamed = (name: string) => ({
  name,
  trigger: { kind: 'webhook', hook: 'ci' },
  steps: [{ kind: 'notify', name: 'tell', title: 'Told', message: 'Something came' }],
})

/** An entry in another program's file, as its preview showed it. */
async function asShown(did: Stage['did']): Promise<object> {
  const { before_hash, after_hash } = await did('connect.preview', {}, { program: 'cursor' })
  return { program: 'cursor', before_hash, after_hash }
}

/** The id of a call that waits for a person. */
async function heldCall({ did }: Stage): Promise<string> {
  const id = crypto.randomUUID()
  await did('approvals.saveRule', { id }, { name: 'ask', client: '*', server: 'hinted', tool: 'remove' })
  const { task_id } = await did('tasks.create', {}, { agent: 'hinted', action: 'remove', parameters: { path: '/' } })
  await vi.waitUntil(async () => (await did('tasks.get', { task_id })).status === 'input_required', 30_000)
  return task_id
}

/** A profile of which a client has called a tool, as MCP has it. */
async function calledProfile({ did, url }: Stage): Promise<string> {
  const id = `work-${crypto.randomUUID().slice(0, 8)}`
  await did('profiles.save', { id }, { name: id, others: 'on', servers: [] })
  const { token } = await did('clients.issue', {}, { name: id, profile: id })
  const method = 'tools/call'
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const params = { name: 'hinted_look', arguments: {}, _meta }
  const answer = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      'mcp-name': params.name,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  if (!answer.ok) throw new Error(`the call of ${id}: ${answer.status} ${await answer.text()}`)
  return id
}

async function newClient({ did }: Stage): Promise<string> {
  return (await did('clients.issue', {}, { name: `client ${crypto.randomUUID().slice(0, 8)}` })).client.id
}

/** A task whose callback has been delivered. */
async function toldTask({ did, use }: Stage): Promise<string> {
  const receiver = use(await openReceiver())
  await did('settings.set', {}, { allowed_targets: [receiver.host] })
  const task_id = await endedTask(did, { agent: 'hinted', action: 'look', callback_url: receiver.url })
  await vi.waitUntil(async () => (await did('callbacks.get', { task_id })).state === 'delivered', 30_000)
  return task_id
}

async function endedTask(did: Stage['did'], call: object): Promise<string> {
  const { task_id } = await did('tasks.create', {}, call)
  await vi.waitUntil(async () => (await did('tasks.get', { task_id })).status === 'completed', 30_000)
  return task_id
}
