import { openProgram } from '../engine/api/open-program.ts'
import type { Invocation } from './command.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { nodeHost, pageFolder } from './host.ts'
import { openPage } from './open-page.ts'
import { cell } from './output.ts'
import { stopRequested } from './stop-request.ts'

/** Runs the program until it is asked to end. A home that another one serves is no failure: that one is named. */
export async function serveProgram({ home, output, flag }: Invocation, port: number): Promise<ExitCode> {
  // Listened for first: a signal that comes while it starts is a clean end, too.
  const asked = stopRequested()
  const opened = await openProgram({ host: await nodeHost(home), port, pageDir: pageFolder() })
  if (opened.kind === 'held') {
    if (output.isJson) output.json(opened.holder)
    else output.line(`Signalbox already runs at ${opened.holder.url}`)
    return exitCodes.done
  }
  await using program = opened.program
  const { info, face, engine } = program
  if (output.isJson) output.json(info)
  else output.line(`Signalbox ${info.version} runs at ${info.url}`)
  const { problem, path } = engine.hub.snapshot.config
  const { banner } = engine.hub.snapshot
  if (banner !== null) output.note(cell(banner.message))
  if (problem !== null) output.note(`${path}:${problem.line}:${problem.column}: ${cell(problem.message)}`)
  if (!flag('no-open')) output.note(await openPage(face.pageLink()))
  else if (!output.isJson)
    output.note(program.isAnnounced ? 'Open the page with: signalbox open' : `Open the page with: ${face.pageLink()}`)

  const why = await asked
  output.note(`Stopping after ${why}.`)
  return exitCodes.done
}
