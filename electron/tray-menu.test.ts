import { describe, expect, it } from 'vitest'
import type { ServerId } from '../shared/ids.ts'
import type { Server, StateName } from '../shared/server.ts'
import type { AttentionItem } from '../shared/snapshot.ts'
import { testServer } from '../shared/test-snapshot.ts'
import { quitLabel, trayMenu } from './tray-menu.ts'

const at = '2026-11-22T14:00:00.000Z'

function server(number: number, id: string, state: StateName, wished: boolean): Server {
  return testServer(id, { number, state, since: at, wished })
}

function item(id: string, kind: AttentionItem['action']['kind'], about: string | null): AttentionItem {
  return {
    id,
    severity: 'danger',
    server: about as ServerId | null,
    task_id: null,
    state: 'failed',
    title: 'Cannot start.',
    message: 'No command "uvx" on PATH.',
    code: 'command_not_found',
    since: at,
    action: { kind, label: 'Open' },
  }
}

describe('the tray menu', () => {
  it('names what needs you, then the servers with their levers, then the program', () => {
    const servers = [server(1, 'echo', 'ready', true), server(2, 'a/b', 'crash_looping', true)]
    expect(trayMenu({ servers, attention: [item('1', 'open_log', 'a/b')] })).toEqual({
      toolTip: 'Signalbox: 1 of 2 servers ready, 1 thing needs you',
      needsYou: true,
      entries: [
        { kind: 'heading', label: 'Needs you' },
        {
          kind: 'command',
          label: 'a/b: Cannot start. No command "uvx" on PATH.',
          action: { kind: 'open', path: '/servers/a%2Fb?tab=logs' },
        },
        { kind: 'separator' },
        {
          kind: 'lever',
          label: '1  echo – ready',
          isOn: true,
          action: { kind: 'throw_lever', server: 'echo', on: false },
        },
        {
          kind: 'lever',
          label: '2  a/b – crash looping',
          isOn: true,
          action: { kind: 'throw_lever', server: 'a/b', on: false },
        },
        { kind: 'separator' },
        { kind: 'command', label: 'Open Signalbox', action: { kind: 'open', path: '/' } },
        { kind: 'command', label: 'Quit and stop 1 server', action: { kind: 'quit' } },
      ],
    })
  })

  it('is two commands where nothing is configured', () => {
    expect(trayMenu({ servers: [], attention: [] })).toEqual({
      toolTip: 'Signalbox: 0 of 0 servers ready',
      needsYou: false,
      entries: [
        { kind: 'command', label: 'Open Signalbox', action: { kind: 'open', path: '/' } },
        { kind: 'command', label: 'Quit', action: { kind: 'quit' } },
      ],
    })
  })

  it('counts what it leaves out of a long list', () => {
    const attention = Array.from({ length: 8 }, (_, index) => item(String(index), 'start', 'echo'))
    const labels = trayMenu({ servers: [], attention }).entries.map((entry) => 'label' in entry && entry.label)
    expect(labels.slice(0, 7)).toEqual([
      'Needs you',
      ...Array(5).fill('echo: Cannot start. No command "uvx" on PATH.'),
      '3 more …',
    ])
  })

  it('counts in Quit what has a process, proved or not', () => {
    const states: StateName[] = ['starting', 'stopping', 'unresponsive', 'stopped', 'failed', 'backing_off']
    expect(quitLabel(states.map((state, index) => server(index + 1, state, state, true)))).toBe(
      'Quit and stop 3 servers',
    )
  })
})
