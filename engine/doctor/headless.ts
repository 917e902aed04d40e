import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { ServerId } from '../../shared/ids.ts'
import { Connections } from '../clients/connect/connections.ts'
import { openConfigFile } from '../config/config-file.ts'
import { lastGoodPath } from '../config/last-good.ts'
import { ConsentBook } from '../consent/consent-book.ts'
import type { Host } from '../host.ts'
import { entrySecrets } from '../secrets/entry-secrets.ts'
import { Masker } from '../secrets/masker.ts'
import { baseEnvironment } from '../servers/environment.ts'
import { ProcessRegistry } from '../servers/process-registry.ts'
import { findSearchPath, searchPathText } from '../servers/search-path.ts'
import { Watchdog } from '../servers/watchdog.ts'
import type { ConsentRecord } from '../store/store.ts'
import { Doctor } from './doctor.ts'

/** A doctor for a home that no program serves: it reads what lies there, opens no store and leaves nothing behind. */
export async function openHeadlessDoctor(host: Host, port: number): Promise<{ doctor: Doctor } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack()
  const { home, platform, env, userHome } = host
  const masker = new Masker()
  const searchPath = await findSearchPath(host)
  const baseEnv = baseEnvironment(env, platform, searchPathText(searchPath, platform))
  masker.learn(entrySecrets({ env: baseEnv }).map(({ value }) => value))
  const installId = randomUUID()
  const watchdog = stack.use(new Watchdog({ installId, platform, env }))
  // Not the home's own registry: what an earlier life left in there is for the next start to clear up.
  const scratch = await mkdtemp(join(tmpdir(), 'signalbox-doctor-'))
  stack.defer(() => rm(scratch, { recursive: true, force: true }))
  const registry = new ProcessRegistry({ home: scratch, platform, watchdog })
  const connections = new Connections({ host: { ...host, userHome }, served: () => [], url: () => null })
  const configPath = join(home, 'mcp.json')
  const doctor = new Doctor(async () => ({
    host,
    masker,
    searchPath,
    baseEnv,
    consent: await ConsentBook.open({
      repo: { all: async () => agreements(home), set: async () => {} },
      masker,
      onUnrecorded() {},
    }),
    authorizerFor: () => null,
    installId,
    registry,
    connections,
    port,
    running: null,
    async saveEntry(id, entry) {
      await using file = await openConfigFile({ path: configPath, lastGood: lastGoodPath(home), onChange() {} })
      await file.saveEntry(id, entry)
    },
    setSecret: (name, value) => host.vault!.set(name, value),
  }))
  const owned = stack.move()
  return { doctor, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** What was agreed to in this home; nothing where its store cannot be read. */
function agreements(home: string): ConsentRecord[] {
  const file = join(home, 'signalbox.db')
  if (!existsSync(file)) return []
  let database: Database.Database | undefined
  try {
    database = new Database(file, { readonly: true, timeout: 1_000 })
    const rows = database.prepare('select * from consents').all() as Record<keyof ConsentRecord, string | null>[]
    return rows.map((row) => ({
      server: row.server as ServerId,
      hash: row.hash!,
      fields: JSON.parse(row.fields!),
      tools: row.tools === null ? null : JSON.parse(row.tools),
      agreed_at: row.agreed_at!,
      agreed_by: row.agreed_by!,
    }))
  } catch {
    // A store that is damaged or of another time is the store check's finding; nobody is known to have agreed.
    return []
  } finally {
    database?.close()
  }
}
