import type { Server, StateName } from '../shared/server.ts'
import type { TaskStatus } from '../shared/task.ts'
import { cell, type Output, type Tone } from './output.ts'

const stateSigns: Readonly<Record<StateName, readonly [glyph: string, tone: Tone]>> = {
  stopped: ['○', 'dim'],
  asleep: ['◌', 'dim'],
  starting: ['◐', 'yellow'],
  ready: ['●', 'green'],
  degraded: ['◍', 'yellow'],
  unresponsive: ['◍', 'yellow'],
  stopping: ['◑', 'yellow'],
  backing_off: ['◔', 'yellow'],
  crash_looping: ['✖', 'red'],
  needs_secret: ['◆', 'yellow'],
  needs_sign_in: ['◆', 'yellow'],
  needs_consent: ['◆', 'yellow'],
  failed: ['✖', 'red'],
}

const statusSigns: Readonly<Record<TaskStatus, readonly [glyph: string, tone: Tone]>> = {
  queued: ['◌', 'dim'],
  running: ['◐', 'yellow'],
  input_required: ['◆', 'yellow'],
  completed: ['✔', 'green'],
  failed: ['✖', 'red'],
  cancelled: ['○', 'dim'],
  timed_out: ['✖', 'red'],
  interrupted: ['✖', 'red'],
}

export function stateSign(output: Output, state: StateName): string {
  const [glyph, tone] = stateSigns[state]
  return output.toned(tone, `${glyph} ${state.replaceAll('_', ' ')}`)
}

export function statusSign(output: Output, status: TaskStatus): string {
  const [glyph, tone] = statusSigns[status]
  return output.toned(tone, `${glyph} ${status.replaceAll('_', ' ')}`)
}

export function serverTable(output: Output, servers: readonly Server[]): void {
  const rows = servers.map((server) => [
    String(server.number),
    cell(server.id),
    stateSign(output, server.state),
    cell(server.transport),
    cell(server.tools),
    cell(server.pid),
    server.reason === null ? '' : cell(server.reason),
  ])
  output.table(['', 'SERVER', 'STATE', 'TRANSPORT', 'TOOLS', 'PID', 'REASON'], rows)
}

/** A time of the contract on this machine's clock. */
export function localTime(at: string): string {
  return new Date(at).toLocaleString('sv-SE')
}

export function duration(ms: number | null): string {
  if (ms === null) return '–'
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
