import { SqlConsentRepo } from './consent-repo.ts'
import { LogLineRepo } from './log-repo.ts'
import type { DatabaseKind } from './open-database.ts'
import type { LogSchema, PreciousSchema } from './schema.ts'
import { SqlServerRepo } from './server-repo.ts'
import { SqlSettingsRepo } from './settings-repo.ts'
import { kyselyOver, type Sqlite } from './sqlite.ts'
import { consentAccess, logAccess, serverAccess, settingsAccess, taskAccess } from './store-protocol.ts'
import { SqlTaskRepo } from './task-repo.ts'
import { addTextSearch } from './text-search.ts'

interface Operation {
  access: 'read' | 'write'
  run: (args: unknown[]) => Promise<unknown>
}

interface Exposed {
  target: object
  access: Readonly<Record<string, 'read' | 'write'>>
}

/** The repos of one database, found by the names that a message carries. */
export function createRepos(sqlite: Sqlite, kind: DatabaseKind): { find(repo: string, method: string): Operation } {
  addTextSearch(sqlite)
  const repos = kind === 'precious' ? preciousRepos(sqlite) : logRepos(sqlite)
  return {
    find(repo, method) {
      const exposed = repos[repo]
      const access = exposed?.access[method]
      const run: unknown = exposed && Reflect.get(exposed.target, method)
      if (!access || typeof run !== 'function') throw new Error(`The store has no ${repo}.${method}`)
      return { access, run: async (args) => Reflect.apply(run, exposed.target, args) }
    },
  }
}

function preciousRepos(sqlite: Sqlite): Record<string, Exposed> {
  const db = kyselyOver<PreciousSchema>(sqlite)
  return {
    tasks: { target: new SqlTaskRepo(db), access: taskAccess },
    servers: { target: new SqlServerRepo(db), access: serverAccess },
    consents: { target: new SqlConsentRepo(db), access: consentAccess },
    settings: { target: new SqlSettingsRepo(db), access: settingsAccess },
  }
}

function logRepos(sqlite: Sqlite): Record<string, Exposed> {
  return { logs: { target: new LogLineRepo(sqlite, kyselyOver<LogSchema>(sqlite)), access: logAccess } }
}
