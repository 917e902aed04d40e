import type { AgentRepo, CallRecorder, RuleRepo, ServerRepo, Store, TaskRepo } from '../store/store.ts'
import type { Masker } from './masker.ts'

/** The precious store behind the masker: no text of a server or of a caller is written as it came. */
export function maskedStore(store: Store, masker: Masker): Store {
  const { tasks: written } = store
  const tasks: TaskRepo = {
    get: (id) => written.get(id),
    list: (filter) => written.list(filter),
    facets: (filter) => written.facets(filter),
    events: (id, after) => written.events(id, after),
    count: () => written.count(),
    interruptOpen: (at) => written.interruptOpen(at),
    endedSince: (at, most) => written.endedSince(at, most),
    day: (now) => written.day(now),
    use: (since) => written.use(since),
    insert: (row, events) =>
      written.insert(
        { ...row, action: masker.text(row.action), parameters: masker.json(row.parameters) },
        masker.json(events),
      ),
    update: (id, patch, events) => written.update(id, masker.json(patch), masker.json(events)),
    addEvents: (events) => written.addEvents(masker.json(events)),
  }
  const calls: CallRecorder = {
    begin: (row, parametersText, sent, isAlone) => {
      const action = masker.text(row.action)
      const masked = action === row.action ? row : { ...row, action }
      return store.calls.begin(masked, masker.jsonText(parametersText), sent, isAlone)
    },
    end: (id, patch, resultText, events, isAlone) => {
      const masked = patch.error === undefined ? patch : { ...patch, error: masker.json(patch.error) }
      return store.calls.end(id, masked, resultText === null ? null : masker.jsonText(resultText), events, isAlone)
    },
  }
  const servers: ServerRepo = {
    ...store.servers,
    setLastError: (id, error) => store.servers.setLastError(id, masker.json(error)),
    setCache: (id, cache) => store.servers.setCache(id, masker.json(cache)),
    updateRun: (id, patch) => store.servers.updateRun(id, masker.json(patch)),
    insertTransition: (transition) => store.servers.insertTransition(masker.json(transition)),
  }
  const agents: AgentRepo = {
    ...store.agents,
    putState: (state) => store.agents.putState({ ...state, state: masker.json(state.state) }),
    insertConversation: (conversation) => store.agents.insertConversation(masker.json(conversation)),
    appendMessages: (id, append) =>
      store.agents.appendMessages(id, { ...append, messages: masker.json(append.messages) }),
  }
  const rules: RuleRepo = {
    ...store.rules,
    insertRun: (run) => store.rules.insertRun(masker.json(run)),
    updateRun: (id, patch) => store.rules.updateRun(id, masker.json(patch)),
  }
  return { ...store, agents, tasks, calls, servers, rules, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
}
