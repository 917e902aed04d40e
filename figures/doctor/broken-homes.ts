import { chmod, mkdir, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Connections } from '../../engine/clients/connect/connections.ts'
import { openLogStore, openStore } from '../../engine/store/open-store.ts'
import type { Bench } from './bench.ts'
import { mended, type Setup, told } from './setups.ts'

const good = '{ "mcpServers": {} }\n'

/** What can be wrong with a home itself. */
export const brokenHomes: readonly Setup[] = [
  mended('home_missing', 'the home is gone', ({ home }) => rm(home, { recursive: true })),
  told('home_not_a_folder', 'a file stands where the home should', async ({ home }) => {
    await rm(home, { recursive: true })
    await writeFile(home, '')
  }),
  mended('home_unwritable', 'the home may not be written', ({ home }) => chmod(home, 0o500)),
  mended('home_open_to_others', 'others may look into the home', ({ home }) => chmod(home, 0o755)),
  told('clock_behind', 'a file is from tomorrow', async (bench) => {
    const tomorrow = Date.now() / 1000 + 86_400
    await utimes(await bench.config(good), tomorrow, tomorrow)
  }),
  mended('stale_runtime_file', 'a program died and left its announcement', ({ home }) => {
    const info = {
      pid: 2_147_483_600,
      url: 'http://127.0.0.1:9',
      version: '0.0.1',
      startedAt: '2026-11-22T10:00:00.000Z',
    }
    return writeFile(join(home, 'runtime.json'), JSON.stringify(info), { mode: 0o600 })
  }),
  mended('lock_damaged', 'the lock file is something else', ({ home }) =>
    writeFile(
      join(home, 'lock'),
      'not a database, and long enough that it cannot be taken for an empty one '.repeat(20),
    ),
  ),
  told('program_hangs', 'a program has the home and does not answer', async (bench) => {
    const lock = new Database(join(bench.home, 'lock'))
    lock.exec('BEGIN EXCLUSIVE')
    bench.use({ [Symbol.dispose]: () => void lock.close() })
  }),
  told('port_taken', "the gateway's port is another's", async (bench) => {
    bench.port = await bench.takenPort()
  }),
  mended('config_broken', 'a comma is missing', (bench) =>
    bench.brokenConfig('{\n  "mcpServers": {\n    "a": { "command": "x" }\n    "b": {}\n  }\n}\n'),
  ),
  mended('config_broken', 'the file was cut off', (bench) => bench.brokenConfig('{ "mcpServers": { "a": { "comm')),
  mended('config_broken', 'the file is empty', (bench) => bench.brokenConfig('')),
  mended('config_broken', 'a server stands there twice', (bench) =>
    bench.brokenConfig('{"mcpServers":{"a":{"url":"http://127.0.0.1:9"},"a":{"url":"http://127.0.0.1:9"}}}'),
  ),
  mended('config_broken', 'mcpServers is a list', (bench) => bench.brokenConfig('{ "mcpServers": [] }')),
  told('config_broken', 'the file is broken and no good copy was kept', (bench) => bench.config('{')),
  mended('not_utf8', 'the file was saved as UTF-16', (bench) =>
    bench.brokenConfig(Buffer.from(`\ufeff${good}`, 'utf16le')),
  ),
  told('config_unreadable', 'mcp.json is a folder', ({ mcpJson }) => mkdir(mcpJson)),
  mended('config_open_to_others', 'others may read secrets in mcp.json', async (bench) => {
    const env = { API_TOKEN: 'planted-and-worth-hiding-4711' }
    await bench.server({ ...bench.testServer('echo.mjs'), env })
    await chmod(bench.mcpJson, 0o644)
  }),
  mended('token_unreadable', 'the owner token was cut off', ({ home }) =>
    writeFile(join(home, 'token'), 'short', { mode: 0o600 }),
  ),
  mended('token_open_to_others', 'others may read the owner token', (bench) =>
    bench.file(join(bench.home, 'token'), 'A'.repeat(43), 0o644),
  ),
  mended('vault_key_unusable', "others may read the vault's key", async (bench) => {
    await bench.host().vault!.set('ONE', 'a value')
    await chmod(join(bench.home, 'secrets.key'), 0o644)
  }),
  told('vault_key_unusable', "the vault's key was cut off", async (bench) => {
    await bench.host().vault!.set('ONE', 'a value')
    await truncate(join(bench.home, 'secrets.key'), 7)
  }),
  mended('store_damaged', 'a page of signalbox.db is overwritten', async (bench) => {
    await stored(bench)
    await overwrite(join(bench.home, 'signalbox.db'))
  }),
  mended('store_damaged', 'signalbox.db ends within a page', async (bench) => {
    await stored(bench)
    await truncate(join(bench.home, 'signalbox.db'), 5_000)
  }),
  mended('store_damaged', 'a page of logs.db is overwritten', async (bench) => {
    const file = join(bench.home, 'logs.db')
    const { store } = await openLogStore({ file, worker: bench.host().storeWorker })
    await store[Symbol.asyncDispose]()
    await overwrite(file)
  }),
  told('foreign_database', "signalbox.db is another program's", async ({ home }) => {
    const database = new Database(join(home, 'signalbox.db'))
    database.exec('create table notes (text); pragma application_id = 7')
    database.close()
  }),
  told('newer_schema', 'signalbox.db is from a later version', async (bench) => {
    await stored(bench)
    const database = new Database(join(bench.home, 'signalbox.db'))
    database.pragma('user_version = 9999')
    database.close()
  }),
  told('shell_failed', 'the login shell cannot be started', async (bench) => {
    bench.env = { SHLVL: '0', SHELL: join(bench.home, 'no-shell') }
  }),
  mended('client_file_drifted', 'our entry in another program was changed', async (bench) => {
    const path = await connected(bench)
    await writeFile(path, '{ "mcpServers": { "signalbox": { "command": "something-else" } } }')
  }),
  mended('client_file_drifted', 'our entry in another program was taken out', async (bench) => {
    await writeFile(await connected(bench), '{ "mcpServers": {} }')
  }),
  mended('client_file_drifted', "another program's file is gone", async (bench) => rm(await connected(bench))),
  told('client_file_unreadable', "another program's file is broken", async (bench) => {
    await writeFile(await connected(bench), '{ "mcpServers": ')
  }),
]

async function stored(bench: Bench): Promise<void> {
  const file = join(bench.home, 'signalbox.db')
  const { store } = await openStore({ file, worker: bench.host().storeWorker, onBanner() {} })
  await store[Symbol.asyncDispose]()
}

async function overwrite(file: string): Promise<void> {
  const database = new Database(file)
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
  const { open } = await import('node:fs/promises')
  await using handle = await open(file, 'r+')
  await handle.write(Buffer.alloc(4096, 0x5a), 0, 4096, 4096)
}

/** Cursor with our entry, as it was written; the path of its file. */
async function connected(bench: Bench): Promise<string> {
  await mkdir(join(bench.userHome, '.cursor'))
  const connections = new Connections({ host: bench.host(), served: () => [], url: () => null })
  const request = { program: 'cursor', scope: 'user', folder: null, mode: 'stdio', move: [] } as const
  const { path, before_hash, after_hash } = await connections.preview({ ...request, move: [] })
  await connections.write({ ...request, move: [], before_hash, after_hash })
  return path
}
