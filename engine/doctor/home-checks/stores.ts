import { existsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { type DatabaseKind, schemaOf } from '../../store/open-database.ts'
import { setAside } from '../../store/set-aside.ts'
import type { HomeCase } from '../case.ts'
import { type Finding, type Fix, ok, problem, problemOf, warning } from '../finding.ts'

const names = { precious: 'signalbox.db', logs: 'logs.db' } as const
const contents = { precious: 'tasks, runs and wishes', logs: 'log lines' } as const

/** A larger file takes longer than a person waits; the program itself looks at it after each unclean end. */
const largestBytes = 512 * 1024 * 1024

/** A database of the home: ours, of this version and sound. A program that runs has its own eyes on it. */
export async function checkStore({ around }: HomeCase, kind: DatabaseKind): Promise<Finding> {
  const file = join(around.host.home, names[kind])
  const { running } = around
  if (running !== null) {
    const banner = running.bannerOf(kind)
    return banner === null ? ok(`${names[kind]} is open and sound.`) : problemOf(banner, { blocks: false })
  }
  if (!existsSync(file)) return ok(`There is no ${names[kind]} yet; the first start makes it.`)
  const { size } = statSync(file)
  const seen = [`${file}, ${Math.ceil(size / 1024)} KB`]
  const damaged = (why: string): Finding =>
    problem('store_damaged', `${file} is damaged: ${why}.`, {
      hint: `Set it aside; a new one is begun without the earlier ${contents[kind]}, and nothing is deleted.`,
      evidence: [...seen, why],
      fix: asideFix(file, kind),
      blocks: false,
    })
  if (size === 0)
    return existsSync(`${file}-wal`) ? damaged('it is empty, and its log of changes is not') : ok('It is empty.')
  if (size % 512 !== 0) return damaged('it ends within a page')
  let database: Database.Database | undefined
  try {
    database = new Database(file, { readonly: true, timeout: 2_000 })
    const { applicationId, version } = schemaOf(kind)
    if (Number(database.pragma('application_id', { simple: true })) !== applicationId) {
      return problem('foreign_database', `${file} is a database of another program.`, {
        hint: 'Move that file elsewhere, or start Signalbox with another --home.',
        blocks: false,
      })
    }
    const found = Number(database.pragma('user_version', { simple: true }))
    if (found > version) {
      return warning('newer_schema', `${file} was written by a newer Signalbox.`, {
        hint: 'Update Signalbox; until then the file is open for reading only.',
        evidence: [...seen, `schema ${found}; this program knows ${version}`],
      })
    }
    if (size > largestBytes) return ok(`${names[kind]} opens; it is too large to be read through here.`, seen)
    const verdict = String(database.pragma('quick_check(1)', { simple: true }))
    return verdict === 'ok' ? ok(`${names[kind]} is sound.`, seen) : damaged(verdict)
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    return damaged(error.message)
  } finally {
    database?.close()
  }
}

function asideFix(file: string, kind: DatabaseKind): Fix {
  const what = `Move it to ${basename(file)}.damaged-…; the next start begins a new one without the earlier ${contents[kind]}`
  return {
    title: `Set ${basename(file)} aside`,
    changes: [{ what, path: file, hunks: [] }],
    apply: async () => void setAside(file, new Date()),
  }
}
