import { create } from 'zustand'
import type { StateName } from '../../shared/server.ts'
import { applyEvent, type EngineEvent, type Notice, type Snapshot, type StreamMessage } from '../../shared/snapshot.ts'

/** `lost` says since when and which try comes next; `refused` will not mend by itself. */
type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'open' }
  | { kind: 'lost'; attempt: number }
  | { kind: 'refused' }

interface EngineState {
  connection: ConnectionState
  /** Rises with each link that stands: streams begin anew when it does. */
  generation: number
  snapshot: Snapshot | null
  epoch: string | null
  seq: number
}

/** All that the page knows of the engine, fed by the one event stream. */
export const useEngineStore = create<EngineState>(() => ({
  connection: { kind: 'connecting' },
  generation: 0,
  snapshot: null,
  epoch: null,
  seq: 0,
}))

/** What a message of the stream tells besides the new values. */
export interface Told {
  notices: readonly Notice[]
  states: readonly { id: string; from: StateName; to: StateName }[]
  /** Calls waited for a person, and none does any more. */
  isApproved: boolean
}

/** Takes in one message of the event stream. */
export function receive(message: StreamMessage): Told {
  const { snapshot } = useEngineStore.getState()
  if (message.kind === 'snapshot') {
    useEngineStore.setState({ snapshot: message.snapshot, epoch: message.epoch, seq: message.seq })
    return { notices: [], states: [], isApproved: message.snapshot.approvals.length === 0 }
  }
  if (!snapshot) return { notices: [], states: [], isApproved: false }
  const next = message.events.reduce(applyEvent, snapshot)
  const told = {
    notices: message.events.flatMap(noticeOf),
    states: stateChanges(snapshot, message.events),
    isApproved: snapshot.approvals.length > 0 && next.approvals.length === 0,
  }
  useEngineStore.setState({
    snapshot: next,
    epoch: message.epoch,
    seq: message.seq,
  })
  return told
}

function noticeOf(event: EngineEvent): readonly Notice[] {
  return event.type === 'notice.raised' ? [event.notice] : []
}

function stateChanges(before: Snapshot, events: readonly EngineEvent[]): Told['states'] {
  return events.flatMap((event) => {
    if (event.type !== 'server.changed') return []
    const from = before.servers.find((server) => server.id === event.server.id)?.state
    return from === undefined || from === event.server.state
      ? []
      : [{ id: event.server.id, from, to: event.server.state }]
  })
}
