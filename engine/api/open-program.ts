import { inspect } from 'node:util'
import { createEngine, type Engine, type EngineOptions } from '../engine.ts'
import type { Host } from '../host.ts'
import { boundNewSpace } from '../new-space.ts'
import { claimHome } from './home-lock.ts'
import { type HttpFace, openHttpFace } from './http-face.ts'
import { ensurePortFree } from './own-port.ts'
import { type RuntimeInfo, writeRuntimeFile } from './runtime-file.ts'

export interface ProgramOptions {
  readonly host: Host
  /** Of the HTTP face; 0: any free one. */
  readonly port: number
  /** Folder of the built page; null: no page. */
  readonly pageDir: string | null
  readonly engine?: EngineOptions
}

export type OpenedProgram = { kind: 'running'; program: Program } | { kind: 'held'; holder: RuntimeInfo }

/** The engine with its HTTP face, announced in the home. Disposing takes all of it back, in reverse. */
export interface Program extends AsyncDisposable {
  readonly engine: Engine
  readonly face: HttpFace
  readonly info: RuntimeInfo
  /** Whether other programs find it; not in a home that cannot be written. */
  readonly isAnnounced: boolean
}

/**
 * Starts all of Signalbox but a window, unless another program has this home.
 * Throws `home_unusable`, `home_busy`, `port_taken`, and what createEngine throws.
 */
export async function openProgram({ host, port, pageDir, engine: options }: ProgramOptions): Promise<OpenedProgram> {
  const { home, version } = host
  await using stack = new AsyncDisposableStack()
  stack.use(boundNewSpace())
  const claim = await claimHome(home)
  if (claim.kind === 'held') return claim
  if (claim.kind === 'ours') stack.use(claim.lock)
  // Told before any server starts for nothing.
  await ensurePortFree(port)
  const engine = stack.use(await createEngine(host, options))
  const report = (error: unknown, where: string): void =>
    console.error(engine.masker.text(`A defect in ${where}: ${inspect(error)}`))
  const { router, gateway, metrics, finishSignIn, webhooks } = engine
  const served = {
    router,
    gateway,
    metrics,
    finishSignIn,
    webhooks,
    home,
    version,
    port,
    pageDir,
    report,
    facts: engine,
  }
  const face = stack.use(await openHttpFace(served))
  engine.setUrl(face.url)
  const info = { pid: process.pid, url: face.url, version, startedAt: new Date().toISOString() }
  if (claim.kind === 'ours') stack.use(await writeRuntimeFile(home, info))
  const owned = stack.move()
  const isAnnounced = claim.kind === 'ours'
  return {
    kind: 'running',
    program: { engine, face, info, isAnnounced, [Symbol.asyncDispose]: () => owned.disposeAsync() },
  }
}
