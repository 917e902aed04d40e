import type { Tool } from '../../../shared/server.ts'
import type { Snapshot } from '../../../shared/snapshot.ts'
import type { Action } from '../../actions.ts'
import { setPreferences } from '../../preferences.ts'
import { pages } from '../../shell/pages.ts'
import { countOf } from '../../ui/format.ts'
import { stateGlyph, stateLooks } from '../../ui/state-look.ts'
import { taskLooks } from '../../ui/task-glyph.tsx'
import { serverHref } from '../../view-state.ts'
import { doAttentionAction } from '../home/attention-action.ts'
import { restartAllAction, serverPaletteActions } from '../servers/server-actions.ts'

export interface NamedTool {
  server: string
  tool: Tool
}

export interface Section {
  name: 'Do' | 'Servers' | 'Tools' | 'Tasks'
  /** Typed first, it keeps the others out. */
  prefix: string
  actions: readonly Action[]
}

/** Everything that can be done now, by section; `here` is what the page that is shown can do besides. */
export function paletteSections(
  snapshot: Snapshot,
  tools: readonly NamedTool[],
  here: readonly Action[] = [],
): readonly Section[] {
  return [
    {
      name: 'Do',
      prefix: '>',
      actions: [
        ...here,
        ...attentionActions(snapshot),
        ...pageActions,
        ...serverPaletteActions(snapshot.servers),
        ...restartAllAction(snapshot.servers),
        ...taskActions(snapshot),
        ...viewActions,
      ],
    },
    { name: 'Servers', prefix: '@', actions: snapshot.servers.map(openServer) },
    { name: 'Tools', prefix: '/', actions: tools.map(runTool) },
    { name: 'Tasks', prefix: '#', actions: [...snapshot.running, ...snapshot.recent].map(openTask) },
  ]
}

function taskActions({ running, recent }: Snapshot): Action[] {
  return [
    ...running.map(
      (task): Action => ({
        id: `cancel:${task.task_id}`,
        title: `Cancel ${task.action} on ${task.agent}`,
        hint: taskLooks[task.status].word.toLowerCase(),
        glyph: 'cancelled',
        run: ({ client }) => client.tasks.cancel({ task_id: task.task_id }),
      }),
    ),
    ...recent.map(
      (task): Action => ({
        id: `rerun:${task.task_id}`,
        title: `Run ${task.action} on ${task.agent} again`,
        hint: taskLooks[task.status].word.toLowerCase(),
        glyph: 'restart',
        run: async ({ client, go }) => go(`/tasks/${(await client.tasks.rerun({ task_id: task.task_id })).task_id}`),
      }),
    ),
  ]
}

function attentionActions({ attention }: Snapshot): Action[] {
  return attention.map((item) => ({
    id: `attention:${item.id}`,
    title: `${item.action.label}: ${item.server ?? 'Signalbox'}`,
    hint: item.title.replace(/\.$/, '').toLowerCase(),
    glyph: 'attention',
    tone: 'attention',
    run: (context) => doAttentionAction(item, context),
  }))
}

const pageActions: readonly Action[] = [
  ...pages.map(
    (page): Action => ({
      id: `page:${page.href}`,
      title: `Go to ${page.label}`,
      keys: `g ${page.key}`,
      glyph: page.glyph,
      run: ({ go }) => go(page.href),
    }),
  ),
  { id: 'server:add', title: 'Add server', glyph: 'plus', run: ({ go }) => go('/servers?add=server') },
  { id: 'server:new', title: 'New custom server', glyph: 'plus', run: ({ go }) => go('/servers?add=own') },
  { id: 'rule:new', title: 'New rule', glyph: 'rules', run: ({ go }) => go('/rules/new') },
  { id: 'client:issue', title: 'Issue a token to a client', glyph: 'key', run: ({ go }) => go('/clients?add=client') },
  {
    id: 'approval:rule',
    title: 'Add a rule for approvals',
    glyph: 'lock',
    run: ({ go }) => go('/approvals?view=rules&add=rule'),
  },
  { id: 'limit:add', title: 'Set a limit', glyph: 'filter', run: ({ go }) => go('/approvals?view=limits&add=limit') },
  { id: 'server:import', title: 'Import servers from other programs', glyph: 'down', run: ({ go }) => go('/import') },
]

const viewActions: readonly Action[] = [
  { id: 'theme:light', title: 'Use the light theme', glyph: 'settings', run: () => setPreferences({ theme: 'light' }) },
  { id: 'theme:dark', title: 'Use the dark theme', glyph: 'settings', run: () => setPreferences({ theme: 'dark' }) },
  {
    id: 'theme:system',
    title: 'Use the theme of the system',
    glyph: 'settings',
    run: () => setPreferences({ theme: 'system' }),
  },
  {
    id: 'rows:compact',
    title: 'Show compact rows',
    glyph: 'settings',
    run: () => setPreferences({ density: 'compact' }),
  },
  {
    id: 'rows:comfortable',
    title: 'Show comfortable rows',
    glyph: 'settings',
    run: () => setPreferences({ density: 'comfortable' }),
  },
  { id: 'times:local', title: 'Show local times', glyph: 'settings', run: () => setPreferences({ zone: 'local' }) },
  { id: 'times:utc', title: 'Show times in UTC', glyph: 'settings', run: () => setPreferences({ zone: 'utc' }) },
]

function openServer(server: Snapshot['servers'][number]): Action {
  return {
    id: `open:${server.id}`,
    title: server.id,
    hint: `No. ${server.number}${server.tools ? `, ${countOf(server.tools, 'tool')}` : ''}`,
    keys: `g ${server.number}`,
    glyph: stateGlyph(server.detail),
    tone: stateLooks[server.state].tone,
    run: ({ go }) => go(serverHref(server.id)),
  }
}

function runTool({ server, tool }: NamedTool): Action {
  return {
    id: `tool:${server}:${tool.name}`,
    title: `${server} / ${tool.name}`,
    ...(tool.annotations?.readOnlyHint === true ? { hint: 'reads' } : {}),
    glyph: 'runner',
    tone: 'soft',
    run: ({ go }) => go(`/runner/${encodeURIComponent(server)}/${encodeURIComponent(tool.name)}`),
  }
}

function openTask(task: Snapshot['recent'][number]): Action {
  const look = taskLooks[task.status]
  return {
    id: `task:${task.task_id}`,
    title: `${task.action} ${task.agent}`,
    hint: `${look.word.toLowerCase()}, ${task.task_id.slice(-6)}`,
    glyph: look.glyph,
    tone: look.tone,
    run: ({ go }) => go(`/tasks/${task.task_id}`),
  }
}
