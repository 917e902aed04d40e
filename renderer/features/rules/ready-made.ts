import type { ServerId } from '../../../shared/ids.ts'
import { readyMadeRules } from '../../../shared/ready-made-rules.ts'
import type { NewRule } from '../../../shared/rule.ts'
import type { Server } from '../../../shared/server.ts'
import type { GlyphName } from '../../ui/glyph.tsx'

interface ReadyMade {
  readonly id: string
  readonly glyph: GlyphName
  readonly rule: NewRule
}

const limits: NewRule['limits'] = {
  rate: { runs: 60, per_s: 60 },
  concurrency: 1,
  queue: 100,
  timeout_s: 3600,
  tools: null,
  hosts: null,
}
const step = { condition: null, timeout_s: null, on_failure: 'stop' } as const

/** What a new rule begins as: nothing but a notification, which harms nobody. */
export const blankRule: NewRule = {
  name: '',
  description: '',
  enabled: false,
  trigger: { kind: 'event', events: ['agent.error'] },
  conditions: [],
  steps: [{ name: 'notify', kind: 'notify', title: '', message: '', severity: 'info', ...step }],
  on_failure: [],
  limits,
}

/** Rules to begin with; those for GitHub go over the tools of a server, which is found by its id. */
export function readyMade(servers: readonly Pick<Server, 'id'>[]): readonly ReadyMade[] {
  const github = servers.find(({ id }) => /github/i.test(id))?.id ?? ('github' as ServerId)
  const forGitHub = readyMadeRules(github).map(
    ({ id, about, rule }): ReadyMade => ({
      id,
      glyph: 'rules',
      rule: { ...rule, description: rule.description || about },
    }),
  )
  return [...ownRules, ...forGitHub]
}

const ownRules: readonly ReadyMade[] = [
  {
    id: 'failed-task',
    glyph: 'failed',
    rule: {
      ...blankRule,
      name: 'Tell me when a call fails',
      description: 'A notification for each task that a client made and that failed.',
      trigger: { kind: 'event', events: ['agent.error'] },
      conditions: ['event.payload.origin.startsWith("client:")'],
      steps: [
        {
          name: 'notify',
          kind: 'notify',
          title: '${event.payload.action} of ${event.payload.agent} failed',
          message: '${event.payload.origin}: ${event.payload.error_code}',
          severity: 'caution',
          ...step,
        },
      ],
    },
  },
  {
    id: 'server-down',
    glyph: 'degraded',
    rule: {
      ...blankRule,
      name: 'Tell me when a server fails',
      description: 'A notification with the reason, for any server.',
      trigger: { kind: 'event', events: ['server.failed'] },
      steps: [
        {
          name: 'notify',
          kind: 'notify',
          title: '${event.payload.server} is ${event.payload.state}',
          message: '${event.payload.reason}',
          severity: 'danger',
          ...step,
        },
      ],
    },
  },
  {
    id: 'every-morning',
    glyph: 'timed-out',
    rule: {
      ...blankRule,
      name: 'Every morning',
      description: 'Something at nine on working days; you choose what.',
      trigger: { kind: 'schedule', cron: '0 9 * * 1-5', time_zone: null, missed: 'once' },
      steps: [
        {
          name: 'notify',
          kind: 'notify',
          title: 'Good morning',
          message: 'It is ${event.payload.due_at}.',
          severity: 'info',
          ...step,
        },
      ],
    },
  },
  {
    id: 'webhook',
    glyph: 'down',
    rule: {
      ...blankRule,
      name: 'When a webhook comes',
      description: 'A notification with what came; put a tool call in its place.',
      trigger: { kind: 'webhook', hook: '' },
      steps: [
        {
          name: 'notify',
          kind: 'notify',
          title: 'Webhook ${event.payload.hook}',
          message: 'Delivery ${event.payload.delivery_id}',
          severity: 'info',
          ...step,
        },
      ],
    },
  },
  {
    id: 'file',
    glyph: 'folder',
    rule: {
      ...blankRule,
      name: 'When a file changes',
      description: 'A notification for each file that comes, changes or goes in a folder.',
      trigger: { kind: 'file', path: '', changes: ['created', 'changed', 'removed'], debounce_ms: 300 },
      steps: [
        {
          name: 'notify',
          kind: 'notify',
          title: '${event.payload.path}',
          message: 'was ${event.payload.change}',
          severity: 'info',
          ...step,
        },
      ],
    },
  },
]
