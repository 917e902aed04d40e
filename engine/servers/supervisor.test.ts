// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the configuration are what is tested

import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { memoryVault } from '../secrets/memory-vault.ts'
import { localSpec, packageFile, TestSupervisor, testServer } from './test-supervisor.ts'

const echo = (id = 'echo') => localSpec(id, { args: [testServer('echo')] })
const id = 'echo' as ServerId

test('takes a server to ready through timed steps, and back to nothing', async () => {
  await using app = await TestSupervisor.open([echo()])
  const ready = await app.start('echo')
  expect(ready).toMatchObject({
    state: 'ready',
    reason: null,
    wished: true,
    pid: expect.any(Number),
    run_id: expect.any(String),
    transport: 'stdio',
    era: 'legacy',
    tools: 5,
    restarts: 0,
    last_error: null,
    start: { finished_at: expect.any(String) },
  })
  expect(ready.start!.steps).toEqual(
    ['resolve', 'spawn', 'first_byte', 'handshake', 'list'].map((step) => ({
      step,
      status: 'done',
      started_at: expect.any(String),
      took_ms: expect.any(Number),
      detail: step === 'first_byte' ? null : expect.any(String),
    })),
  )
  expect(await app.stop('echo')).toMatchObject({ state: 'stopped', wished: false, pid: null, tools: 5 })
  expect(app.states('echo')).toEqual(['stopped', 'starting', 'ready', 'stopping', 'stopped'])
  expect(await app.leftovers()).toEqual([])
  const runs = await app.store.servers.runs(id, { limit: 10 })
  expect(runs.items).toMatchObject([
    { pid: ready.pid, ready_at: expect.any(String), ended_at: expect.any(String), exit_code: 0, cause: 'stopped' },
  ])
  expect(app.said('echo')).toEqual([
    expect.stringMatching(/^spawned pid \d+: /),
    expect.stringMatching(/^ready in .* s, 5 tools$/),
    'stopped',
  ])
})

test('runs the reference servers on the Node of PATH, all healthy and without a word of complaint', async () => {
  const names = ['everything', 'filesystem', 'memory', 'sequential-thinking']
  const specs = names.map((name, index) => {
    const program = packageFile(`@modelcontextprotocol/server-${name}/dist/index.js`)
    return localSpec(name, { command: 'node', args: [program, '.'], number: index + 1 })
  })
  // The server for everything takes the name of its transport instead of a folder.
  const everything = { ...specs[0]!, launch: { ...specs[0]!.launch!, args: [specs[0]!.launch!.args[0]!, 'stdio'] } }
  await using app = await TestSupervisor.open([everything, ...specs.slice(1)])
  const servers = await Promise.all(names.map((name) => app.start(name)))
  expect(servers.map(({ state, last_error }) => ({ state, last_error }))).toEqual(
    names.map(() => ({ state: 'ready', last_error: null })),
  )
  await Promise.all(names.map((name) => app.stop(name)))
  expect(await app.leftovers()).toEqual([])
})

test('calls a tool through an admitted link, and admits nobody to a stopped server', async () => {
  await using app = await TestSupervisor.open([echo()])
  expect(app.supervisor.admit(id)).toMatchObject({ kind: 'closed', code: 'server_not_running' })
  app.supervisor.start(id)
  expect(app.supervisor.admit(id)).toEqual({ kind: 'wait' })
  await app.settled('echo')
  const admission = app.supervisor.admit(id)
  if (admission.kind !== 'open') throw new Error(`not admitted: ${admission.kind}`)
  const params = { name: 'echo', arguments: { text: 'hello' } }
  const answer = await admission.link.request('tools/call', params, { timeoutMs: 5000, maxTotalMs: 5000 })
  expect(answer).toMatchObject({ kind: 'result', result: { content: [{ type: 'text', text: 'hello' }] } })
})

test.each([
  ['a missing command', { command: 'no-such-command' }, 'command_not_found', 'no-such-command is not on PATH'],
  ['a missing folder', { cwd: '/no/such/folder' }, 'cwd_missing', 'folder /no/such/folder does not exist'],
  ['a missing variable', { args: ['${NO_SUCH_VARIABLE}'] }, 'variable_missing', 'variable NO_SUCH_VARIABLE is not set'],
  ['a file that is no program', { command: testServer('echo') }, 'not_executable', expect.stringContaining('echo.mjs')],
])('fails at %s without a second try', async (_, options, code, reason) => {
  await using app = await TestSupervisor.open([localSpec('wrong', options)])
  expect(await app.start('wrong')).toMatchObject({
    state: 'failed',
    reason,
    wished: true,
    detail: { failure: { code, hint: expect.any(String) } },
    last_error: { code },
    start: { steps: [{ status: 'failed' }, { status: 'waiting' }, {}, {}, {}] },
  })
  expect(app.states('wrong')).toEqual(['stopped', 'starting', 'failed'])
  expect(await app.stop('wrong')).toMatchObject({ state: 'stopped', wished: false })
})

