import { isAbsolute } from 'node:path'
import type { ImplementerInternalWithMiddlewares } from '@orpc/server'
import { AppError } from '../../shared/app-error.ts'
import type { settingsContract } from '../../shared/settings-contract.ts'
import { createBackupAside } from '../backup/backup-thread.ts'
import { exportLines } from '../backup/export-lines.ts'
import { cancelRestore, orderRestore } from '../backup/next-restore.ts'
import { checkBackup } from '../backup/restore-backup.ts'
import { writeExport } from '../backup/write-export.ts'
import type { Host } from '../host.ts'
import type { LogPipeline } from '../logs/log-pipeline.ts'
import type { CallContext } from '../router.ts'
import type { LogStore, Store } from '../store/store.ts'
import { measurePowerCutPrice } from './power-cut-price.ts'
import type { SettingsBook } from './settings-book.ts'

interface Parts {
  readonly host: Host
  readonly store: Store
  readonly logStore: LogStore
  readonly logs: LogPipeline
  readonly settings: SettingsBook
}

type Routes = ImplementerInternalWithMiddlewares<typeof settingsContract, CallContext, CallContext>

/** Settings, backups and exports: `settingsContract`, a line a procedure. */
export function settingsRoutes(
  os: Pick<Routes, keyof typeof settingsContract>,
  { host, store, logStore, logs, settings }: Parts,
) {
  const linesOf = (what: 'tasks' | 'logs') => exportLines(what, { store, logStore, logs })
  return {
    settings: {
      get: os.settings.get.handler(async () => {
        const [tasks, lines] = await Promise.all([store.held(), logs.flush().then(() => logStore.held())])
        return { ...settings.state, held: { tasks, logs: lines }, backup_folder: host.userHome }
      }),
      set: os.settings.set.handler(({ input }) => settings.change(input)),
      measurePowerCutPrice: os.settings.measurePowerCutPrice.handler(() => measurePowerCutPrice(host.home)),
    },
    backups: {
      create: os.backups.create.handler(async ({ input }) => {
        await logs.flush()
        return createBackupAside(host.storeWorker, host.home, absolute(input.file))
      }),
      restore: os.backups.restore.handler(async ({ input }) => {
        const file = absolute(input.file)
        const { madeAt, isOwn, parts } = checkBackup(file, host.home)
        await orderRestore(host.home, file)
        return { file, made_at: madeAt, parts, is_own: isOwn }
      }),
      cancelRestore: os.backups.cancelRestore.handler(() => ({ cancelled: cancelRestore(host.home) })),
    },
    exports: {
      create: os.exports.create.handler(async ({ input: { what, file } }) => ({
        file,
        lines: await writeExport(absolute(file), linesOf(what)),
      })),
      stream: os.exports.stream.handler(async function* ({ input }) {
        for await (const lines of linesOf(input.what)) if (lines.length > 0) yield { text: lines.join('') }
      }),
    },
  }
}

/** The folder that the program was started in is nobody's to guess. */
function absolute(file: string): string {
  if (isAbsolute(file) && !file.includes('\0')) return file
  throw new AppError('invalid_path', `"${file}" is not a whole path.`, {
    hint: 'Name the file with all its folders.',
    status: 400,
  })
}
