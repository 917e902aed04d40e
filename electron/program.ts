import { claimHome } from '../engine/api/home-lock.ts'
import { openHttpFace } from '../engine/api/http-face.ts'
import { ensurePortFree } from '../engine/api/port-holder.ts'
import { type RuntimeInfo, writeRuntimeFile } from '../engine/api/runtime-file.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import type { Host } from '../engine/host.ts'

export interface ProgramOptions {
  readonly host: Host
  /** Of the HTTP face; 0: any free one. */
  readonly port: number
  readonly pageDir: string
}

export type OpenedProgram = { kind: 'running'; program: Program } | { kind: 'held'; holder: RuntimeInfo }

/** The engine with its HTTP face, announced in the home. */
export interface Program extends AsyncDisposable {
  readonly engine: Engine
}

/** Starts all of Signalbox but the window, unless another program has this home. */
export async function openProgram({ host, port, pageDir }: ProgramOptions): Promise<OpenedProgram> {
  await using stack = new AsyncDisposableStack()
  const claim = await claimHome(host.home)
  if (claim.kind === 'held') return claim
  stack.use(claim.lock)
  // Before any server starts, for nothing.
  await ensurePortFree(port)
  const engine = stack.use(await createEngine(host))
  const { home, version } = host
  const face = stack.use(await openHttpFace({ router: engine.router, home, version, port, pageDir }))
  engine.setUrl(face.url)
  const startedAt = new Date().toISOString()
  stack.use(await writeRuntimeFile(home, { pid: process.pid, url: face.url, version, startedAt }))
  const owned = stack.move()
  return { kind: 'running', program: { engine, [Symbol.asyncDispose]: () => owned.disposeAsync() } }
}
