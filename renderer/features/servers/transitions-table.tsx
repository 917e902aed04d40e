import type { Server } from '../../../shared/server.ts'
import type { Transition, TransitionCause } from '../../../shared/transition.ts'
import { useCall } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { formatDateTime } from '../../ui/format.ts'
import { stateLooks } from '../../ui/state-look.ts'
import { Cell, HeadCell, TableHead, TableRow } from '../../ui/table.tsx'
import { TableSection } from './table-section.tsx'
import styles from './transitions-table.module.css'

/** What a server went through, newest first; read anew when it comes into another state. */
export function TransitionsTable({ server }: { server: Server }) {
  const transitions = useCall(
    server.id,
    (client, signal) => client.servers.transitions({ id: server.id, limit: 200 }, { signal }),
    `${server.run_id}:${server.state}:${server.since}`,
  )
  if (transitions.kind !== 'done') return null
  // The steps of a start stand in its own time line.
  const shown = transitions.data.items.filter(({ from, to }) => from !== to).slice(0, mostShown)
  if (shown.length === 0) return null
  return (
    <TableSection title="History" label="What it went through, newest first" columns={styles.columns}>
      <TableHead>
        <HeadCell>At</HeadCell>
        <HeadCell align="right">Start</HeadCell>
        <HeadCell>Came to</HeadCell>
        <HeadCell>Why</HeadCell>
      </TableHead>
      {shown.map((transition) => (
        <TransitionRow key={transition.id} transition={transition} />
      ))}
    </TableSection>
  )
}

const mostShown = 30

function TransitionRow({ transition }: { transition: Transition }) {
  const zone = usePreferences((state) => state.zone)
  const { at, start, to } = transition
  const why = whyOf(transition)
  return (
    <TableRow>
      <Cell>{formatDateTime(at, zone)}</Cell>
      <Cell align="right">#{start}</Cell>
      <Cell>{stateLooks[to].word}</Cell>
      <Cell>
        <span className={styles.why} title={why}>
          {why}
        </span>
      </Cell>
    </TableRow>
  )
}

const causes: Record<TransitionCause, string> = {
  asked: 'you asked for it',
  call: 'a call came',
  restored: 'it was on when Signalbox ended',
  configuration_changed: 'its configuration changed',
  source_changed: 'its source changed',
  secret_added: 'its secret was added',
  signed_in: 'you signed in',
  approved: 'you approved it',
  retry: 'the next try',
  progress: 'all steps were taken',
  answered: 'it answers again',
  recovered: 'no fault for a while',
  idle: 'no call for a while',
  removed: 'it was removed',
  quit: 'Signalbox ended',
  program_restarted: 'Signalbox began anew',
  app_died: 'Signalbox died',
}

function whyOf({ cause, message, exit_code, signal }: Transition): string {
  // The message of a failure names the exit already.
  if (message !== null) return message
  const why = Object.hasOwn(causes, cause) ? causes[cause as TransitionCause] : cause
  if (signal !== null) return `${why}; its process ended by ${signal}`
  return exit_code === null ? why : `${why}; its process exited with code ${exit_code}`
}
