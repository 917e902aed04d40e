import { type TaskId, uuidV7 } from '../../shared/ids.ts'
import {
  type DryRun,
  type NewRule,
  newRuleSchema,
  type RuleId,
  type RuleProblem,
  type RuleRun,
  type RuleView,
  ruleViewSchema,
  type StepOutcome,
  type TestVerdict,
  type WholeRuleRun,
} from '../../shared/rule.ts'
import type { EngineEvent } from '../../shared/snapshot.ts'
import { fixtureEvent } from './fixture-webhooks.ts'

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString()

function view(rule: unknown, facts: Partial<RuleView> = {}): RuleView {
  return ruleViewSchema.parse({
    ...newRuleSchema.parse(rule),
    id: uuidV7(),
    created_at: ago(9000),
    changed_at: ago(4000),
    problem: null,
    next_due: null,
    running: 0,
    waiting: 0,
    last_run: null,
    unmet: 0,
    ...facts,
  })
}

const label = {
  name: 'label',
  kind: 'tool',
  server: 'github',
  tool: 'issue_write',
  arguments: {
    owner: '${event.payload.repository.owner}',
    repo: '${event.payload.repository.name}',
    issue_number: '${event.payload.issue.number}',
    labels: ['triage', '${steps.classify.json.label}'],
  },
}

/** Rules in each state that they may be in, with the longest words. */
export function fixtureRules(): RuleView[] {
  const run = (status: RuleRun['status'], minutes: number) => ({
    id: uuidV7() as TaskId,
    status,
    created_at: ago(minutes),
    finished_at: status === 'running' ? null : ago(minutes - 0.1),
  })
  return [
    view(
      {
        name: 'Triage new issues',
        description: 'Reads a new issue, asks for a label and puts it on.',
        enabled: true,
        trigger: { kind: 'github', events: ['github.issue.created'], repositories: ['acme/website', 'acme/api'] },
        conditions: ['event.payload.sender.type != "Bot"', 'event.payload.action == "opened"'],
        steps: [
          {
            name: 'classify',
            kind: 'tool',
            server: 'memory',
            tool: 'classify',
            arguments: { text: '${event.payload.issue.title}' },
          },
          {
            name: 'ask',
            kind: 'approval',
            message: 'Label #${event.payload.issue.number} as ${steps.classify.json.label}?',
          },
          label,
        ],
        on_failure: [
          { name: 'tell', kind: 'notify', title: 'Triage failed', message: '${failure.message}', severity: 'caution' },
        ],
      },
      { last_run: run('running', 0.4), running: 1, waiting: 3, unmet: 12 },
    ),
    view(
      {
        name: 'Nightly report',
        enabled: true,
        trigger: { kind: 'schedule', cron: '0 3 * * *', time_zone: 'Europe/Berlin' },
        steps: [
          { name: 'query', kind: 'tool', server: 'postgres', tool: 'query', arguments: { sql: 'select 1' } },
          { name: 'send', kind: 'http', url: 'https://hooks.example.com/report', body: '${steps.query.text}' },
        ],
      },
      { last_run: run('failed', 640), next_due: new Date(Date.now() + 33_000_000).toISOString() },
    ),
    view(
      {
        name: 'Tell me when a server fails',
        enabled: true,
        trigger: { kind: 'event', events: ['server.failed'] },
        steps: [
          {
            name: 'notify',
            kind: 'notify',
            title: '${event.payload.server} failed',
            message: '${event.payload.reason}',
          },
        ],
      },
      { last_run: run('completed', 95) },
    ),
    view(
      {
        name: 'Orders that stay open',
        enabled: true,
        trigger: {
          kind: 'postgres',
          connection: 'postgres://app:${secret:PG}@db/orders',
          channel: 'orders_open',
          emits: 'db.alert.triggered',
        },
        steps: [{ name: 'notify', kind: 'notify', title: 'Open orders', message: '' }],
      },
      {
        problem: {
          code: 'connection_refused',
          message: 'db does not take connections on 5432.',
          hint: 'Start the database; it is tried again in 30 s.',
        },
      },
    ),
    view({
      name: 'A file that somebody dropped into the folder of scanned letters is filed',
      trigger: { kind: 'file', path: '/home/me/scans/*.pdf' },
      steps: [{ name: 'ask', kind: 'approval', message: 'File ${event.payload.path}?' }],
    }),
  ]
}

