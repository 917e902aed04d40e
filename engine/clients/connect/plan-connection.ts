import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../../../shared/app-error.ts'
import type { ConnectRequest } from '../../../shared/connect-contract.ts'
import type { ServerId } from '../../../shared/ids.ts'
import type { ServerSpec } from '../../config/server-spec.ts'
import type { Fields } from '../found-server.ts'
import { isOwnGateway } from '../own-gateway.ts'
import { planCandidates } from '../plan-candidates.ts'
import type { PlacePlan } from './connect-places.ts'
import { type Change, editText, valueAt } from './edit-text.ts'
import { ownName, type PlaceReading, type ReadingContext } from './place-reading.ts'
import { type EntryOptions, entryFor, type WrittenEntry } from './program-entries.ts'

export interface ConnectionPlan {
  readonly text: string
  readonly key: readonly string[]
  readonly written: WrittenEntry
  readonly addsInput: boolean
  readonly movable: readonly Movable[]
}

export interface Movable {
  readonly name: string
  readonly server: ServerId
}

type Readable = Extract<PlaceReading, { kind: 'read' | 'absent' }>

/** The name that our entry has where the place holds none yet. */
const usualName = 'signalbox'

/**
 * The text of a file with our entry in it, and without the entries that are moved. Pure.
 * @throws AppError `mode_unavailable`, `token_needed`, `not_movable` (422), `cannot_edit`.
 */
export function planConnection(
  place: PlacePlan,
  reading: Readable,
  request: ConnectRequest,
  options: Omit<EntryOptions, 'mode' | 'scope' | 'token'> & { served: readonly ServerSpec[]; context: ReadingContext },
): ConnectionPlan {
  const { program } = place
  const written = entryFor(program.id, { ...options, mode: request.mode, scope: place.scope, token: request.token })
  if (written === null) throw unavailable(program.name, request)
  const movable = movableIn(place, reading, options.served, options.context)
  const others = request.move.filter((name) => !movable.some((one) => one.name === name))
  if (others.length > 0) {
    throw new AppError('not_movable', `${others.join(', ')}: no running server here equals it.`, {
      status: 422,
      hint: 'Import it first, and start it.',
    })
  }
  const text = reading.kind === 'read' ? reading.text : ''
  const value = reading.kind === 'read' ? reading.value : {}
  const key = [...place.key, nameFor(reading, options.context)]
  const inputs = valueAt(value, ['inputs'])
  const addsInput =
    written.input !== null && !(Array.isArray(inputs) && inputs.some((item) => isDeepStrictEqual(item, written.input)))
  const changes: Change[] = [
    ...request.move.map((name): Change => ({ kind: 'remove', path: [...place.key, name] })),
    { kind: 'set', path: key, entry: written.entry },
    ...(addsInput ? [{ kind: 'append', path: ['inputs'], item: written.input! } as const] : []),
  ]
  return { text: editText(text, program.syntax, changes), key, written, addsInput, movable }
}

/** Entries of the place that equal a server which is served here now. */
function movableIn(
  { program }: PlacePlan,
  reading: Readable,
  served: readonly ServerSpec[],
  { gatewayPort }: ReadingContext,
): Movable[] {
  if (reading.kind === 'absent') return []
  const sightings = reading.servers
    .filter(({ entry, problem }) => problem === null && !isOwnGateway(entry, gatewayPort))
    .map((server) => ({ server, program, path: null }))
  return planCandidates(sightings, served)
    .filter(({ conflict }) => conflict === 'exists')
    .map(({ source_name, id }) => ({ name: source_name, server: id }))
}

/** That of the entry which leads here already; else one that nobody has. */
function nameFor(reading: Readable, context: ReadingContext): string {
  const own = ownName(reading, context)
  if (own !== null) return own
  const taken: Fields = reading.kind === 'read' ? reading.entries : {}
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? usualName : `${usualName}-${number}`
    if (!Object.hasOwn(taken, name)) return name
  }
}

function unavailable(name: string, { mode, token }: ConnectRequest): AppError {
  if (mode === 'http' && token === undefined) {
    return new AppError('token_needed', `${name} reads the token from its file, so one must be given.`, {
      status: 422,
      hint: 'Issue a token for this client, or let the program start the bridge (stdio), which needs none.',
    })
  }
  return new AppError('mode_unavailable', `${name} cannot be connected by ${mode} here.`, {
    status: 422,
    hint: mode === 'http' ? 'Choose stdio.' : null,
  })
}