test('gives up on a server that exits at once, with its reason as the message', async () => {
  const program = 'console.error("API_KEY is missing"); process.exit(3)'
  await using app = await TestSupervisor.open([localSpec('keyless', { args: ['-e', program] })])
  const server = await app.start('keyless')
  expect(server).toMatchObject({
    state: 'crash_looping',
    reason: 'exited with code 3 before it answered, 3 times',
    detail: { exits: 3, failure: { message: 'Exited with code 3 before it answered: API_KEY is missing' } },
    restarts: 2,
  })
  expect(app.notices).toHaveLength(1)
  const { items } = await app.store.servers.runs('keyless' as ServerId, { limit: 10 })
  expect(items[0]).toMatchObject({ exit_code: 3, cause: 'start_failed', stderr_tail: 'API_KEY is missing' })
  expect(await app.leftovers()).toEqual([])
})

test('starts a server that dies of the probe once more, and never probes it again', async () => {
  await using app = await TestSupervisor.open([localSpec('old', { args: [testServer('dies-on-probe')] })])
  expect(await app.start('old')).toMatchObject({ state: 'ready', era: 'legacy', restarts: 0 })
  await app.stop('old')
  expect(await app.start('old')).toMatchObject({ state: 'ready' })
  const { items } = await app.store.servers.runs('old' as ServerId, { limit: 10 })
  expect(items.map((run) => run.cause)).toEqual([null, 'stopped', 'probe_failed'])
})

test('ends the process of a server that never answers', async () => {
  const args = [testServer('never-answers')]
  const never = localSpec('silent', { args, settings: { startTimeoutMs: 300, restart: false } })
  await using app = await TestSupervisor.open([never])
  expect(await app.start('silent')).toMatchObject({
    state: 'failed',
    detail: { failure: { code: 'handshake_timeout' } },
  })
  expect(app.changes.some((server) => server.pid !== null)).toBe(true)
  expect(await app.leftovers()).toEqual([])
})

test('takes the grandchild with it', async () => {
  await using app = await TestSupervisor.open([localSpec('parent', { args: [testServer('spawns-grandchild')] })])
  await app.start('parent')
  const line = () => app.lines.find((entry) => entry.stream === 'stderr' && entry.text.startsWith('grandchild '))
  await app.until(() => line() !== undefined)
  const grandchild = Number(line()!.text.split(' ')[1])
  expect(await app.leftovers([grandchild])).toContain(grandchild)
  await app.stop('parent')
  expect(await app.leftovers([grandchild])).toEqual([])
})

test('brings a server back that crashed', async () => {
  await using app = await TestSupervisor.open([echo()])
  const { pid } = await app.start('echo')
  process.kill(pid!, 'SIGKILL')
  await app.until(() => app.server('echo').restarts === 1 && app.server('echo').state === 'ready')
  expect(app.server('echo')).toMatchObject({ restarts: 1, last_error: { code: 'server_crashed' } })
  expect(app.states('echo')).toEqual(['stopped', 'starting', 'ready', 'backing_off', 'starting', 'ready'])
  expect(app.said('echo')).toContainEqual(expect.stringMatching(/^ended by SIGKILL \(after .* s\); 2nd try in 0\.0 s$/))
})

test('is settled after a crash only when it takes calls again', async () => {
  await using app = await TestSupervisor.open([echo()])
  const { pid } = await app.start('echo')
  process.kill(pid!, 'SIGKILL')
  while (app.supervisor.admit(id).kind === 'open') await setImmediate()
  await app.settled('echo')
  expect(app.supervisor.admit(id).kind).toBe('open')
  expect(app.server('echo').pid).not.toBe(pid)
})

test('makes one process of two starts at once', async () => {
  await using app = await TestSupervisor.open([echo()])
  app.supervisor.start(id)
  app.supervisor.start(id)
  await app.settled('echo')
  app.supervisor.start(id)
  expect((await app.store.servers.runs(id, { limit: 10 })).items).toHaveLength(1)
})

test.each(['resolve', 'spawn', 'first_byte', 'handshake', 'list'])(
  'stops in the middle of a start: %s',
  async (step) => {
    await using app = await TestSupervisor.open([echo()])
    app.supervisor.start(id)
    const running = () => app.server('echo').start?.steps.find((timing) => timing.step === step)?.status
    await app.until(() => running() === 'running' || running() === 'done')
    expect(await app.stop('echo')).toMatchObject({ state: 'stopped', wished: false })
    expect(await app.leftovers()).toEqual([])
  },
)

test('starts again after a stop that is still under way', async () => {
  await using app = await TestSupervisor.open([echo()])
  const before = await app.start('echo')
  app.supervisor.stop(id)
  const after = await app.start('echo')
  expect(after).toMatchObject({ state: 'ready', wished: true })
  expect(after.pid).not.toBe(before.pid)
  expect(await app.leftovers()).toEqual([after.pid])
})

