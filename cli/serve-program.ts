import { claimHome } from '../engine/api/home-lock.ts'
import { openHttpFace } from '../engine/api/http-face.ts'
import { ensurePortFree } from '../engine/api/port-holder.ts'
import { type RuntimeInfo, writeRuntimeFile } from '../engine/api/runtime-file.ts'
import { createEngine } from '../engine/engine.ts'
import type { Invocation } from './command.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { nodeHost, pageFolder } from './host.ts'
import { openPage } from './open-page.ts'
import { cell } from './output.ts'
import { stopRequested } from './stop-request.ts'

/** Runs the program until it is asked to end. A home that another one serves is no failure: that one is named. */
export async function serveProgram({ home, output, flag }: Invocation, port: number): Promise<ExitCode> {
  // Asked for first: a signal that comes while it starts is a clean end, too.
  const asked = stopRequested()
  const claim = await claimHome(home)
  if (claim.kind === 'held') {
    if (output.isJson) output.json(claim.holder)
    else output.line(`Signalbox already runs at ${claim.holder.url}`)
    return exitCodes.done
  }
  await using stack = new AsyncDisposableStack()
  stack.use(claim.lock)
  // Before any server starts, for nothing.
  await ensurePortFree(port)
  const host = await nodeHost(home)
  const engine = stack.use(await createEngine(host))
  const { version } = host
  const face = stack.use(await openHttpFace({ router: engine.router, home, version, port, pageDir: pageFolder() }))
  engine.setUrl(face.url)
  const info: RuntimeInfo = { pid: process.pid, url: face.url, version, startedAt: new Date().toISOString() }
  stack.use(await writeRuntimeFile(home, info))

  if (output.isJson) output.json(info)
  else output.line(`Signalbox ${version} runs at ${face.url}`)
  const { problem, path } = engine.hub.snapshot.config
  if (problem !== null) output.note(`${path}:${problem.line}:${problem.column}: ${cell(problem.message)}`)
  if (!flag('no-open')) output.note(await openPage(face.pageLink()))
  else if (!output.isJson) output.note('Open the page with: signalbox open')

  const why = await asked
  output.note(`Stopping after ${why}.`)
  return exitCodes.done
}
