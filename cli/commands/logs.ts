import { logFilterSchema } from '../../shared/contract.ts'
import type { LogLevel, LogLine } from '../../shared/log.ts'
import { type Client, withClient } from '../client.ts'
import { type Command, type Invocation, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell, type Output, type Tone } from '../output.ts'

export const logs: Command = {
  name: 'logs',
  usage: '[SERVER] [-f] [--level LEVEL] [--q TEXT] [--lines N]',
  summary: 'Log lines of a server or of all, oldest first; -f goes on as they are written',
  options: {
    follow: { type: 'boolean', short: 'f' },
    level: { type: 'string' },
    q: { type: 'string' },
    lines: { type: 'string', short: 'n' },
  },
  takes: [0, 1],
  async run(invocation) {
    const { home, args, flag, number } = invocation
    const limit = number('lines', 1, 1000) ?? 100
    const filter = filterOf(invocation)
    await withClient(home, async (client) => {
      // An unknown server would have no lines; it is told from a silent one here.
      if (args[0] !== undefined) await client.servers.get({ id: filter.server![0]! })
      const page = await client.logs.list({ ...filter, limit })
      const lines = page.items.toReversed()
      if (flag('follow')) await follow(client, filter, lines, invocation)
      else if (invocation.output.isJson) invocation.output.json({ ...page, items: lines })
      else printLines(invocation.output, lines)
    })
    return exitCodes.done
  },
}

function filterOf({ args, text }: Invocation) {
  const filter = logFilterSchema
    .pick({ server: true, level: true, q: true })
    .safeParse({ server: args[0] === undefined ? undefined : [args[0]], level: text('level'), q: text('q') })
  if (filter.success) return filter.data
  const { path, message } = filter.error.issues[0]!
  throw usage(`--${String(path[0])}: ${message}`, logs)
}

/** With --json each line is a JSON value of its own, so that a pipe can read them as they come. */
async function follow(
  client: Client,
  filter: ReturnType<typeof filterOf>,
  lines: readonly LogLine[],
  { output, signal }: Invocation,
): Promise<void> {
  const print = (more: readonly LogLine[]): void => {
    if (output.isJson) for (const line of more) output.line(JSON.stringify(line))
    else printLines(output, more)
  }
  print(lines)
  try {
    const batches = await client.logs.tail({ ...filter, after: lines.at(-1)?.seq ?? 0 }, { signal })
    for await (const batch of batches) {
      if (batch.dropped > 0) output.note(`… ${batch.dropped} lines left out: this reader was slow`)
      if (batch.lost > 0) output.note(`… ${batch.lost} lines dropped: they came faster than the log could take them`)
      print(batch.lines)
    }
  } catch (error) {
    // Ctrl+C is how a person ends it.
    if (!signal.aborted) throw error
  }
}

function printLines(output: Output, lines: readonly LogLine[]): void {
  for (const { at, level, server, text } of lines) {
    const time = new Date(at).toLocaleTimeString('sv-SE', { hour12: false })
    output.line(
      `${output.toned('dim', time)} ${output.toned(tones[level], level.padEnd(5))} ${cell(server)}  ${cell(text)}`,
    )
  }
}

const tones: Readonly<Record<LogLevel, Tone>> = {
  trace: 'dim',
  debug: 'dim',
  info: 'bold',
  warn: 'yellow',
  error: 'red',
  fatal: 'red',
}
