import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Figure } from './figure.ts'
import { alive, treeOf } from './processes.ts'
import { type Json, Program } from './program.ts'

const servers = ['everything', 'filesystem', 'memory', 'sequential-thinking'] as const

/**
 * The main job on real servers: four reference servers ready, every tool of two of them called and found again in a
 * second start, a call cancelled, one timed out, one refused, and nothing left running.
 */
export async function mainJob(): Promise<Figure> {
  const figure = new Figure('main-job')
  const home = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  try {
    await prepare(home)
    const called = await firstStart(figure, home)
    await secondStart(figure, home, called)
    await suddenDeath(figure, home)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
  return figure
}

async function prepare(home: string): Promise<void> {
  const folder = join(home, 'files')
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: configuration(home, folder) }, null, 2))
  await mkdir(folder)
  await writeFile(join(folder, 'poem.txt'), 'one\ntwo\nthree\n')
  await writeFile(join(folder, 'dot.png'), Buffer.from(onePixel, 'base64'))
}

function configuration(home: string, folder: string): Record<string, unknown> {
  const program = (name: string): string =>
    resolve('node_modules/@modelcontextprotocol', `server-${name}`, 'dist/index.js')
  const extra: Partial<Record<string, Json>> = {
    filesystem: { args: [program('filesystem'), folder] },
    memory: { env: { MEMORY_FILE_PATH: join(home, 'memory.jsonl') } },
  }
  return Object.fromEntries(servers.map((name) => [name, { command: 'node', args: [program(name)], ...extra[name] }]))
}

/** Resolves once none of some processes runs any more; the watchdog looks after itself a moment longer than the rest. */
async function gone(pids: readonly number[]): Promise<void> {
  const deadline = Date.now() + 30_000
  while (alive(pids).length > 0 && Date.now() < deadline) await delay(100)
  assert.deepEqual(alive(pids), [])
}

/** Longer than anything here waits. */
const slowCall = ['everything', 'trigger-long-running-operation', { duration: 60, steps: 1 }] as const

/** Ids of the completed calls, by `server/tool`. */
type Called = Map<string, string>

async function firstStart(figure: Figure, home: string): Promise<Called> {
  const called: Called = new Map()
  await using program = await Program.start(home)

  await Promise.all(
    servers.map((id) =>
      figure.check(`${id} becomes ready`, async () => {
        const { status, body } = await program.request('POST', `/servers/${id}/start?wait_s=60`)
        assert.deepEqual([status, body.state], [202, 'ready'], body.reason)
      }),
    ),
  )

  for (const agent of ['filesystem', 'memory'] as const) {
    const { items } = await program.get(`/servers/${agent}/tools`)
    const listed = new Set(items.map((tool: Json) => tool.name))
    await figure.check(`the arguments for ${agent} cover its tools`, () =>
      assert.deepEqual(listed, new Set(calls(home)[agent].map(([tool]) => tool))),
    )
    for (const [tool, parameters] of calls(home)[agent]) {
      await figure.check(`${agent} ${tool} completes`, async () => {
        const task = await program.task(await program.call(agent, tool, parameters))
        assert.equal(task.status, 'completed', JSON.stringify(task.error))
        assert.ok(Array.isArray(task.result.content), 'the result is the MCP result')
        called.set(`${agent}/${tool}`, task.task_id)
      })
    }
  }
  await spoiltCalls(figure, program)

  const tree = treeOf(program.pid)
  await figure.check('stop ends the processes of a server and wishes it off', async () => {
    const before = await program.get('/servers/everything')
    const { body } = await program.request('POST', '/servers/everything/stop?wait_s=30')
    assert.deepEqual([body.state, body.wished, alive([before.pid])], ['stopped', false, []])
  })
  await figure.check('ending the program leaves no process behind', async () => {
    assert.equal(await program.end(), 0)
    assert.ok(tree.length > servers.length, 'the tree held the servers')
    assert.deepEqual(alive(tree), [])
  })
  return called
}

async function spoiltCalls(figure: Figure, program: Program): Promise<void> {
  await figure.check('a running call is cancelled', async () => {
    const id = await program.call(...slowCall)
    await program.task(id, (task) => task.status === 'running')
    const { status } = await program.request('DELETE', `/tasks/${id}`)
    assert.deepEqual([status, (await program.task(id)).status], [202, 'cancelled'])
  })
  await figure.check('a call over its limit is timed out', async () => {
    const task = await program.task(await program.call(...slowCall, 300))
    assert.deepEqual([task.status, task.error.code], ['timed_out', 'timed_out'])
  })
  await figure.check('bad arguments are refused and nothing is sent', async () => {
    const task = await program.task(await program.call('filesystem', 'read_text_file', { path: 7 }))
    assert.deepEqual([task.status, task.error.code, task.sent], ['failed', 'invalid_arguments', false])
  })
  await figure.check('an unknown server and an unknown tool make no task', async () => {
    const before = (await program.get('/tasks?limit=1')).items[0].task_id
    const answers = [
      await program.request('POST', '/tasks', { agent: 'nobody', action: 'x', parameters: {} }),
      await program.request('POST', '/tasks', { agent: 'memory', action: 'nothing', parameters: {} }),
      await program.request('POST', '/tasks', { agent: 7 }),
    ]
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body.code]),
      [
        [404, 'unknown_server'],
        [404, 'unknown_tool'],
        [400, 'invalid_input'],
      ],
    )
    assert.equal((await program.get('/tasks?limit=1')).items[0].task_id, before)
  })
}

