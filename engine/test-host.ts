import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Host } from './host.ts'

/** A home folder of its own for one test, gone afterwards; runs the engine's parts from their sources. */
export async function temporaryHost(overrides: Partial<Host> = {}): Promise<Host & AsyncDisposable> {
  const home = await mkdtemp(join(tmpdir(), 'signalbox-test-'))
  const userHome = join(home, 'user')
  await mkdir(userHome)
  return {
    home,
    version: '0.0.0-test',
    storeWorker: resolve('engine/store/store-worker.ts'),
    tokenCounter: resolve('engine/gateway/clients/count-tokens.ts'),
    samples: resolve('samples'),
    templates: resolve('templates'),
    cli: resolve('cli/main.ts'),
    node: process.execPath,
    env: process.env,
    userHome,
    platform: process.platform,
    vault: null,
    ...overrides,
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true, maxRetries: 5 }),
  }
}
