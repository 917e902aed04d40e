// The worker thread of one database file. It owns the only connection; each message is one call of a repo.
// Told so at its start, it makes one backup instead, compresses what it is told, or looks at another program's file for a rule.
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { AppError } from '../../shared/app-error.ts'
import type { WatchQueryInput } from '../rules/triggers/watch-query.ts'
import { readOnly } from './read-only.ts'
import type { Served } from './served.ts'
import {
  type BackupInput,
  type BackupOutput,
  type PackerInput,
  type Request,
  type Response,
  type SentError,
  sent,
  type WorkerInput,
} from './store-protocol.ts'
import type { PackAnswer, PackRequest } from './text-packer.ts'

const input = workerData as WorkerInput | BackupInput | PackerInput | WatchQueryInput
const port = parentPort!

const send = (response: Response): void => port.postMessage(response)

if (input.kind === 'backup') port.postMessage(await backUp(input))
else if (input.kind === 'packer') await compress()
else if (input.kind === 'watch_query') (await import('../rules/triggers/watch-query.ts')).watchQuery(input, port)
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

async function compress(): Promise<void> {
  const { packText } = await import('./log-block.ts')
  port.on('message', ({ id, text }: PackRequest) => {
    const packed = new Uint8Array(packText(text))
    port.postMessage({ id, packed } satisfies PackAnswer, [packed.buffer])
  })
}

async function serve({ file, kind }: WorkerInput): Promise<void> {
  if (Number.parseInt(process.versions.node, 10) < 22) {
    throw new AppError('node_too_old', `The store needs Node 22 or newer; this is ${process.versions.node}`, {
      hint: 'Install Node 24.',
    })
  }
  // Under an older Node the native part ends the process, so nothing that imports it may be loaded before.
  const { openDatabase, suspect } = await import('./open-database.ts')
  const database = await openDatabase(file, kind)
  const { findOperation } = await import('./repos.ts')
  const { isDamaged, storeError } = await import('./store-errors.ts')
  const failureOf = (error: unknown): SentError => {
    if (isDamaged(error)) suspect(file)
    return sent(storeError(error, file))
  }
  const served: Served =
    kind === 'precious'
      ? await (await import('./serve-precious.ts')).servePrecious(database, file)
      : (await import('./serve-logs.ts')).serveLogs(database, {
          failureOf,
          tell: (news) => send({ kind: 'news', news }),
          startPacker: () =>
            new Worker(new URL(import.meta.url), {
              workerData: { kind: 'packer' } satisfies PackerInput,
              name: 'store:packer',
            }),
        })

  port.on('message', (request: Request) => {
    if (request === 'close') {
      void served.settled().then(() => {
        served[Symbol.dispose]()
        database[Symbol.dispose]()
        port.close()
      })
      return
    }
    if ('told' in request) {
      served.told(request.told)
      return
    }
    const { id, repo, method, args } = request
    const failed = (error: unknown): void => send({ kind: 'failed', id, error: failureOf(error) })
    const operation = findOperation(served.repos, repo, method)
    if (operation.access !== 'read' && database.access === 'read_only') {
      failed(readOnly())
      return
    }
    const done = (value: unknown): void => send({ kind: 'done', id, value })
    served.push({ access: operation.access, run: () => operation.run(args), done, failed })
  })
  send({
    kind: 'opened',
    opened: { banner: database.banner ?? served.banner, access: database.access, journal: served.journal },
  })
}
