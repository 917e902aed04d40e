import type { ServerId } from '../../../shared/ids.ts'
import type { Server, Tool } from '../../../shared/server.ts'
import type { EngineClient } from '../../client/engine-client.ts'
import { type CallState, useCall, useSnapshot } from '../../client/hooks.ts'

/** The tools of one server that can be called now. */
export interface ServerTools {
  server: ServerId
  tools: readonly Tool[]
  /** Why its tools could not be read; null when they could. */
  problem: string | null
}

const callable: ReadonlySet<Server['state']> = new Set(['ready', 'degraded', 'asleep'])

/** One that sleeps is woken by the call, and one that starts is waited for: their tools are those of before. */
export function isCallable({ state, tools }: Server): boolean {
  return callable.has(state) || (state === 'starting' && tools !== null)
}

/** The tools of all servers that can be called, in the order of the servers; read anew when a server comes or its list changes. */
export function useTools(): CallState<readonly ServerTools[]> {
  const servers = useSnapshot((snapshot) => snapshot.servers)
  const called = servers.filter(isCallable)
  const key = called.map((server) => `${server.id} ${server.run_id} ${server.tools}`).join('\n')
  return useCall(`tools ${key}`, (engine, signal) => Promise.all(called.map(({ id }) => toolsOf(engine, id, signal))))
}

async function toolsOf(engine: EngineClient, id: ServerId, signal: AbortSignal): Promise<ServerTools> {
  try {
    const { items } = await engine.servers.tools({ id }, { signal })
    return { server: id, tools: items, problem: null }
  } catch (error) {
    // One server that does not answer must not hide the tools of the others.
    return { server: id, tools: [], problem: error instanceof Error ? error.message : String(error) }
  }
}

/** The tools whose name, title or server holds the text. */
export function foundTools(all: readonly ServerTools[], text: string): ServerTools[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return [...all]
  const holds = (...words: (string | undefined)[]): boolean =>
    words.some((word) => word?.toLowerCase().includes(wanted) ?? false)
  return all
    .map((one) => ({
      ...one,
      tools: holds(one.server) ? one.tools : one.tools.filter((tool) => holds(tool.name, tool.title)),
    }))
    .filter((one) => one.tools.length > 0)
}
