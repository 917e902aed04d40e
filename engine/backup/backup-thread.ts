import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../shared/app-error.ts'
import { type BackupInput, type BackupOutput, received } from '../store/store-protocol.ts'
import type { Backup } from './create-backup.ts'

/** Makes a backup in a thread of its own: gigabytes may have to be copied, and the engine's thread stays free. */
export async function createBackupAside(module: string, home: string, file: string): Promise<Backup> {
  const input: BackupInput = { kind: 'backup', home, file }
  const worker = new Worker(module, { workerData: input, name: 'backup' })
  try {
    const [output] = (await once(worker, 'message')) as [BackupOutput]
    if (output.kind === 'failed') throw received(output.error)
    return output.backup
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('backup_failed', 'The backup stopped unexpectedly', { hint: 'Try again.', cause })
  } finally {
    await worker.terminate()
  }
}
