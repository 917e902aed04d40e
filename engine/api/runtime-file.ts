import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isAlive } from './process-identity.ts'

const runtimeSchema = z.object({
  pid: z.int().positive(),
  url: z.string(),
  version: z.string(),
  startedAt: z.string(),
})

/** `<home>/runtime.json`: the program that serves this home. `url` has no trailing slash and no token. */
export type RuntimeInfo = z.infer<typeof runtimeSchema>

/** Announces the running program; disposing takes it back. Call once requests are accepted. */
export async function writeRuntimeFile(home: string, info: RuntimeInfo): Promise<AsyncDisposable> {
  const path = join(home, 'runtime.json')
  const draft = `${path}.${process.pid}.new`
  await writeFile(draft, `${JSON.stringify(info)}\n`, { mode: 0o600 })
  await rename(draft, path)
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) }
}

/** The program that serves this home; null when there is none, also where a file was left by one that died. */
export async function readRuntimeFile(home: string, signal?: AbortSignal): Promise<RuntimeInfo | null> {
  const info = await readInfo(join(home, 'runtime.json'))
  if (info === null || !isAlive(info.pid)) return null
  // The pid may belong to a stranger by now: only Signalbox answers at that address.
  return (await answers(info.url, signal)) ? info : null
}

async function readInfo(path: string): Promise<RuntimeInfo | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    return runtimeSchema.parse(JSON.parse(text))
  } catch {
    // We write it whole; anything else in it is nobody's announcement.
    return null
  }
}

async function answers(url: string, signal?: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.timeout(5000)
  try {
    const response = await fetch(`${url}/healthz`, { signal: signal ? AbortSignal.any([signal, limit]) : limit })
    return response.status === 200
  } catch {
    // Nobody there, or somebody who does not speak HTTP.
    signal?.throwIfAborted()
    return false
  }
}
