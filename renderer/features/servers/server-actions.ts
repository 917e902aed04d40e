import type { Server } from '../../../shared/server.ts'
import type { Action } from '../../actions.ts'
import { countOf } from '../../ui/format.ts'
import { isRunning, stateLooks } from '../../ui/state-look.ts'
import { serverHref } from '../../view-state.ts'
import { openSignIn } from './open-sign-in.ts'

/** What can be done with one server: in its row, on its page and in the palette. */
export type ServerActionKind =
  | 'start'
  | 'sign_in'
  | 'try_now'
  | 'start_again'
  | 'restart'
  | 'stop'
  | 'force_stop'
  | 'give_up'
  | 'open_log'
  | 'edit_entry'
  | 'try_tool'

interface ServerAction {
  label: string
  /** As a sentence with the server's name. */
  title: (id: string) => string
  glyph: Action['glyph']
  run: (id: string) => Action['run']
}

const start: ServerAction['run'] =
  (id) =>
  ({ client }) =>
    client.servers.start({ id })
const stop: ServerAction['run'] =
  (id) =>
  ({ client }) =>
    client.servers.stop({ id })

export const serverActions: Readonly<Record<ServerActionKind, ServerAction>> = {
  start: { label: 'Start', title: (id) => `Start ${id}`, glyph: 'play', run: start },
  sign_in: {
    label: 'Sign in',
    title: (id) => `Sign in to ${id}`,
    glyph: 'key',
    run:
      (id) =>
      ({ client }) =>
        openSignIn(client, id),
  },
  try_now: { label: 'Try now', title: (id) => `Try ${id} now`, glyph: 'restart', run: start },
  start_again: { label: 'Start again', title: (id) => `Start ${id} again`, glyph: 'restart', run: start },
  restart: {
    label: 'Restart',
    title: (id) => `Restart ${id}`,
    glyph: 'restart',
    run:
      (id) =>
      ({ client }) =>
        client.servers.restart({ id }),
  },
  stop: { label: 'Stop', title: (id) => `Stop ${id}`, glyph: 'pause', run: stop },
  force_stop: { label: 'Force it', title: (id) => `Stop ${id} by force`, glyph: 'x', run: stop },
  give_up: { label: 'Give up', title: (id) => `Give up on ${id}`, glyph: 'pause', run: stop },
  open_log: {
    label: 'Open log',
    title: (id) => `Open the log of ${id}`,
    glyph: 'logs',
    run:
      (id) =>
      ({ go }) =>
        go(serverHref(id, 'logs')),
  },
  edit_entry: {
    label: 'Edit entry',
    title: (id) => `Edit the entry of ${id}`,
    glyph: 'settings',
    run:
      (id) =>
      ({ go }) =>
        go(serverHref(id, 'config')),
  },
  try_tool: {
    label: 'Try a tool',
    title: (id) => `Try a tool of ${id}`,
    glyph: 'runner',
    run:
      (id) =>
      ({ go }) =>
        go(`/runner/${encodeURIComponent(id)}`),
  },
}

/** One sentence on how it stands, and at most four things to do, the first of which is the one to do first. */
export function nextSteps(server: Server): { sentence: string; actions: readonly ServerActionKind[] } {
  const { detail } = server
  switch (detail.state) {
    case 'stopped':
      return { sentence: 'It is off because that is what you want.', actions: ['start', 'edit_entry', 'open_log'] }
    case 'asleep':
      return {
        sentence: 'It sleeps because nobody calls it; the next call wakes it.',
        actions: ['start', 'try_tool', 'open_log', 'stop'],
      }
    case 'starting':
      return { sentence: 'It is on its way up.', actions: ['stop', 'open_log'] }
    case 'stopping':
      return { sentence: 'It was asked to end and has not ended yet.', actions: ['force_stop', 'open_log'] }
    case 'ready':
      return { sentence: 'It answers. All is well.', actions: ['try_tool', 'restart', 'open_log'] }
    case 'degraded':
    case 'unresponsive':
      return { sentence: sentenceOf(detail.failure), actions: ['restart', 'open_log', 'try_tool'] }
    case 'backing_off':
      return { sentence: sentenceOf(detail.failure), actions: ['try_now', 'edit_entry', 'open_log', 'give_up'] }
    case 'crash_looping':
      return { sentence: sentenceOf(detail.failure), actions: ['start_again', 'open_log', 'edit_entry', 'give_up'] }
    case 'needs_sign_in':
      return {
        sentence: sentenceOf(detail.failure),
        // A token in the entry is its owner's to replace; nobody can sign in beside it.
        actions:
          detail.failure.code === 'token_refused'
            ? ['edit_entry', 'start_again', 'open_log', 'give_up']
            : ['sign_in', 'open_log', 'edit_entry', 'give_up'],
      }
    case 'failed':
    case 'needs_secret':
    case 'needs_consent':
      return { sentence: sentenceOf(detail.failure), actions: ['edit_entry', 'start_again', 'open_log', 'give_up'] }
    default:
      return detail satisfies never
  }
}

function sentenceOf({ message, hint }: { message: string; hint: string | null }): string {
  const first = message.endsWith('.') ? message : `${message}.`
  return hint ? `${first} ${hint}` : first
}

const paletteKinds: Readonly<Partial<Record<Server['state'], readonly ServerActionKind[]>>> = {
  stopped: ['start'],
  asleep: ['start', 'stop'],
  stopping: ['force_stop'],
  starting: ['stop'],
  needs_sign_in: ['sign_in', 'stop'],
}
const restartOrStop: readonly ServerActionKind[] = ['restart', 'stop']

/** The palette's entry for all servers that run; none when none does. */
export function restartAllAction(servers: readonly Server[]): Action[] {
  const running = servers.filter((server) => isRunning(server.state))
  if (running.length === 0) return []
  return [
    {
      id: 'servers:restart',
      title: 'Restart all running servers',
      hint: countOf(running.length, 'server'),
      glyph: 'restart',
      run: ({ client }) => Promise.all(running.map(({ id }) => client.servers.restart({ id }))),
    },
  ]
}

/** The palette's entries about single servers. */
export function serverPaletteActions(servers: readonly Server[]): Action[] {
  return servers.flatMap((server) => {
    const kinds = [...(paletteKinds[server.state] ?? restartOrStop), 'open_log', 'edit_entry'] as const
    return kinds.map((kind) => {
      const action = serverActions[kind]
      return {
        id: `server:${kind}:${server.id}`,
        title: action.title(server.id),
        hint: stateLooks[server.state].word.toLowerCase(),
        glyph: action.glyph,
        run: action.run(server.id),
      }
    })
  })
}
