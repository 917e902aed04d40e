import type { Host } from '../host.ts'
import { keptResource } from '../limits/kept-resource.ts'
import type { KeptResults } from '../limits/kept-results.ts'
import type { CallTracing } from '../metrics/trace-context.ts'
import type { Masker } from '../secrets/masker.ts'
import type { Supervisor } from '../servers/supervisor.ts'
import type { TaskRepo } from '../store/store.ts'
import type { TaskRunner } from '../tasks/task-runner.ts'
import type { ServerBridge } from './bridge/create-bridge.ts'
import type { CallerBook } from './caller.ts'
import type { ClientBook } from './clients/client-book.ts'
import { ContextBudget } from './clients/context-budget.ts'
import { ServedChanges } from './clients/served-changes.ts'
import { TokenCounter } from './clients/token-counter.ts'
import { Gateway } from './create-gateway.ts'
import type { SlugBook } from './slug-book.ts'

interface OpenGatewayParts {
  readonly host: Host
  readonly supervisor: Supervisor
  readonly tasks: TaskRunner
  readonly slugs: SlugBook
  readonly useOfTools: Pick<TaskRepo, 'use'>
  readonly bridge: ServerBridge
  readonly tracing: CallTracing
  readonly clients: ClientBook
  /** Who may call; the clients unless told. */
  readonly callers: CallerBook | undefined
  /** Results that were too large to hand on; clients read them as resources. */
  readonly kept: KeptResults
  readonly masker: Masker
}

interface OpenGateway extends AsyncDisposable {
  readonly gateway: Gateway
  readonly servedChanges: ServedChanges
  readonly budget: ContextBudget
}

/** The gateway, and what is told about what it serves. */
export function openGateway(parts: OpenGatewayParts): OpenGateway {
  const {
    host,
    supervisor,
    tasks,
    slugs,
    useOfTools,
    bridge,
    tracing,
    clients,
    callers = clients,
    kept,
    masker,
  } = parts
  const stack = new AsyncDisposableStack()
  const report = (error: unknown, where: string): void => console.error(masker.text(`A defect in ${where}: ${error}`))
  const gateway = stack.use(
    new Gateway({
      version: host.version,
      supervisor,
      tasks,
      slugs,
      book: callers,
      bridge,
      tracing,
      ownResource: keptResource({ kept, tasks }),
      report,
    }),
  )
  const servedChanges = stack.use(new ServedChanges({ gateway, supervisor }))
  const counter = stack.use(new TokenCounter(host))
  const budget = new ContextBudget({ book: clients, supervisor, tasks: useOfTools, counter })
  return { gateway, servedChanges, budget, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}
