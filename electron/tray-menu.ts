import type { Server, StateName } from '../shared/server.ts'
import type { AttentionItem, Snapshot } from '../shared/snapshot.ts'

/** What a click in the tray does. */
export type TrayAction =
  | { kind: 'open'; path: string }
  | { kind: 'throw_lever'; server: Server['id']; on: boolean }
  | { kind: 'quit' }

export type TrayEntry =
  | { kind: 'heading'; label: string }
  | { kind: 'command'; label: string; action: TrayAction }
  | { kind: 'lever'; label: string; isOn: boolean; action: TrayAction }
  | { kind: 'separator' }

export interface TrayMenu {
  readonly toolTip: string
  readonly needsYou: boolean
  readonly entries: readonly TrayEntry[]
}

const mostAttention = 5

/** The tray's menu: what needs a person first, then each server with its lever, then the program. */
export function trayMenu({ attention, servers }: Pick<Snapshot, 'attention' | 'servers'>): TrayMenu {
  const shown = attention.slice(0, mostAttention)
  const more = attention.length - shown.length
  const sections: TrayEntry[][] = [
    [
      ...(attention.length > 0 ? [{ kind: 'heading' as const, label: 'Needs you' }] : []),
      ...shown.map(attentionEntry),
      ...(more > 0 ? [openEntry(`${more} more …`, '/')] : []),
    ],
    servers.map(serverEntry),
    [openEntry('Open Signalbox', '/'), { kind: 'command', label: quitLabel(servers), action: { kind: 'quit' } }],
  ]
  return {
    toolTip: toolTip(servers, attention.length),
    needsYou: attention.length > 0,
    entries: sections
      .filter((section) => section.length > 0)
      .flatMap((section, index) => (index === 0 ? section : [{ kind: 'separator' as const }, ...section])),
  }
}

/** `Quit and stop 3 servers`: those that have a process or a connection now. */
export function quitLabel(servers: readonly Server[]): string {
  const running = servers.filter((server) => isRunning(server.state)).length
  if (running === 0) return 'Quit'
  return `Quit and stop ${running} ${running === 1 ? 'server' : 'servers'}`
}

function attentionEntry(item: AttentionItem): TrayEntry {
  const subject = item.server === null ? '' : `${item.server}: `
  return openEntry(`${subject}${item.title} ${item.message}`, attentionPath(item))
}

/** Where in the page an item is dealt with. */
function attentionPath({ action, server, task_id }: AttentionItem): string {
  const ofServer = server === null ? '/servers' : `/servers/${encodeURIComponent(server)}`
  switch (action.kind) {
    case 'open_task':
      return task_id === null ? '/tasks' : `/tasks/${task_id}`
    case 'open_log':
      return server === null ? '/logs' : `${ofServer}?tab=logs`
    case 'open_config':
      return server === null ? '/' : `${ofServer}?tab=config`
    case 'open_config_file':
      return '/'
    case 'open_approvals':
      return '/approvals'
    case 'open_questions':
      return '/'
    case 'open_clients':
      return '/clients'
    case 'start':
    case 'restart':
    case 'open_server':
    case 'sign_in':
      return ofServer
    default:
      return action.kind satisfies never
  }
}

function serverEntry(server: Server): TrayEntry {
  return {
    kind: 'lever',
    label: `${server.number}  ${server.id} – ${server.state.replaceAll('_', ' ')}`,
    isOn: server.wished,
    action: { kind: 'throw_lever', server: server.id, on: !server.wished },
  }
}

function openEntry(label: string, path: string): TrayEntry {
  return { kind: 'command', label, action: { kind: 'open', path } }
}

function toolTip(servers: readonly Server[], attention: number): string {
  const ready = servers.filter((server) => server.state === 'ready').length
  const needs = attention === 0 ? '' : `, ${attention} ${attention === 1 ? 'thing needs' : 'things need'} you`
  return `Signalbox: ${ready} of ${servers.length} servers ready${needs}`
}

function isRunning(state: StateName): boolean {
  switch (state) {
    case 'starting':
    case 'ready':
    case 'degraded':
    case 'unresponsive':
    case 'stopping':
      return true
    case 'stopped':
    case 'asleep':
    case 'backing_off':
    case 'crash_looping':
    case 'needs_secret':
    case 'needs_sign_in':
    case 'needs_consent':
    case 'failed':
      return false
    default:
      return state satisfies never
  }
}
