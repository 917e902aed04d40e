import type { Command } from '../command.ts'

/** Of the HTTP face, unless told otherwise. */
export const defaultPort = 7420

export const serve: Command = {
  name: 'serve',
  usage: '[--port N] [--no-open]',
  summary: 'Run Signalbox in the browser face until it is told to end',
  options: { port: { type: 'string' }, 'no-open': { type: 'boolean' } },
  takes: [0, 0],
  outlivesReader: true,
  async run(invocation) {
    const port = invocation.number('port', 0, 65_535) ?? defaultPort
    // The engine is loaded for this command only; all others are thin clients.
    const { serveProgram } = await import('../serve-program.ts')
    return serveProgram(invocation, port)
  },
}
