import type { Failure } from '../../shared/app-error.ts'
import type { LinkClient } from '../links/link.ts'
import { changedList } from '../links/notifications.ts'
import { type ClientProcess, ClientProcesses } from './client-processes.ts'
import type { LifeContext } from './life-context.ts'
import { LocalSession } from './local-session.ts'
import type { ServerBoard } from './server-board.ts'
import type { ServerTraffic } from './server-traffic.ts'
import type { CloseOptions, SessionEvents } from './session.ts'
import { StartTimeline } from './start-timeline.ts'

/**
 * The processes of a server's clients: on record, watched over and in its log like the one that they would share.
 * `force` kills at once what is on its way to its end.
 */
export function clientProcessesOf(board: ServerBoard, context: LifeContext, force: AbortSignal): ClientProcesses {
  return new ClientProcesses({
    open: (client, onEnd, signal) => openFor(board, context, { client, onEnd, signal, force }),
    most: () => board.facts.spec.settings.clientProcesses ?? 0,
    idleMs: () => board.facts.spec.settings.idleStopMs ?? context.rules.clientIdleMs,
    onChange(count) {
      board.facts.clientProcesses = count
      board.announce()
    },
    report: (text) => board.log(text, 'warn'),
  })
}

interface Opening {
  readonly client: LinkClient
  readonly onEnd: (failure: Failure) => void
  readonly signal: AbortSignal
  readonly force: AbortSignal
}

async function openFor(board: ServerBoard, context: LifeContext, opening: Opening): Promise<ClientProcess> {
  const { spec, eraVerdict } = board.facts
  const session = new LocalSession({
    ...context,
    // The process that they would share runs, so that is agreed to.
    askedBy: null,
    spec,
    timeline: new StartTimeline(),
    era: spec.settings.era === 'auto' ? (eraVerdict ?? 'auto') : spec.settings.era,
    traffic: context.traffic === null ? null : withoutLists(context.traffic),
    events: eventsOf(board, opening),
  })
  try {
    const { link } = await session.open(opening.signal)
    session.ready()
    return { link, close: async () => void (await session.close(ending(spec.settings.stopGraceMs, opening.force))) }
  } catch (error) {
    await session.close({ ...ending(0, AbortSignal.abort()), isAsked: false })
    throw error
  }
}

function ending(graceMs: number, force: AbortSignal): CloseOptions {
  return { isAsked: true, graceMs, force, drains: false, overLimit: null, onRung() {} }
}

function eventsOf(board: ServerBoard, { client, onEnd }: Opening): SessionEvents {
  return {
    spawned: (pid) => board.log(`spawned pid ${pid} for ${client.origin} alone`),
    log: (stream, text, level) => board.logFrom(stream, text, level),
    stderr: (stderr, runId) => board.read('stderr', stderr, runId),
    noise: (text) => board.logFrom('stdout', text),
    fault: ({ message }) => board.log(`the process of ${client.origin}: ${message}`, 'warn'),
    // What clients are served is what the shared process lists.
    listChanged() {},
    renewed() {},
    ended() {},
    closed: onEnd,
    probeFailed: () => board.log('ended when it was asked for its era', 'warn'),
  }
}

/** All that it says but that its lists changed. */
function withoutLists(traffic: ServerTraffic): ServerTraffic {
  return {
    capabilities: (server) => traffic.capabilities(server),
    question: (server, question) => traffic.question(server, question),
    notification(server, notification) {
      if (changedList(notification.method) === null) traffic.notification(server, notification)
    },
  }
}