async function secondStart(figure: Figure, home: string, called: Called): Promise<void> {
  await using program = await Program.start(home)
  for (const [call, id] of called) {
    await figure.check(`${call} is found after a restart`, async () => {
      const [agent, action] = call.split('/')
      const task = await program.get(`/tasks/${id}`)
      assert.deepEqual([task.agent, task.action, task.status], [agent, action, 'completed'])
      const { items } = await program.get(`/tasks/${id}/events`)
      const statuses = items.filter((event: Json) => event.kind === 'status').map((event: Json) => event.data.status)
      assert.deepEqual(statuses, ['queued', 'running', 'completed'])
    })
  }
  await figure.check('what was on is on again, and what was off stays off', async () => {
    const wished = (await program.get('/servers')).items.map((server: Json) => [server.id, server.wished])
    assert.deepEqual(
      wished,
      servers.map((id) => [id, id !== 'everything']),
    )
    const { body } = await program.request('POST', '/servers/memory/start?wait_s=60')
    assert.equal(body.state, 'ready')
  })
  const tree = treeOf(program.pid)
  await figure.check('the second start ends as cleanly as the first', async () => {
    assert.equal(await program.end(), 0)
    assert.deepEqual(alive(tree), [])
  })
}

/** The program dies without a word while a call runs; the next start says so and leaves nothing of it behind. */
async function suddenDeath(figure: Figure, home: string): Promise<void> {
  let id: string
  let orphans: number[]
  {
    await using program = await Program.start(home)
    await program.request('POST', '/servers/everything/start?wait_s=60')
    id = await program.call(...slowCall)
    await program.task(id, (task) => task.status === 'running')
    orphans = treeOf(program.pid)
    await program.kill()
  }
  await using program = await Program.start(home)
  await figure.check('a call that ran when the program died is interrupted, and was sent', async () => {
    const task = await program.get(`/tasks/${id}`)
    assert.deepEqual([task.status, task.error.code, task.sent], ['interrupted', 'interrupted', true])
  })
  await figure.check('nothing of the dead program is left', () => gone(orphans))
}

/** Valid arguments for each tool, in an order in which each finds what it needs. */
function calls(home: string): Record<'filesystem' | 'memory', [tool: string, parameters: Json][]> {
  const folder = join(home, 'files')
  const at = (name: string): string => join(folder, name)
  return {
    filesystem: [
      ['list_allowed_directories', {}],
      ['read_file', { path: at('poem.txt') }],
      ['read_text_file', { path: at('poem.txt'), head: 2 }],
      ['read_media_file', { path: at('dot.png') }],
      ['read_multiple_files', { paths: [at('poem.txt'), at('poem.txt')] }],
      ['write_file', { path: at('new.txt'), content: 'old words' }],
      ['edit_file', { path: at('new.txt'), edits: [{ oldText: 'old', newText: 'new' }] }],
      ['create_directory', { path: at('shelf') }],
      ['move_file', { source: at('new.txt'), destination: at('shelf/new.txt') }],
      ['list_directory', { path: folder }],
      ['list_directory_with_sizes', { path: folder, sortBy: 'size' }],
      ['directory_tree', { path: folder }],
      ['search_files', { path: folder, pattern: '*.txt' }],
      ['get_file_info', { path: at('poem.txt') }],
    ],
    memory: [
      [
        'create_entities',
        { entities: ['Ada', 'Box'].map((name) => ({ name, entityType: 'thing', observations: ['is'] })) },
      ],
      ['create_relations', { relations: [{ from: 'Ada', to: 'Box', relationType: 'works in' }] }],
      ['add_observations', { observations: [{ entityName: 'Ada', contents: ['pulls levers'] }] }],
      ['read_graph', {}],
      ['search_nodes', { query: 'levers' }],
      ['open_nodes', { names: ['Ada'] }],
      ['delete_observations', { deletions: [{ entityName: 'Ada', observations: ['pulls levers'] }] }],
      ['delete_relations', { relations: [{ from: 'Ada', to: 'Box', relationType: 'works in' }] }],
      ['delete_entities', { entityNames: ['Ada', 'Box'] }],
    ],
  }
}

const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
