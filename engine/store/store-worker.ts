// The worker thread of one database file. It owns the only connection; each message is one call of a repo.
// Told so at its start, it makes one backup instead.
import { parentPort, workerData } from 'node:worker_threads'
import { AppError } from '../../shared/app-error.ts'
import {
  type BackupInput,
  type BackupOutput,
  type Request,
  type Response,
  sent,
  type WorkerInput,
} from './store-protocol.ts'

const input = workerData as WorkerInput | BackupInput
const port = parentPort!

const send = (response: Response): void => port.postMessage(response)

if (input.kind === 'backup') port.postMessage(await backUp(input))
else {
  try {
    await serve(input)
  } catch (error) {
    send({ kind: 'not_opened', error: sent(error) })
    port.close()
  }
}

async function backUp({ home, file }: BackupInput): Promise<BackupOutput> {
  try {
    const { createBackup } = await import('../backup/create-backup.ts')
    return { kind: 'done', backup: createBackup(home, file) }
  } catch (error) {
    return { kind: 'failed', error: sent(error) }
  }
}

async function serve({ file, kind }: WorkerInput): Promise<void> {
  if (Number.parseInt(process.versions.node, 10) < 22) {
    throw new AppError('node_too_old', `The store needs Node 22 or newer; this is ${process.versions.node}`, {
      hint: 'Install Node 24.',
    })
  }
  // Under an older Node the native part ends the process, so nothing that imports it may be loaded before.
  const { openDatabase, suspect } = await import('./open-database.ts')
  const { openLogs, openPrecious } = await import('./open-repos.ts')
  const { findOperation } = await import('./repos.ts')
  const { GroupCommit } = await import('./group-commit.ts')
  const { isDamaged, storeError } = await import('./store-errors.ts')

  const database = await openDatabase(file, kind)
  const opened = kind === 'precious' ? await openPrecious(database, file) : openLogs(database)
  const queue = new GroupCommit(database.sqlite, database.durable)

  port.on('message', (request: Request) => {
    if (request === 'close') {
      void queue.settled().then(() => {
        opened[Symbol.dispose]()
        database[Symbol.dispose]()
        port.close()
      })
      return
    }
    const { id, repo, method, args } = request
    const failed = (error: unknown): void => {
      if (isDamaged(error)) suspect(file)
      send({ kind: 'failed', id, error: sent(storeError(error, file)) })
    }
    const operation = findOperation(opened.repos, repo, method)
    if (operation.access !== 'read' && database.access === 'read_only') {
      failed(readOnly())
      return
    }
    const done = (value: unknown): void => {
      send({ kind: 'done', id, value })
      if (operation.access === 'write') opened.onWritten()
    }
    queue.push({ access: operation.access, run: () => operation.run(args), done, failed })
  })
  send({
    kind: 'opened',
    opened: { banner: database.banner ?? opened.banner, access: database.access, journal: opened.journal },
  })
}

function readOnly(): AppError {
  return new AppError('store_read_only', 'The store is open for reading only: nothing new is kept', {
    status: 409,
    hint: 'The banner at the top says why.',
  })
}
