import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient, type RouterClient } from '@orpc/server'
import { createEngine, type Engine } from '../../engine/engine.ts'
import type { Host } from '../../engine/host.ts'
import type { EngineRouter } from '../../engine/router.ts'
import { isTriggeredBy } from '../../engine/rules/match-event.ts'
import type { DomainEvent } from '../../shared/domain-event.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { LogLine } from '../../shared/log.ts'
import { type NewRule, type RuleId, type RuleRun, type StepOutcome, stepOutcomeSchema } from '../../shared/rule.ts'
import { type PipelineResult, type PipelineWatch, unheard, verdictOf } from './pipeline-result.ts'
import type { PipelineRules } from './read-rules.ts'

interface Pipeline extends PipelineRules {
  readonly event: DomainEvent
  /** The one rule that may act; null: all of them. */
  readonly only: string | null
  readonly timeoutMs: number
}

type Api = RouterClient<EngineRouter>

const serverWaitS = 300
const mostLogLines = 50_000

/**
 * Hands one event to rules, in a program of its own that is gone afterwards: starts the servers that they call, waits for their runs.
 * @throws AppError `invalid_rule`
 */
export async function runPipeline(
  host: Host,
  { rules, config, event, only, timeoutMs }: Pipeline,
  watch: PipelineWatch,
  signal: AbortSignal,
): Promise<PipelineResult> {
  await using stack = new AsyncDisposableStack()
  const named = rules.filter(({ name }) => only === null || name === only)
  const wanted = named.filter(({ trigger }) => isTriggeredBy({ id: '' as RuleId, trigger }, event))
  const nothing = { runs: [], tasks: [], logs: [] }
  if (wanted.length === 0) return { verdict: 'no_rule_matched', failure: unheard(event, named), ...nothing }

  const home = await mkdtemp(join(tmpdir(), 'signalbox-run-'))
  stack.defer(() => rm(home, { recursive: true, force: true, maxRetries: 5 }))
  await writeFile(join(home, 'mcp.json'), config, { mode: 0o600 })
  const engine = stack.use(await createEngine({ ...host, home }))
  const api: Api = createRouterClient(engine.router, { context: { origin: 'pipeline' } })
  const over = AbortSignal.timeout(timeoutMs)
  const ended = AbortSignal.any([signal, over])
  const facts = () => ({ isOver: over.aborted, isCancelled: signal.aborted })

  for (const server of serversOf(wanted)) {
    const problem = await start(server, api, watch, ended)
    if (ended.aborted)
      return { ...verdictOf([], { ...facts(), wasRefused: false }), ...nothing, logs: await logsOf(api) }
    if (problem === null) continue
    const failure = { code: 'server_not_started', message: problem, hint: 'Look at its log in the output folder.' }
    return { verdict: 'not_started', failure, ...nothing, logs: await logsOf(api) }
  }
  for (const rule of wanted) await api.rules.create({ ...rule, enabled: true })

  using approvals = refuseApprovals(engine, api, watch)
  await engine.bus.hand(event)
  const begun = (await api.rules.runs({})).items.filter(({ event_id }) => event_id === event.id).reverse()
  const runs = await Promise.all(begun.map((run) => followed(run, { api, watch, ended })))
  const verdict = verdictOf(runs, { ...facts(), wasRefused: approvals.count > 0 })
  return { ...verdict, runs, tasks: await tasksOf(api), logs: await logsOf(api) }
}

function serversOf(rules: readonly NewRule[]): ServerId[] {
  const steps = rules.flatMap(({ steps, on_failure }) => [...steps, ...on_failure])
  return [...new Set(steps.flatMap((step) => (step.kind === 'tool' ? [step.server] : [])))]
}

/** Null once it is ready, else why it is not. */
async function start(id: ServerId, api: Api, watch: PipelineWatch, signal: AbortSignal): Promise<string | null> {
  watch.starting(id)
  const began = performance.now()
  try {
    const { state, reason } = await api.servers.start({ id, wait_s: serverWaitS }, { signal })
    if (state !== 'ready' && state !== 'degraded') return `${id} did not start: ${reason ?? state.replaceAll('_', ' ')}`
    watch.started(id, performance.now() - began)
    return null
  } catch (error) {
    return `${id} did not start: ${(error as Error).message}`
  }
}

/** Nobody is there to ask: what asks is refused at once, and nothing waits for an answer that never comes. */
function refuseApprovals({ bus }: Engine, api: Api, watch: PipelineWatch): Disposable & { readonly count: number } {
  let count = 0
  const listening = bus.subscribe(['approval.asked'], async ({ payload: { id, rule, tool } }) => {
    count += 1
    watch.approvalRefused(`${rule}: ${tool}`)
    await api.approvals.decide({ id, verdict: 'deny' })
  })
  return {
    get count() {
      return count
    },
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  }
}

interface Following {
  readonly api: Api
  readonly watch: PipelineWatch
  /** Cancels the run. */
  readonly ended: AbortSignal
}

/** A run as it ended, its steps told as they ended. */
async function followed(run: RuleRun, { api, watch, ended }: Following): Promise<RuleRun> {
  watch.runBegan(run)
  const told = new Set<string>()
  if (run.finished_at === null) {
    // A run that ended meanwhile refuses; its own end is waited for below.
    const cancel = (): void => void api.tasks.cancel({ task_id: run.id }).catch(() => {})
    ended.addEventListener('abort', cancel, { once: true })
    if (ended.aborted) cancel()
    for await (const { events } of await api.tasks.follow({ task_id: run.id })) {
      for (const { kind, data } of events) {
        if (kind === 'step') await tellStep(run, stepOutcomeSchema.parse(data), told, api, watch)
      }
    }
    ended.removeEventListener('abort', cancel)
  }
  const { event: _, ...last } = await api.rules.run({ id: run.id })
  for (const step of last.steps) await tellStep(run, step, told, api, watch)
  watch.runEnded(last)
  return last
}

async function tellStep(
  run: RuleRun,
  step: StepOutcome,
  told: Set<string>,
  api: Api,
  watch: PipelineWatch,
): Promise<void> {
  if (told.has(step.name)) return
  told.add(step.name)
  const ms = step.task_id === null ? null : (await api.tasks.get({ task_id: step.task_id })).duration_ms
  watch.stepEnded(run, step, ms)
}

async function tasksOf(api: Api): Promise<PipelineResult['tasks']> {
  const { items } = await api.tasks.list({ limit: 1000 })
  return Promise.all(
    items.reverse().map(async ({ task_id }) => ({
      task: await api.tasks.get({ task_id }),
      events: (await api.tasks.events({ task_id })).items,
    })),
  )
}

/** In their order; of very many the last. */
async function logsOf(api: Api): Promise<LogLine[]> {
  const lines: LogLine[] = []
  let before: string | undefined
  do {
    const page = await api.logs.list({ limit: 1000, before })
    lines.push(...page.items)
    before = page.next_before ?? undefined
  } while (before !== undefined && lines.length < mostLogLines)
  return lines.reverse()
}
