import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { processStart } from './process-table.ts'
import type { Watchdog } from './watchdog.ts'

const entrySchema = z.object({
  run_id: z.string(),
  server: z.string(),
  pid: z.int().nullable(),
  started_at: z.string().nullable(),
})

const registrySchema = z.object({
  boot_id: z.string().nullable(),
  processes: z.array(entrySchema),
})

/** Which process belongs to which run, as the last life of the app left it. */
export type RegistryFile = z.infer<typeof registrySchema>
type Entry = z.infer<typeof entrySchema>

interface RegistryOptions {
  readonly home: string
  readonly platform: NodeJS.Platform
  readonly watchdog: Pick<Watchdog, 'tell'> | null
}

/**
 * The processes that we answer for, kept in `<home>/processes.json` and told to the watchdog: before a process is
 * spawned, once its pid is known, and when it and all that it started are gone.
 */
export class ProcessRegistry {
  readonly #options: RegistryOptions
  readonly #entries = new Map<string, Entry>()
  #written: Promise<void> = Promise.resolve()

  constructor(options: RegistryOptions) {
    this.#options = options
  }

  /** Rejects where the file cannot be written; the watchdog knows all the same. */
  expect(runId: string, server: string): Promise<void> {
    this.#entries.set(runId, { run_id: runId, server, pid: null, started_at: null })
    return this.#keep()
  }

  async spawned(runId: string, pid: number): Promise<void> {
    const started_at = await processStart(pid, this.#options.platform)
    const entry = this.#entries.get(runId)
    if (entry === undefined) return
    this.#entries.set(runId, { ...entry, pid, started_at })
    await this.#keep()
  }

  released(runId: string): Promise<void> {
    this.#entries.delete(runId)
    return this.#keep()
  }

  #keep(): Promise<void> {
    const processes = [...this.#entries.values()]
    this.#options.watchdog?.tell(
      processes.map(({ run_id, pid, started_at }) => ({ runId: run_id, pid, startedAt: started_at })),
    )
    const write = async (): Promise<void> => {
      // The newest state, also for writes that waited: what they would have said is old by now.
      const current: RegistryFile = { boot_id: await bootId(), processes: [...this.#entries.values()] }
      const path = registryPath(this.#options.home)
      // Not synced to the disk: what it tells of does not outlive the system.
      await writeFile(`${path}.new`, `${JSON.stringify(current)}\n`, { mode: 0o600 })
      await rename(`${path}.new`, path)
    }
    this.#written = this.#written.then(write, write)
    return this.#written
  }
}

/** What the last life of the app wrote; null where there is nothing that can be trusted. */
export async function readRegistry(home: string): Promise<RegistryFile | null> {
  let text: string
  try {
    text = await readFile(registryPath(home), 'utf8')
  } catch {
    // Never written, or not readable: the markers are still there.
    return null
  }
  const parsed = registrySchema.safeParse(parseOrNull(text))
  return parsed.success && parsed.data.boot_id === (await bootId()) ? parsed.data : null
}

function registryPath(home: string): string {
  return join(home, 'processes.json')
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Names one run of the system, where it has such a name; start times elsewhere are wall times and need none. */
async function bootId(): Promise<string | null> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => null,
  )
}
