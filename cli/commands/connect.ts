import type { Command } from '../command.ts'

export const connect: Command = {
  name: 'connect',
  usage: '[--client NAME] [--profile NAME] [--port N]',
  summary: 'Serve the gateway over stdin and stdout, for clients that know nothing else; starts Signalbox if need be',
  options: { client: { type: 'string' }, profile: { type: 'string' }, port: { type: 'string' } },
  takes: [0, 0],
  async run(invocation) {
    const port = invocation.number('port', 0, 65_535)
    // Loaded for this command only, and without the engine: there is one of it for each client.
    const { connectStdio } = await import('../connect/connect-stdio.ts')
    return connectStdio(invocation, port)
  },
}