/** What the page asks of rules; `anyTask` is a task that steps can show. */
export function fixtureRulesApi(
  rules: () => readonly RuleView[],
  anyTask: () => TaskId,
  raise: (event: EngineEvent) => void,
) {
  const runs = new Map<string, RuleRun>()
  const runsOf = (rule: RuleView): RuleRun[] => {
    const statuses: RuleRun['status'][] =
      rule.last_run === null ? [] : [rule.last_run.status, 'completed', 'refused', 'failed', 'completed']
    return statuses.map((status, index) => {
      const id = (index === 0 ? rule.last_run!.id : `${rule.id.slice(0, -2)}${10 + index}`) as TaskId
      const known = runs.get(id) ?? fixtureRun(rule, id, status, index * 47 + 0.4, anyTask)
      runs.set(id, known)
      return known
    })
  }
  const all = () =>
    rules()
      .flatMap(runsOf)
      .sort((a, b) => b.created_at.localeCompare(a.created_at))
  const find = (id: string) => rules().find((rule) => rule.id === id)!
  const put = (rule: RuleView): RuleView => {
    raise({ type: 'rule.changed', rule })
    return rule
  }
  return {
    rules: {
      list: async () => ({ items: rules() }),
      create: async (rule: NewRule) => put(view(rule)),
      update: async ({ id, ...rule }: NewRule & { id: RuleId }) => put({ ...find(id), ...rule, changed_at: ago(0) }),
      enable: async ({ id, enabled }: { id: string; enabled: boolean }) => put({ ...find(id), enabled }),
      remove: async ({ id }: { id: RuleId }) => {
        raise({ type: 'rule.removed', id })
        return { removed: true }
      },
      validate: async (rule: NewRule) => ({ problems: fixtureProblems(rule) }),
      samples: async () => ({ items: [{ name: fixtureEvent.name, payload: fixtureEvent.payload }] }),
      dryRun: async ({ rule }: { rule: NewRule }): Promise<DryRun> => ({
        event: fixtureEvent,
        problems: [],
        is_triggered: rule.trigger.kind === 'github',
        conditions: rule.conditions.map((expression, index) => ({
          expression,
          value: index === 0,
          failure: null,
          is_met: index === 0,
        })),
        would_run: rule.conditions.length < 2,
        steps: rule.steps.map((step, index) => ({
          name: step.name,
          kind: step.kind,
          condition: step.condition === null ? null : { expression: step.condition, value: true, failure: null },
          would: index === 3 ? 'skip' : index === 2 ? 'fail' : 'act',
          target: step.kind === 'tool' ? `${step.server} ${step.tool}` : '',
          arguments:
            step.kind === 'tool'
              ? { owner: 'acme', repo: 'website', issue_number: 4812, labels: ['triage'] }
              : { message: 'Label #4812 as bug?' },
          failure:
            index === 2
              ? { code: 'server_off', message: 'github is off.', hint: 'Throw its lever, or let it start on demand.' }
              : null,
          waits_for: step.kind === 'approval' ? 'a person' : null,
        })),
        on_failure: [],
      }),
      test: async ({ id }: { id: string }): Promise<TestVerdict> => ({
        event: fixtureEvent,
        verdict: 'accepted',
        failure: null,
        run: runsOf(find(id))[0] ?? null,
      }),
      runs: async ({ rule }: { rule?: string }) => ({
        items: rule === undefined ? all() : runsOf(find(rule)),
        next_before: null,
      }),
      run: async ({ id }: { id: string }): Promise<WholeRuleRun> => {
        all()
        return { ...runs.get(id)!, event: fixtureEvent }
      },
    },
  }
}

function fixtureProblems(rule: NewRule): RuleProblem[] {
  return rule.steps.flatMap((step, index): RuleProblem[] =>
    step.kind === 'tool' && step.server === 'memory'
      ? [
          {
            path: `/steps/${index}/tool`,
            severity: 'warning',
            message: `memory has no tool "${step.tool}" now.`,
            column: null,
          },
        ]
      : [],
  )
}

function fixtureRun(
  rule: RuleView,
  id: TaskId,
  status: RuleRun['status'],
  minutes: number,
  anyTask: () => TaskId,
): RuleRun {
  const failure = {
    code: 'tool_error',
    message: 'The tool answered with an error: label "triage" is unknown.',
    hint: 'Look at the task.',
  }
  const outcome = (name: string, kind: StepOutcome['kind'], state: StepOutcome['status']): StepOutcome => ({
    name,
    kind,
    status: state,
    task_id: state === 'skipped' ? null : anyTask(),
    failure: state === 'failed' ? failure : null,
  })
  return {
    id,
    rule: rule.id,
    rule_name: rule.name,
    event_id: uuidV7(),
    event_name: rule.trigger.kind === 'github' ? 'github.issue.created' : 'schedule.due',
    is_sample: minutes > 100,
    depth: 0,
    status: status === 'running' ? 'failed' : status,
    failure:
      status === 'refused'
        ? {
            code: 'rate_limited',
            message: 'More than 60 runs in 60 s.',
            hint: 'Raise the rate, or narrow its conditions.',
          }
        : null,
    created_at: ago(minutes),
    finished_at: ago(minutes - 0.05),
    steps:
      status === 'refused'
        ? []
        : [
            outcome('classify', 'tool', 'completed'),
            outcome('ask', 'approval', 'completed'),
            outcome('label', 'tool', status === 'completed' ? 'completed' : 'failed'),
            ...(status === 'completed' ? [] : [outcome('tell', 'notify', 'completed')]),
          ],
  }
}
