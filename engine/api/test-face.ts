import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { EventBus } from '../events/event-bus.ts'
import { Masker } from '../secrets/masker.ts'
import { type HttpFace, type HttpFaceOptions, openHttpFace } from './http-face.ts'
import { createTestRouter, type TestRouter } from './test-router.ts'

export interface TestFace extends AsyncDisposable, TestRouter {
  readonly face: HttpFace
  readonly home: string
  readonly bus: EventBus
  /** `fetch` below the face's address with the owner token. */
  call(path: string, init?: RequestInit): Promise<Response>
  /** Sends these bytes over a socket of its own and returns all that comes back until the end. */
  raw(bytes: string): Promise<string>
}

/** A face over the test router, in a home of its own. */
export async function openTestFace(options: Partial<HttpFaceOptions> = {}): Promise<TestFace> {
  const home = await mkdtemp(join(tmpdir(), 'signalbox-api-'))
  const routes = createTestRouter()
  const bus = new EventBus({ onFailure: (error) => console.error(error) })
  const face = await openHttpFace({
    router: routes.router,
    home,
    version: '0.0.0',
    port: 0,
    pageDir: null,
    facts: { bus, masker: new Masker() },
    ...options,
  })
  return {
    ...routes,
    face,
    home,
    bus,
    call: (path, init = {}) => {
      const headers = new Headers(init.headers)
      if (!headers.has('authorization')) headers.set('authorization', `Bearer ${face.token}`)
      return fetch(`${face.url}${path}`, { ...init, headers, redirect: 'manual' })
    },
    raw: async (bytes) => {
      const socket = connect(face.port, '127.0.0.1')
      socket.write(bytes)
      return text(socket)
    },
    async [Symbol.asyncDispose]() {
      await face[Symbol.asyncDispose]()
      await rm(home, { recursive: true })
    },
  }
}
