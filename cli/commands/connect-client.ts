import { isAbsolute, resolve } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import {
  type ConnectPlace,
  type ConnectProgram,
  type ConnectRequest,
  type ConnectScope,
  type ConnectTarget,
  connectScopeSchema,
} from '../../shared/connect-contract.ts'
import { type Client, withClient } from '../client.ts'
import { type Command, type Invocation, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell, type Output } from '../output.ts'
import { programOf } from '../program-name.ts'
import { showHunks } from './show-hunks.ts'

export const connectClient: Command = {
  name: 'connect-client',
  usage:
    '[PROGRAM] [--scope SCOPE] [--folder DIR] [--http] [--token-stdin] [--move NAMES] [--dry-run] [--undo [--entry-only]]',
  summary:
    "Puts Signalbox into another program's file, or takes it out with --undo; without PROGRAM shows what is true",
  options: {
    scope: { type: 'string' },
    folder: { type: 'string' },
    http: { type: 'boolean' },
    'token-stdin': { type: 'boolean' },
    move: { type: 'string' },
    'dry-run': { type: 'boolean' },
    undo: { type: 'boolean' },
    'entry-only': { type: 'boolean' },
  },
  takes: [0, 1],
  async run(invocation) {
    const { args, home } = invocation
    const folder = folderOf(invocation)
    if (args[0] === undefined) {
      await withClient(home, (client) => show(client, folder, invocation.output))
      return exitCodes.done
    }
    const target: ConnectTarget = { program: programOf(args[0]), scope: scopeOf(invocation, folder), folder }
    if (invocation.flag('undo')) await withClient(home, (client) => undo(client, target, invocation))
    else await connect(target, invocation)
    return exitCodes.done
  },
}

async function show(client: Client, folder: string | null, output: Output): Promise<void> {
  const { items } = await client.connect.programs(folder === null ? {} : { folder: [folder] })
  if (output.isJson) return output.json({ items })
  const rows = items.flatMap((program) => shownPlaces(program).map((place) => rowOf(program, place)))
  output.table(['PROGRAM', 'SCOPE', 'STATE', 'FILE'], rows)
}

/** A program with no sign of it takes one row, for its usual file. */
function shownPlaces({ places }: ConnectProgram): ConnectPlace[] {
  const there = places.filter(({ state }) => state !== 'not_found')
  return there.length > 0 ? there : places.slice(0, 1)
}

function rowOf({ id }: ConnectProgram, { scope, state, path, drift, problem }: ConnectPlace): string[] {
  const why =
    drift?.message ?? (problem && `${problem.line === null ? '' : `line ${problem.line}: `}${problem.message}`)
  return [id, scope, why ? `${state}: ${cell(why)}` : state, cell(path)]
}

async function connect(target: ConnectTarget, { flag, text, home, output }: Invocation): Promise<void> {
  const token = flag('token-stdin') ? (await readAll(process.stdin)).trim() : undefined
  const request: ConnectRequest = {
    ...target,
    mode: flag('http') ? 'http' : 'stdio',
    move: text('move')?.split(',') ?? [],
    ...(token ? { token } : {}),
  }
  await withClient(home, async (client) => {
    const preview = await client.connect.preview(request)
    const { path, hunks, warnings, before_hash, after_hash, backup_path, restart } = preview
    if (!output.isJson) {
      output.line(`${preview.makes_file ? 'New file' : 'File'} ${cell(path)}`)
      showHunks(hunks, output)
      for (const warning of warnings) output.note(cell(warning))
      const names = preview.movable.map(({ name }) => name).filter((name) => !request.move.includes(name))
      if (names.length > 0) output.note(`Signalbox serves these too: --move ${cell(names.join(','))} takes them out.`)
    }
    if (flag('dry-run')) {
      if (output.isJson) output.json(preview)
      else output.line('Nothing is written: this is a dry run.')
      return
    }
    const written = await client.connect.write({ ...request, before_hash, after_hash })
    if (output.isJson) return output.json({ ...written, preview })
    if (hunks.length === 0) output.line('Our entry stands there already.')
    else output.line(backup_path === null ? 'Written.' : `Written. What was there is in ${cell(backup_path)}.`)
    output.line(restart)
  })
}

async function undo(client: Client, target: ConnectTarget, { flag, output }: Invocation): Promise<void> {
  const answer = await client.connect.undo({ ...target, how: flag('entry-only') ? 'entry' : 'exact' })
  if (output.isJson) return output.json(answer)
  output.line(
    flag('entry-only')
      ? `Our entry is out of ${cell(answer.place.path)}.`
      : `${cell(answer.place.path)} is as it was before.`,
  )
  output.line(answer.restart)
}

function folderOf({ text }: Invocation): string | null {
  const folder = text('folder')
  if (folder === undefined) return null
  return isAbsolute(folder) ? folder : resolve(folder)
}

function scopeOf({ text }: Invocation, folder: string | null): ConnectScope {
  const written = text('scope') ?? (folder === null ? 'user' : 'project')
  const scope = connectScopeSchema.safeParse(written)
  if (scope.success) return scope.data
  throw usage(`--scope takes ${connectScopeSchema.options.join(', ')}, not "${written}".`, connectClient)
}
