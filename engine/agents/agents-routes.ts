import type { ImplementerInternalWithMiddlewares } from '@orpc/server'
import type { agentsContract } from '../../shared/agents-contract.ts'
import type { CallContext } from '../router.ts'
import type { Store } from '../store/store.ts'
import { AgentMemory } from './agent-memory.ts'

type Routes = ImplementerInternalWithMiddlewares<typeof agentsContract, CallContext, CallContext>

/** What agents remember: `agentsContract`, a line a procedure. */
export function agentsRoutes(os: Pick<Routes, keyof typeof agentsContract>, { store }: { readonly store: Store }) {
  const memory = new AgentMemory(store.agents)
  return {
    agents: {
      state: os.agents.state.handler(({ input }) => memory.state(input.agent)),
      putState: os.agents.putState.handler(({ input }) => memory.putState(input)),
    },
    conversations: {
      create: os.conversations.create.handler(({ input }) => memory.begin(input)),
      list: os.conversations.list.handler(({ input }) => memory.list(input)),
      get: os.conversations.get.handler(({ input }) => memory.conversation(input.id)),
      append: os.conversations.append.handler(({ input: { id, messages, version } }) =>
        memory.append(id, messages, version ?? null),
      ),
      remove: os.conversations.remove.handler(async ({ input }) => {
        await memory.remove(input.id)
        return { removed: true as const }
      }),
    },
  }
}
