import type { ServerId } from '../../shared/ids.ts'

/**
 * The server that a request means by `agent`: its id, else the slug that its tools are served under, else its id in
 * another case where that is one server's alone. What means none is given back, for whoever refuses it.
 */
export function findAgent(
  agent: string,
  servers: readonly { id: ServerId }[],
  slugs: ReadonlyMap<string, string>,
): ServerId {
  if (servers.some(({ id }) => id === agent)) return agent as ServerId
  const bySlug = servers.find(({ id }) => slugs.get(id) === agent)
  if (bySlug !== undefined) return bySlug.id
  const [found, ...others] = servers.filter(({ id }) => id.toLowerCase() === agent.toLowerCase())
  return found !== undefined && others.length === 0 ? found.id : (agent as ServerId)
}
