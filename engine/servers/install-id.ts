import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { SettingsRepo } from '../store/store.ts'

const key = 'install'
const installSchema = z.object({ id: z.uuid(), home: z.string() })

/**
 * What names this home in the markers of its processes. A home that was copied elsewhere gets a new one: otherwise each
 * of the two would take the other's servers for its own leftovers.
 */
export async function installIdOf(settings: SettingsRepo, home: string, isWritable: boolean): Promise<string> {
  const known = installSchema.safeParse(await settings.get(key))
  if (known.success && known.data.home === home) return known.data.id
  const id = randomUUID()
  // Where nothing can be kept, the id is good for this life only.
  if (isWritable) await settings.set(key, { id, home })
  return id
}
