import { implement } from '@orpc/server'
import { AppError } from '../shared/app-error.ts'
import { contract } from '../shared/contract.ts'
import type { ServerId } from '../shared/ids.ts'
import type { Candidate } from '../shared/import.ts'
import type { Server } from '../shared/server.ts'
import { agentsRoutes } from './agents/agents-routes.ts'
import { openApiDocument } from './api/openapi.ts'
import { approvalsRoutes } from './approvals/approvals-routes.ts'
import { callbacksRoutes } from './callbacks/callbacks-routes.ts'
import { followTask } from './callbacks/follow-task.ts'
import { connectRoutes } from './clients/connect/connect-routes.ts'
import { exportRoutes } from './clients/export/export-routes.ts'
import { customRoutes } from './custom/custom-routes.ts'
import { doctorRoutes } from './doctor/doctor-routes.ts'
import type { Features } from './features.ts'
import { questionsRoutes } from './gateway/bridge/questions-routes.ts'
import type { Caller } from './gateway/caller.ts'
import { clientsRoutes } from './gateway/clients/clients-routes.ts'
import { limitsRoutes } from './limits/limits-routes.ts'
import { metricsRoutes } from './metrics/metrics-routes.ts'
import type { TraceContext } from './metrics/trace-context.ts'
import { rulesRoutes } from './rules/rules-routes.ts'
import type { Masker } from './secrets/masker.ts'
import type { SearchPath } from './servers/search-path.ts'
import { settingsRoutes } from './settings/settings-routes.ts'
import { narrowed, type OwnTasks } from './tasks/own-tasks.ts'
import { webhooksRoutes } from './webhooks/webhooks-routes.ts'

/** What a face says about each of its calls. */
export interface CallContext {
  /** Who asks: `page`, `terminal` or `api`. Stands on the tasks that it starts. */
  origin: string
  /** Set for a client: all it may see are these tasks. */
  only?: OwnTasks
  /** Its place in a trace, where it says so. */
  trace?: TraceContext | undefined
}

/** A client calls as itself, and sees what is its own. */
export function contextOfClient({ origin, since }: Pick<Caller, 'origin' | 'since'>): CallContext {
  return { origin, only: { origin, since } }
}

export type EngineRouter = ReturnType<typeof createRouter>

