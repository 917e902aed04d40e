import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { failureOf } from '../../shared/app-error.ts'
import type { Banner } from '../../shared/snapshot.ts'
import { replaceFile } from '../config/replace-file.ts'
import { restoreBackup } from './restore-backup.ts'

const orderSchema = z.object({ file: z.string() })
const orderFile = (home: string): string => join(home, 'restore-next.json')

/** Has the next start of this home begin with a backup. */
export async function orderRestore(home: string, file: string): Promise<void> {
  await replaceFile(orderFile(home), () => `${JSON.stringify({ file })}\n`)
}

/** False where nothing was ordered. */
export function cancelRestore(home: string): boolean {
  const wasThere = existsSync(orderFile(home))
  rmSync(orderFile(home), { force: true })
  return wasThere
}

/** Does what was ordered, before anything of the home is open; once, whatever comes of it. What to tell of it. */
export function restoreOrdered(home: string, now: Date): Banner | null {
  const path = orderFile(home)
  if (!existsSync(path)) return null
  const since = now.toISOString()
  try {
    const { file } = orderSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
    rmSync(path)
    const { before, madeAt, isOwn } = restoreBackup(file, home, now)
    return {
      code: 'restored',
      severity: 'caution',
      message: `What stands here is the backup of ${madeAt}. What was here before is kept in ${before}`,
      hint: isOwn ? null : 'Another home made that backup: its servers start once you have looked at them.',
      since,
    }
  } catch (error) {
    rmSync(path, { force: true })
    const { message, hint } = failureOf(error)
    return { code: 'restore_failed', severity: 'danger', message: `Nothing was restored: ${message}`, hint, since }
  }
}
