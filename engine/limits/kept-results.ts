import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../shared/app-error.ts'
import { type TaskId, taskIdSchema } from '../../shared/ids.ts'

/** Results go when they are older than this, or when together they are more than that, the oldest first. */
const oldestMs = 7 * 24 * 3600 * 1000
const mostBytes = 1024 ** 3

const prefix = 'signalbox://results/'
export const resultUri = (id: TaskId): string => `${prefix}${id}`

/** The task in the address of a kept result; null where it is no such address. */
export function taskOfUri(uri: string): TaskId | null {
  if (!uri.startsWith(prefix)) return null
  const read = taskIdSchema.safeParse(uri.slice(prefix.length))
  return read.success ? read.data : null
}

/** Results that were too large to hand on, a file each in `<home>/results`. */
export class KeptResults {
  readonly #folder: string

  constructor(home: string) {
    this.#folder = join(home, 'results')
  }

  /** On the disk once it resolves; rejects with what the system says. */
  async keep(id: TaskId, text: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    await this.#makeRoom()
    await writeFile(this.#file(id), text, { mode: 0o600 })
  }

  /** @throws AppError `unknown_result` (404). */
  async read(id: TaskId): Promise<string> {
    try {
      return await readFile(this.#file(id), 'utf8')
    } catch (cause) {
      throw new AppError('unknown_result', `No result of task ${id} is kept here.`, {
        status: 404,
        hint: 'Kept results go after 7 days; run the call again.',
        cause,
      })
    }
  }

  async #makeRoom(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith('.json'))
    const files = await Promise.all(
      names.map(async (name) => {
        const file = join(this.#folder, name)
        const { size, mtimeMs } = await stat(file)
        return { file, size, mtimeMs }
      }),
    )
    files.sort((a, b) => b.mtimeMs - a.mtimeMs)
    let bytes = 0
    for (const { file, size, mtimeMs } of files) {
      bytes += size
      if (bytes > mostBytes || mtimeMs < Date.now() - oldestMs) await rm(file, { force: true })
    }
  }

  #file(id: TaskId): string {
    return join(this.#folder, `${id}.json`)
  }
}
