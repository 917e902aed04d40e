import { once } from 'node:events'
import { Framer } from '../../engine/links/framer.ts'
import type { Failure } from '../../shared/app-error.ts'
import type { Invocation } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { visible } from '../visible.ts'
import { Bridge } from './bridge.ts'
import { clientToken, GatewayConnection } from './gateway-connection.ts'
import { findProgram, reachProgram } from './reach-program.ts'
import { maxMessageBytes } from './replies.ts'

/** The name of a client that gives none. */
const unnamed = 'stdio'

/** Serves the gateway on stdin and stdout until stdin ends. `port` is for a program that has to be started. */
export async function connectStdio({ home, text, signal }: Invocation, port: number | undefined): Promise<ExitCode> {
  const client = text('client') ?? unnamed
  const profile = text('profile')
  const path = profile === undefined ? '/mcp' : `/mcp/p/${encodeURIComponent(profile)}`
  let lastNote = ''
  await using bridge = new Bridge({
    async reach(ended) {
      const program = await reachProgram({ home, port, signal: ended })
      return new GatewayConnection(`${program.info.url}${path}`, await clientToken(program, client, ended))
    },
    isRunning: async () => (await findProgram(home)) !== null,
    write: (line) => void process.stdout.write(`${line}\n`),
    note(words) {
      // Each call of a client would say it again.
      if (words !== lastNote) process.stderr.write(`signalbox: ${visible(words)}\n`)
      lastNote = words
    },
  })
  void bridge.open()
  const framer = new Framer(maxMessageBytes, (frame) => {
    if (frame.kind === 'line') bridge.take(frame.text)
    else if (frame.kind === 'oversize') bridge.refuse(JSON.stringify(frame.id), tooLong)
  })
  process.stdin.on('data', (chunk: Buffer) => framer.push(chunk))
  // A client that is tired of waiting asks for our end by signal.
  const told = Promise.race([once(signal, 'abort'), once(process, 'SIGTERM')]).then(() => 'told' as const)
  const ended = once(process.stdin, 'end').then(() => 'ended' as const)
  if ((await Promise.race([ended, told])) === 'ended') {
    framer.end()
    await Promise.race([bridge.finish(), told])
  }
  process.stdin.destroy()
  return exitCodes.done
}

const tooLong: Failure = {
  code: 'message_too_long',
  message: `The client sent a message over the limit of ${maxMessageBytes / 1024 / 1024} MB.`,
  hint: null,
}
