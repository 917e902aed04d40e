import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { ClientId, Profile } from '../../shared/client.ts'
import type { ServerId } from '../../shared/ids.ts'
import { openHttpFace } from '../api/http-face.ts'
import { createEngine, type Engine } from '../engine.ts'
import { temporaryHost } from '../test-host.ts'
import type { Caller, CallerBook } from './caller.ts'

/** For tests: clients in memory, a token each. */
export class TestBook implements CallerBook {
  readonly profiles = new Map<string, Profile>()
  readonly seen: unknown[] = []
  readonly #callers = new Map<string, { name: string; id: ClientId; profile: string | null }>()
  readonly #listeners = new Set<() => void>()

  /** A client of this profile; returns its token. */
  issue(name: string, profile: string | null = null): string {
    const token = `token-of-${name}`
    this.#callers.set(token, { name, id: crypto.randomUUID() as ClientId, profile })
    return token
  }

  setProfile(profile: Profile): void {
    this.profiles.set(profile.id, profile)
    for (const listener of this.#listeners) listener()
  }

  revoke(token: string): void {
    this.#callers.delete(token)
    for (const listener of this.#listeners) listener()
  }

  callerOf(token: string): Caller | null {
    const found = this.#callers.get(token)
    if (found === undefined) return null
    const profile = found.profile === null ? null : this.profiles.get(found.profile)!
    return { origin: `client:${found.name}`, client: found.id, profile }
  }

  profile(id: string): Profile | null {
    return this.profiles.get(id) ?? null
  }

  noteSeen(_client: ClientId, seen: unknown): void {
    this.seen.push(seen)
  }

  noteServed(): void {}
  noteCall(): void {}

  onGrantsChanged(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }
}

export interface TestGateway extends AsyncDisposable {
  readonly url: string
  readonly ownerToken: string
  readonly book: TestBook
  readonly engine: Engine
  readonly api: ReturnType<typeof apiOf>
  /** POSTs a body to a path below the address; the owner's token unless another is given. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
}

const apiOf = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'api' } })

export const ownServer = (name: string): string => resolve(`test-servers/${name}.mjs`)
export const referenceServer = (name: string): string =>
  resolve(`node_modules/@modelcontextprotocol/server-${name}/dist/index.js`)

/** A whole engine with its HTTP face, and these servers started. */
export async function openTestGateway(servers: Record<string, Record<string, unknown>>): Promise<TestGateway> {
  await using stack = new AsyncDisposableStack()
  const host = stack.use(await temporaryHost())
  await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers: servers }))
  const book = new TestBook()
  const engine = stack.use(await createEngine(host, { callers: book }))
  const { router, gateway } = engine
  const face = stack.use(
    await openHttpFace({ router, gateway, facts: engine, home: host.home, version: '0.0.0', port: 0, pageDir: null }),
  )
  const api = apiOf(engine)
  await Promise.all(Object.keys(servers).map((id) => api.servers.start({ id: id as ServerId, wait_s: 60 })))
  const owned = stack.move()
  return {
    url: face.url,
    ownerToken: face.token,
    book,
    engine,
    api,
    post: (path, body, headers = {}) =>
      fetch(`${face.url}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${face.token}`,
          accept: 'application/json, text/event-stream',
          'content-type': 'application/json',
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