test('kills a deaf server at the second stop', async () => {
  const deaf = localSpec('deaf', { args: [testServer('ignores-sigterm')], settings: { stopGraceMs: 60_000 } })
  await using app = await TestSupervisor.open([deaf])
  await app.start('deaf')
  app.supervisor.stop('deaf' as ServerId)
  expect(await app.stop('deaf')).toMatchObject({ state: 'stopped' })
  expect(await app.leftovers()).toEqual([])
})

test('restores what was wished, and only that', async () => {
  const specs = [echo('on'), { ...echo('off'), number: 2 }]
  await using app = await TestSupervisor.open(specs)
  await app.start('on')
  await app.start('off')
  await app.stop('off')
  await app.reopen(specs)
  expect(await app.leftovers()).toEqual([])
  expect(app.supervisor.list()).toMatchObject([
    { id: 'on', state: 'stopped', wished: true, tools: 5, era: 'legacy' },
    { id: 'off', state: 'stopped', wished: false, tools: 5 },
  ])
  app.supervisor.restore()
  expect(await app.settled('on')).toMatchObject({ state: 'ready' })
  expect(app.server('off').state).toBe('stopped')
})

test('follows the configuration: restarts what changed, ends what is gone, leaves the rest alone', async () => {
  const same = { ...echo('same'), number: 1 }
  await using app = await TestSupervisor.open([same, { ...echo('changed'), number: 2 }, { ...echo('gone'), number: 3 }])
  const before = await Promise.all(['same', 'changed', 'gone'].map((name) => app.start(name)))
  const changed = localSpec('changed', { args: [testServer('echo'), 'more'], number: 2 })
  await app.supervisor.configure([same, changed])
  expect(await app.settled('changed')).toMatchObject({ state: 'ready' })
  expect(app.server('changed').pid).not.toBe(before[1]!.pid)
  expect(app.server('same').pid).toBe(before[0]!.pid)
  expect(app.supervisor.get('gone' as ServerId)).toBeNull()
  expect((await app.leftovers()).sort()).toEqual([app.server('same').pid, app.server('changed').pid].sort())
})

test('leaves a server off that was taken out and comes back', async () => {
  await using app = await TestSupervisor.open([echo()])
  await app.start('echo')
  await app.supervisor.configure([])
  expect(await app.leftovers()).toEqual([])
  await app.supervisor.configure([echo()])
  expect(app.server('echo')).toMatchObject({ state: 'stopped', wished: false, tools: 5 })
  await app.reopen([echo()])
  expect(app.server('echo')).toMatchObject({ wished: false })
})

test('starts a server as soon as the edit that it waited for is made', async () => {
  await using app = await TestSupervisor.open([localSpec('echo', { command: 'no-such-command' })])
  await app.start('echo')
  await app.supervisor.configure([echo()])
  expect(await app.settled('echo')).toMatchObject({ state: 'ready', last_error: { code: 'command_not_found' } })
})

test('asks for the secrets that it needs', async () => {
  const secrets = new Map([['known', 'k']])
  const vault = memoryVault(secrets)
  const spec = localSpec('sealed', { args: [testServer('echo')], env: { A: '${secret:known}', B: '${secret:other}' } })
  await using app = await TestSupervisor.open([spec], undefined, vault)
  expect(await app.start('sealed')).toMatchObject({
    state: 'needs_secret',
    reason: 'other is not in the vault',
    detail: { names: ['other'] },
  })
  secrets.set('other', 'o')
  expect(await app.start('sealed')).toMatchObject({ state: 'ready' })
})

test('relists what a server says has changed', async () => {
  await using app = await TestSupervisor.open([localSpec('lists', { args: [testServer('list-changes')] })])
  await app.start('lists')
  const admission = app.supervisor.admit('lists' as ServerId)
  if (admission.kind !== 'open') throw new Error(`not admitted: ${admission.kind}`)
  const limits = { timeoutMs: 10_000, maxTotalMs: 10_000 }
  await admission.link.request('tools/call', { name: 'add', arguments: { kind: 'tools' } }, limits)
  await app.until(() => app.server('lists').tools === 3)
  expect(app.supervisor.listing('lists' as ServerId)!.tools.map((tool) => tool.name)).toContain('added_2')
  await admission.link.request('tools/call', { name: 'storm', arguments: {} }, limits)
  expect(app.said('lists').filter((text) => text.startsWith('changed its tools')).length).toBeLessThan(100)
})

test('tells how a server would be launched, without its secrets', async () => {
  const spec = localSpec('echo', { command: 'node', env: { KEY: '${secret:key}' }, cwd: '~' })
  await using app = await TestSupervisor.open([
    spec,
    { ...localSpec('wrong', { command: 'no-such-command' }), number: 2 },
  ])
  const { launch } = await app.supervisor.effectiveLaunch(id)
  expect(launch!.command).toMatch(/[\\/]node(\.exe)?$/)
  expect(launch!.path.some((folder) => folder.endsWith(join('node_modules', '.bin')))).toBe(false)
  expect(launch!.env_names).toContain('KEY')
  expect(await app.supervisor.effectiveLaunch('wrong' as ServerId)).toEqual({
    launch: null,
    problem: expect.stringContaining('no-such-command is not on PATH'),
  })
})
