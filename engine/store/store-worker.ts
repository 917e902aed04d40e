// The worker thread of one database file. It owns the only connection; each message is one call of a repo.
import { parentPort, workerData } from 'node:worker_threads'
import { AppError } from '../../shared/app-error.ts'
import type { OpenedDatabase } from './open-database.ts'
import type { Request, Response, SentError, WorkerInput } from './store-protocol.ts'

const { file, kind } = workerData as WorkerInput
const port = parentPort!

const send = (response: Response): void => port.postMessage(response)

try {
  await serve()
} catch (error) {
  send({ kind: 'not_opened', error: sent(error) })
  port.close()
}

async function serve(): Promise<void> {
  if (Number.parseInt(process.versions.node, 10) < 22) {
    throw new AppError('node_too_old', `The store needs Node 22 or newer; this is ${process.versions.node}`, {
      hint: 'Install Node 24.',
    })
  }
  // Under an older Node the native part ends the process, so nothing that imports it may be loaded before.
  const { openDatabase, suspect } = await import('./open-database.ts')
  const { createRepos } = await import('./repos.ts')
  const { GroupCommit } = await import('./group-commit.ts')
  const { errorCode } = await import('./sqlite.ts')
  const { isDamage, storeError } = await import('./store-errors.ts')

  const database = await openDatabase(file, kind)
  const repos = createRepos(database.sqlite, kind)
  const queue = new GroupCommit(database.sqlite)

  port.on('message', (request: Request) => {
    if (request === 'close') {
      void queue.settled().then(() => close(database))
      return
    }
    const { id, repo, method, args } = request
    const failed = (error: unknown): void => {
      if (isDamage(errorCode(error))) suspect(file)
      send({ kind: 'failed', id, error: sent(storeError(error, file)) })
    }
    const operation = repos.find(repo, method)
    if (operation.access === 'write' && database.access === 'read_only') {
      failed(readOnly())
      return
    }
    const done = (value: unknown): void => send({ kind: 'done', id, value })
    queue.push({ access: operation.access, run: () => operation.run(args), done, failed })
  })
  send({ kind: 'opened', banner: database.banner })
}

function close({ sqlite }: OpenedDatabase): void {
  sqlite.close()
  port.close()
}

function readOnly(): AppError {
  return new AppError('store_read_only', 'The store was written by a newer Signalbox and is open for reading only', {
    status: 409,
    hint: 'Update Signalbox, or start it with another --home.',
  })
}

function sent(error: unknown): SentError {
  const known = error instanceof AppError ? error : new AppError('store_failed', String(error))
  const { code, message, hint, status, data } = known
  return { code, message, hint, status, data }
}
