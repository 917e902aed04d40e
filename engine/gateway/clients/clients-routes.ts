import type { ImplementerInternalWithMiddlewares } from '@orpc/server'
import type { clientsContract } from '../../../shared/clients-contract.ts'
import type { ServerId } from '../../../shared/ids.ts'
import type { CallContext } from '../../router.ts'
import type { Masker } from '../../secrets/masker.ts'
import type { Supervisor } from '../../servers/supervisor.ts'
import type { Gateway } from '../create-gateway.ts'
import type { ClientBook } from './client-book.ts'
import type { ContextBudget } from './context-budget.ts'
import { explainMissing } from './explain-tool.ts'
import type { ServedChanges } from './served-changes.ts'

interface Parts {
  clients: ClientBook
  budget: ContextBudget
  supervisor: Supervisor
  masker: Masker
  gateway: Gateway
  servedChanges: ServedChanges
}

type Routes = ImplementerInternalWithMiddlewares<typeof clientsContract, CallContext, CallContext>

/** The part of the contract about clients, their profiles and what tools cost them. */
export function clientsRoutes(
  os: Pick<Routes, keyof typeof clientsContract>,
  { clients, budget, supervisor, masker, gateway, servedChanges }: Parts,
) {
  const servedName = (server: ServerId, tool: string): string | null => {
    const verdict = gateway.catalog.explain(null, server, tool)
    return verdict.kind === 'served' ? verdict.name : null
  }
  return {
    clients: {
      list: os.clients.list.handler(() => ({ items: clients.list() })),
      issue: os.clients.issue.handler(({ input }) => clients.issue(input)),
      ensure: os.clients.ensure.handler(({ input }) => clients.ensure(input)),
      rotate: os.clients.rotate.handler(({ input }) => clients.rotate(input.id)),
      revoke: os.clients.revoke.handler(({ input }) => clients.revoke(input.id)),
      rename: os.clients.rename.handler(({ input }) => clients.rename(input.id, input.name)),
      setProfile: os.clients.setProfile.handler(({ input }) => clients.setProfile(input.id, input.profile)),
      remove: os.clients.remove.handler(async ({ input }) => {
        await clients.remove(input.id)
        return { removed: true }
      }),
      explain: os.clients.explain.handler(({ input: { id, server, tool = null } }) => {
        const client = clients.get(id)
        const listed = supervisor.listing(server)?.tools.map(({ name }) => name) ?? null
        return masker.json(
          explainMissing({
            client,
            profile: clients.profileOf(client),
            grantsChangedAt: clients.grantsChangedAt(id),
            servedChangedAt: servedChanges.at(server),
            serverId: server,
            server: supervisor.get(server),
            listed,
            tool,
            servedName: tool === null ? null : servedName(server, tool),
          }),
        )
      }),
    },
    profiles: {
      list: os.profiles.list.handler(() => ({ items: clients.profiles() })),
      save: os.profiles.save.handler(({ input }) => clients.saveProfile(input)),
      remove: os.profiles.remove.handler(async ({ input }) => {
        await clients.removeProfile(input.id)
        return { removed: true }
      }),
    },
    budget: {
      get: os.budget.get.handler(async () => masker.json(await budget.get())),
      switchOffUnused: os.budget.switchOffUnused.handler(({ input }) => budget.switchOffUnused(input.id)),
      undo: os.budget.undo.handler(({ input }) => budget.undo(input.id)),
    },
  }
}
