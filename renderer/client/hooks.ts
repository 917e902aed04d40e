import { createContext, useContext, useEffect, useRef, useState } from 'react'
import type { Failure } from '../../shared/app-error.ts'
import type { Server } from '../../shared/server.ts'
import type { Snapshot } from '../../shared/snapshot.ts'
import { failureToast } from '../ui/toast.tsx'
import { callFailure, type EngineClient } from './engine-client.ts'
import { useEngineStore } from './store.ts'

export const EngineContext = createContext<EngineClient | null>(null)

/** The engine's procedures. */
export function useEngine(): EngineClient {
  const client = useContext(EngineContext)
  if (!client) throw new Error('No EngineContext above this component')
  return client
}

/** A part of the snapshot. Pages are shown only once there is one. The selector returns a kept value, never a new one. */
export function useSnapshot<T>(select: (snapshot: Snapshot) => T): T {
  return useEngineStore((state) => {
    if (!state.snapshot) throw new Error('No snapshot yet')
    return select(state.snapshot)
  })
}

/** One server, or undefined when it is not, or no longer, configured. */
export function useServer(id: string): Server | undefined {
  return useSnapshot((snapshot) => snapshot.servers.find((server) => server.id === id))
}

export type CallState<T> = { kind: 'loading' } | { kind: 'failed'; failure: Failure } | { kind: 'done'; data: T }

/**
 * The answer of a call, made when the component appears, when `key` or `version` changes, and after a reconnect. `key`
 * names what is asked for: while the same is asked anew, the last answer stays, so that nothing jumps. `version` is
 * what the answer depends on. `key` null makes no call.
 */
export function useCall<T>(
  key: string | null,
  call: (client: EngineClient, signal: AbortSignal) => Promise<T>,
  version = '',
): CallState<T> & { reload: () => void } {
  const client = useEngine()
  const generation = useEngineStore((state) => state.generation)
  const [round, setRound] = useState(0)
  const [answer, setAnswer] = useState<{ key: string | null; state: CallState<T> }>({ key, state: { kind: 'loading' } })
  const latestCall = useRef(call)
  useEffect(() => {
    latestCall.current = call
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: version, generation and round are what asks anew
  useEffect(() => {
    if (key === null) return
    const controller = new AbortController()
    latestCall.current(client, controller.signal).then(
      (data) => {
        if (!controller.signal.aborted) setAnswer({ key, state: { kind: 'done', data } })
      },
      (error: unknown) => {
        if (!controller.signal.aborted) setAnswer({ key, state: { kind: 'failed', failure: callFailure(error) } })
      },
    )
    return () => controller.abort()
  }, [client, key, version, generation, round])
  const state: CallState<T> = answer.key === key ? answer.state : { kind: 'loading' }
  return { ...state, reload: () => setRound((value) => value + 1) }
}

/**
 * Follows a stream while the component is shown, and begins anew after a reconnect or when `key` changes. `open` gets
 * a signal that ends the stream; `onItem` is called for each item. `key` null follows nothing.
 */
export function useStream<T>(
  key: string | null,
  open: (client: EngineClient, signal: AbortSignal) => Promise<AsyncIterable<T>>,
  onItem: (item: T) => void,
): Failure | null {
  const client = useEngine()
  const generation = useEngineStore((state) => state.generation)
  const [failure, setFailure] = useState<Failure | null>(null)
  const latest = useRef({ open, onItem })
  useEffect(() => {
    latest.current = { open, onItem }
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: generation is what asks anew
  useEffect(() => {
    if (key === null) return
    const controller = new AbortController()
    const { signal } = controller
    setFailure(null)
    async function follow(): Promise<void> {
      try {
        for await (const item of await latest.current.open(client, signal)) {
          if (signal.aborted) return
          latest.current.onItem(item)
        }
      } catch (error) {
        if (!signal.aborted) setFailure(callFailure(error))
      }
    }
    void follow()
    return () => controller.abort()
  }, [client, key, generation])
  return failure
}

/** Runs a command and tells a failure as a toast. `isBusy` until it is answered; resolves to undefined on failure. */
export function useCommand(): {
  isBusy: boolean
  run: <T>(command: (client: EngineClient) => Promise<T>) => Promise<T | undefined>
} {
  const client = useEngine()
  const [pending, setPending] = useState(0)
  return {
    isBusy: pending > 0,
    async run(command) {
      setPending((count) => count + 1)
      try {
        return await command(client)
      } catch (error) {
        failureToast(callFailure(error))
        return undefined
      } finally {
        setPending((count) => count - 1)
      }
    },
  }
}
