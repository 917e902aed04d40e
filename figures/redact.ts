import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Figure, type FigureOptions } from './figure.ts'
import { Program } from './program.ts'
import { issuedTokens } from './redact/issued-tokens.ts'
import { askByName, openOutside } from './redact/outside.ts'
import { type Planted, plantedSecrets, spellingsOf } from './redact/planted-secrets.ts'
import { download, files, follow, keptResults, partsOf, rest, sse, terminal, watch } from './redact/sinks.ts'
import { tellElsewhere } from './redact/told-elsewhere.ts'

/** Secrets told in one call. */
const together = 20

/** Sinks where a secret leaves no trace at all. */
const bare = new Set([
  'files of a running program',
  'export of the configuration',
  'metrics',
  'words of the program',
  'files',
])

/**
 * A server that tells every secret it was given, and every token of Signalbox, in every way it can, and all places that
 * are written, pushed, shown or exported: none of them holds any of the secrets, in any encoding.
 */
export async function redact({ short, seed }: FigureOptions): Promise<Figure> {
  const figure = new Figure('redact')
  const planted = plantedSecrets(short ? 60 : 500, seed)
  const home = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  const outside = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  try {
    const { sinks, issued } = await fill(home, outside, planted)
    // A sink that got nothing would keep every promise.
    for (const [name, content] of sinks) {
      if (!bare.has(name)) await figure.check(`${name} shows the masks`, () => assert.match(content, /masked/))
      for (const secret of [...planted, ...issued]) {
        await figure.check(`${name} does not hold ${secret.name}`, () => absent(secret, content))
      }
    }
  } finally {
    for (const folder of [home, outside]) await rm(folder, { recursive: true, force: true })
  }
  return figure
}

function absent(secret: Planted, content: string): void {
  const found = spellingsOf(secret).find((spelling) => content.includes(spelling))
  assert.equal(found, undefined, `a secret of the ${secret.holder}, ${JSON.stringify(secret.value)}`)
}

interface Filled {
  readonly sinks: Map<string, string>
  /** Tokens of Signalbox itself. */
  readonly issued: readonly Planted[]
}

/** Everything that Signalbox wrote, pushed and showed, as text, by sink. */
async function fill(home: string, outside: string, planted: readonly Planted[]): Promise<Filled> {
  const env = planted.map(({ name, value, holder }) => [name, holder === 'vault' ? `\${secret:${name}}` : value])
  const entry = { command: 'node', args: [resolve('test-servers/tells-secrets.mjs')], env: Object.fromEntries(env) }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { teller: entry } }))

  const sinks = new Map<string, string>()
  await using program = await Program.start(home)
  await using receiver = await openOutside(program)
  const { told, untold } = await issuedTokens(program)
  const sockets = await watch(home)
  const topics = await follow(home)
  for (const { name, value } of planted.filter(({ holder }) => holder === 'vault')) {
    const { status } = await program.request('PUT', `/secrets/${name}`, { value })
    assert.equal(status, 200, `the vault takes ${name}`)
  }
  const { body } = await program.request('POST', '/servers/teller/start?wait_s=60')
  assert.equal(body.state, 'ready', body.reason)

  const large = await keepLarge(program, planted)
  const ids = [...large, ...(await tellAll(program, planted, told, receiver.callbackUrl))]
  await askByName(program, planted)
  await tellElsewhere(program, planted)
  sinks.set('files of a running program', await files(home))
  sinks.set('REST', await rest(program, ids))
  sinks.set('kept results', await keptResults(program, home, large))
  sinks.set('SSE', await sse(home, ids))
  sinks.set('RPC over WebSocket', sockets.seen())
  sinks.set('topics over WebSocket', topics.seen())
  sinks.set('terminal', await terminal(home, ids))
  for (const what of ['tasks', 'logs']) sinks.set(`export of ${what}`, await download(program, `/exports/${what}`))
  sinks.set('export of the configuration', await download(program, '/export/config'))
  sinks.set('metrics', await download(program, '/metrics', ''))
  const backup = join(outside, 'backup')
  assert.equal((await program.request('POST', '/backups', { file: backup })).status, 201)
  sinks.set('backup', partsOf(backup))
  await program.end()
  sinks.set('callbacks', receiver.callbacks())
  sinks.set('traces', receiver.traces())
  sinks.set('words of the program', program.said)
  sinks.set('files', await files(home))
  return { sinks, issued: [...told, ...untold] }
}

/** Has every secret told in results that are too large to be handed on; ids of the tasks. */
async function keepLarge(program: Program, planted: readonly Planted[]): Promise<string[]> {
  const limit = { id: randomUUID(), client: '*', server: 'teller', tool: 'tell', result: { most_bytes: 1024 } }
  assert.equal((await program.request('PUT', '/limits', { limits: [limit] })).status, 200)
  const ids: string[] = []
  for (let from = 0; from < planted.length; from += together) {
    const id = await program.call('teller', 'tell', { from, to: Math.min(from + together, planted.length) })
    await program.task(id)
    ids.push(id)
  }
  assert.equal((await program.request('PUT', '/limits', { limits: [] })).status, 200)
  return ids
}

/** Calls every tool with secrets in its arguments, each end told to a receiver; the crash last. Ids of the tasks. */
async function tellAll(
  program: Program,
  planted: readonly Planted[],
  issued: readonly Planted[],
  callback_url: string,
): Promise<string[]> {
  const ids: string[] = []
  const call = async (tool: string, parameters: unknown): Promise<void> => {
    const { status, body } = await program.request('POST', '/tasks', {
      agent: 'teller',
      action: tool,
      parameters,
      callback_url,
    })
    assert.equal(status, 202, body.message)
    const id: string = body.task_id
    await program.task(id)
    ids.push(id)
  }
  const tell = (tool: string, from: number, to: number): Promise<void> => {
    const given = planted.slice(from, to).map(({ value }) => value)
    return call(tool, { from, to, given, nested: { [given[0]!]: given.join(' ') } })
  }
  for (let from = 0; from < planted.length; from += together) {
    for (const tool of ['tell', 'fail', 'refuse', 'garble'])
      await tell(tool, from, Math.min(from + together, planted.length))
  }
  await call('repeat', { given: issued.map(({ value }) => value) })
  await tell('crash', 0, together)
  return ids
}
