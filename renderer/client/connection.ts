import type { ClientLink } from '@orpc/client'
import { createORPCClient } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import { type EngineClient, notConnected } from './engine-client.ts'

type Link = ClientLink<Record<never, never>>

/** A way to reach the engine: opens one link at a time, and tells when it is gone. */
export interface Dialler {
  /** Resolves with a link that stands, or rejects; `refused` in the error means that trying again will not help. */
  open: (signal: AbortSignal) => Promise<{ link: Link; closed: Promise<void> }>
}

/** The engine wants a fresh sign-in: the cookie of this page is not, or no longer, known. */
export class Refused extends Error {}

/** What the preload of the desktop face exposes. */
interface DesktopBridge {
  face: 'desktop'
  platform: string
}

declare global {
  interface Window {
    signalbox?: DesktopBridge
  }
}

export function isDesktop(): boolean {
  return window.signalbox?.face === 'desktop'
}

/** On the desktop the preload hands over a MessagePort; each new one replaces the last. */
export function portDialler(): Dialler {
  const ports: MessagePort[] = []
  let wake: (() => void) | undefined
  window.addEventListener('message', (event) => {
    if (event.source !== window || event.data !== 'signalbox:port') return
    const port = event.ports[0]
    if (!port) return
    ports.push(port)
    wake?.()
  })
  return {
    async open(signal) {
      while (ports.length === 0) {
        await new Promise<void>((resolve, reject) => {
          wake = resolve
          signal.addEventListener('abort', () => reject(signal.reason), { once: true })
        })
      }
      const port = ports.pop()!
      ports.length = 0
      port.start()
      const closed = new Promise<void>((resolve) => port.addEventListener('close', () => resolve()))
      return { link: new PortLink({ port }), closed }
    },
  }
}

/** In the browser a WebSocket on the page's own origin, signed in by the cookie. */
export function socketDialler(): Dialler {
  const url = new URL('/rpc', location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return {
    async open(signal) {
      const socket = new WebSocket(url)
      signal.addEventListener('abort', () => socket.close(), { once: true })
      const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()))
      const isOpen = await Promise.race([
        new Promise<boolean>((resolve) => socket.addEventListener('open', () => resolve(true))),
        closed.then(() => false),
      ])
      if (isOpen) return { link: new SocketLink({ websocket: socket }), closed }
      // A browser hides why a socket was not opened; an ordinary request tells.
      const response = await fetch('/api/v1/attention', { signal })
      if (response.status === 401 || response.status === 403) throw new Refused('This page is not signed in')
      throw notConnected
    },
  }
}

/** A client whose calls go over whatever link stands now; without one they fail at once. */
export function switchableClient(): { client: EngineClient; use: (link: Link | null) => void } {
  let current: Link | null = null
  const link: Link = {
    call(path, input, options) {
      if (!current) return Promise.reject(notConnected)
      return current.call(path, input, options)
    },
  }
  return {
    client: createORPCClient(link),
    use(next) {
      current = next
    },
  }
}