/** The contract, a line a procedure. What a line cannot say stands in the feature that it calls. */
export function createRouter(engine: Features) {
  const { hub, store, logStore, logs, supervisor, tasks, configuration, imports, secrets, masker, usage, conversions } =
    engine
  // Inputs are validated at the edge; outputs are our own and are trusted.
  const base = implement(contract).$context<CallContext>().$config({ initialOutputValidationIndex: Number.NaN })
  const os = base.use(async ({ next, procedure }) => {
    try {
      if (engine.isReadOnly) refuseChange(procedure['~orpc'].route)
      return await next()
    } catch (error) {
      throw error instanceof AppError ? maskedError(error, masker) : error
    }
  })

  const server = (id: ServerId): Server => {
    const found = supervisor.get(id)
    if (found === null) throw unknownServer(id, supervisor.list())
    return found
  }
  const settle = (id: ServerId, waitS: number, signal?: AbortSignal): Promise<Server> | Server =>
    waitS > 0 ? supervisor.settled(id, waitS * 1000, signal) : server(id)

  return os.router({
    ...settingsRoutes(os, engine),
    app: {
      events: os.app.events.handler(({ input, signal }) => hub.follow(input, signal ?? new AbortController().signal)),
      snapshot: os.app.snapshot.handler(() => hub.snapshot),
      searchPath: os.app.searchPath.handler(() => wireSearchPath(engine.searchPath.get())),
      detectSearchPath: os.app.detectSearchPath.handler(async () => wireSearchPath(await engine.searchPath.detect())),
      openApi: os.app.openApi.handler(() =>
        openApiDocument({ version: engine.host.version, url: hub.snapshot.url ?? '' }),
      ),
      attention: os.app.attention.handler(() => ({ items: hub.snapshot.attention })),
    },
    servers: {
      list: os.servers.list.handler(() => ({ items: supervisor.list(), next_before: null })),
      get: os.servers.get.handler(({ input }) => server(input.id)),
      start: os.servers.start.handler(({ input: { id, wait_s }, context, signal }) => {
        server(id)
        supervisor.start(id, context.origin)
        return settle(id, wait_s, signal)
      }),
      stop: os.servers.stop.handler(({ input: { id, wait_s }, signal }) => {
        server(id)
        supervisor.stop(id)
        return settle(id, wait_s, signal)
      }),
      restart: os.servers.restart.handler(({ input: { id, wait_s }, context, signal }) => {
        server(id)
        supervisor.restart(id, context.origin)
        return settle(id, wait_s, signal)
      }),
      consent: os.servers.consent.handler(async ({ input: { id } }) => {
        server(id)
        return masker.json(await supervisor.review(id))
      }),
      approve: os.servers.approve.handler(async ({ input: { id, seen, wait_s }, context, signal }) => {
        server(id)
        await supervisor.approve(id, context.origin, seen)
        return settle(id, wait_s, signal)
      }),
      tools: os.servers.tools.handler(({ input }) => ({ items: [...listing(input.id).tools] })),
      resources: os.servers.resources.handler(({ input }) => ({ items: [...listing(input.id).resources] })),
      resourceTemplates: os.servers.resourceTemplates.handler(({ input }) => ({
        items: [...listing(input.id).resourceTemplates],
      })),
      prompts: os.servers.prompts.handler(({ input }) => ({ items: [...listing(input.id).prompts] })),
      conversion: os.servers.conversion.handler(({ input: { id } }) => {
        server(id)
        return conversions.offer(id)
      }),
      convert: os.servers.convert.handler(async ({ input: { id } }) => {
        server(id)
        await conversions.convert(id)
        return server(id)
      }),
      revert: os.servers.revert.handler(async ({ input: { id } }) => {
        server(id)
        await conversions.revert(id)
        return server(id)
      }),
      usage: os.servers.usage.handler(() => ({ samples: [...usage.samples] })),
      followUsage: os.servers.followUsage.handler(({ signal }) => usage.follow(signal ?? new AbortController().signal)),
      runs: os.servers.runs.handler(({ input: { id, ...page } }) => store.servers.runs(id, page)),
      transitions: os.servers.transitions.handler(({ input: { id, ...page } }) => store.servers.transitions(id, page)),
      config: os.servers.config.handler(async ({ input: { id } }) => {
        server(id)
        // The entry is the owner's own text to edit; all that is made of it is masked.
        return { entry: configuration.entry(id), ...masker.json(await supervisor.effectiveLaunch(id)) }
      }),
      saveConfig: os.servers.saveConfig.handler(async ({ input: { id, entry } }) => {
        await configuration.save(id, entry)
        return server(id)
      }),
      remove: os.servers.remove.handler(async ({ input: { id } }) => {
        server(id)
        // Who could not be taken out is still signed in.
        const signOut = await engine.signIn.leaving(id)
        await configuration.remove(id)
        await signOut()
        return { removed: true }
      }),
    },
    imports: {
      scan: os.imports.scan.handler(() => imports.scan()),
      read: os.imports.read.handler(({ input }) => ({
        candidates: imports.read(input.text, input.name) as Candidate[],
      })),
      run: os.imports.run.handler(async ({ input: { picks, start, move_secrets }, context }) => {
        if (move_secrets) await secrets.moveIn(picks, (entries) => configuration.add(entries))
        else await configuration.add(picks)
        if (start) for (const { id } of picks) supervisor.start(id, context.origin)
        return { servers: picks.map(({ id }) => server(id)) }
      }),
    },
    connect: connectRoutes(os.connect, engine.connections),
    export: exportRoutes(os.export, engine.exported),
    secrets: {
      list: os.secrets.list.handler(() => secrets.list()),
      set: os.secrets.set.handler(async ({ input: { name, value } }) => {
        await secrets.set(name, value)
        for (const { id, detail } of supervisor.list()) {
          if (detail.state === 'needs_secret' && detail.names.includes(name)) supervisor.resume(id, 'secret_added')
        }
        return { name, restart: engine.noteNewSecret(name) }
      }),
      delete: os.secrets.delete.handler(async ({ input: { name } }) => {
        await secrets.delete(name)
        return { name }
      }),
    },
    signIn: {
      start: os.signIn.start.handler(({ input: { id } }) => {
        server(id)
        return engine.signIn.start(id)
      }),
      cancel: os.signIn.cancel.handler(({ input: { id } }) => {
        server(id)
        return { cancelled: engine.signIn.cancel(id) }
      }),
      signOut: os.signIn.signOut.handler(async ({ input: { id }, context }) => {
        server(id)
        const signed_out = await engine.signIn.signOut(id)
        // What runs on the tokens that are gone now must ask for new ones.
        if (signed_out && server(id).wished) supervisor.restart(id, context.origin)
        return { signed_out }
      }),
    },
    tasks: {
      create: os.tasks.create.handler(({ input, context }) => engine.requests.create(input, context)),
      rerun: os.tasks.rerun.handler(({ input, context }) => tasks.rerun(input.task_id, context)),
      list: os.tasks.list.handler(({ input, context: { only } }) =>
        store.tasks.list(only === undefined ? input : narrowed(input, only)),
      ),
      facets: os.tasks.facets.handler(({ input }) => store.tasks.facets(input)),
      get: os.tasks.get.handler(({ input, context }) => tasks.get(input.task_id, context.only)),
      cancel: os.tasks.cancel.handler(({ input, context }) => tasks.cancel(input.task_id, context.origin)),
      events: os.tasks.events.handler(async ({ input }) => {
        await tasks.get(input.task_id)
        return { items: await store.tasks.events(input.task_id) }
      }),
      follow: os.tasks.follow.handler(({ input, signal }) =>
        followTask(input.task_id, input.after, signal ?? new AbortController().signal, {
          tasks,
          events: store.tasks.events,
          callbacks: engine.callbacks,
        }),
      ),
      logs: os.tasks.logs.handler(async ({ input }) => ({ items: await engine.logsOfTask(input.task_id) })),
    },
    logs: {
      list: os.logs.list.handler(async ({ input }) => {
        await logs.flush()
        return logStore.list(input)
      }),
      tail: os.logs.tail.handler(({ input, signal }) => logs.tail(input, signal ?? new AbortController().signal)),
      overview: os.logs.overview.handler(({ input }) => logStore.overview(input)),
    },
    questions: questionsRoutes(os.questions, { tray: engine.tray, masker }),
    ...clientsRoutes(os, engine),
    ...limitsRoutes(os, engine),
    ...approvalsRoutes(os, engine),
    ...callbacksRoutes(os, engine),
    ...agentsRoutes(os, engine),
    ...rulesRoutes(os, engine),
    ...webhooksRoutes(os, engine),
    ...metricsRoutes(os, engine),
    ...doctorRoutes(os, engine),
    ...customRoutes(os, engine),
  })

  function listing(id: ServerId) {
    server(id)
    return masker.json(supervisor.listing(id)) ?? { tools: [], resources: [], resourceTemplates: [], prompts: [] }
  }
}

/** Streams have no method of their own, and change nothing; nor does an examination, which a broken home is in need of. */
function refuseChange({ method, path }: { method?: string; path?: string }): void {
  if (method === undefined || method === 'GET' || path === contract.doctor.examine['~orpc'].route.path) return
  throw new AppError('home_read_only', 'The home folder cannot be written, so nothing is started or changed.', {
    status: 409,
    hint: 'Make it writable for this user and start Signalbox again.',
  })
}

function wireSearchPath({ folders, ...rest }: SearchPath) {
  return { ...rest, folders: [...folders] }
}

function unknownServer(id: string, servers: Server[]): AppError {
  const known = servers.map((server) => server.id).join(', ')
  return new AppError('unknown_server', `There is no server "${id}".`, {
    status: 404,
    hint: known === '' ? 'Add one to mcp.json, or import one.' : `Known servers: ${known}.`,
  })
}

function maskedError(error: AppError, masker: Masker): AppError {
  const { code, status, cause } = error
  const { message, hint, data } = masker.json({ message: error.message, hint: error.hint, data: error.data })
  return new AppError(code, message, { status, hint, data, cause })
}
