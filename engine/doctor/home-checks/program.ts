import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '../../../shared/app-error.ts'
import { ensurePortFree } from '../../api/own-port.ts'
import { commandLineOf, isAlive } from '../../api/process-identity.ts'
import { readRuntimeFile } from '../../api/runtime-file.ts'
import type { HomeCase } from '../case.ts'
import { goneStale } from '../entry-fix.ts'
import { type Finding, type Fix, notLooked, ok, problem, problemOf, warning } from '../finding.ts'

/** Who has the home: nobody, a program that answers, or one that does not. */
export async function checkProgram(found: HomeCase): Promise<Finding> {
  const { host, running } = found.around
  const info = running === null ? await readRuntimeFile(host.home) : null
  found.isServed = running !== null || info !== null
  if (running !== null) return ok(`Signalbox ${host.version} runs here, process ${process.pid}.`)
  if (info !== null) return ok(`Signalbox ${info.version} runs at ${info.url}, process ${info.pid}.`)

  const lock = join(host.home, 'lock')
  const state = lockState(lock)
  const runtime = join(host.home, 'runtime.json')
  const left = await readFile(runtime, 'utf8').catch(() => null)
  if (state === 'damaged') {
    const hint = 'Remove that file; it is made anew.'
    return problem('lock_damaged', `${lock} is no lock of Signalbox.`, { hint, fix: removal(lock) })
  }
  if (state === 'held') {
    const pid = pidIn(left)
    const who = pid === null || !isAlive(pid) ? null : `process ${pid} (${await commandLineOf(pid)})`
    return problem('program_hangs', `A Signalbox has this home but does not answer${who === null ? '' : `: ${who}`}.`, {
      hint: 'End that process, then start Signalbox again.',
    })
  }
  if (left !== null) {
    return warning('stale_runtime_file', `${runtime} tells of a program that is gone.`, {
      hint: 'Remove that file.',
      evidence: [left.trim().slice(0, 300)],
      fix: removal(runtime),
    })
  }
  return ok('Signalbox is not running; its home is free.')
}

/** Whether the gateway's address can be had, or is ours already. */
export async function checkGatewayPort(found: HomeCase): Promise<Finding> {
  const { running, port, host } = found.around
  const url = running === null ? ((await readRuntimeFile(host.home))?.url ?? null) : running.url
  found.isPortOpen = url !== null
  if (url !== null) return ok(`Signalbox answers at ${url}.`)
  if (port === 0) return notLooked('Any free port will do.')
  try {
    await ensurePortFree(port)
    return ok(`Port ${port} is free.`)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return problemOf(error.failure, { blocks: false })
  }
}

function lockState(path: string): 'free' | 'held' | 'damaged' {
  let database: Database.Database | undefined
  try {
    database = new Database(path, { timeout: 0, fileMustExist: true })
    database.exec('BEGIN EXCLUSIVE; ROLLBACK')
    return 'free'
  } catch (error) {
    const code = error instanceof Database.SqliteError ? error.code : ''
    if (code.startsWith('SQLITE_BUSY')) return 'held'
    // A file that is not there is nobody's.
    return code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT') ? 'damaged' : 'free'
  } finally {
    database?.close()
  }
}

function removal(path: string): Fix {
  const shown = modified(path)
  return {
    title: `Remove ${path}`,
    changes: [{ what: 'Remove the file', path, hunks: [] }],
    async apply() {
      if ((await modified(path)) !== (await shown)) throw goneStale(path)
      await rm(path)
    },
  }
}

async function modified(path: string): Promise<number | null> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  )
}

function pidIn(text: string | null): number | null {
  const pid = /"pid":(\d+)/.exec(text ?? '')?.[1]
  return pid === undefined ? null : Number(pid)
}
