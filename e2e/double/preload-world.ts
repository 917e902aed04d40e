// What runs inside Chromium in place of Electron's own renderer code. Both functions are sent as text, so each must be
// complete in itself: no imports, no names from around it.

/** Where messages from the page's preload come out in Node, and the name of the world that it runs in. */
export const bindingName = '__signalboxDouble'
export const worldName = 'Electron Isolated Context'

/** What the preload's world tells Node through the binding. */
export type FromPage =
  | { kind: 'send'; channel: string; args: unknown[] }
  | { kind: 'invoke'; id: number; channel: string; args: unknown[] }
  | { kind: 'port'; id: number; data: unknown }
  | { kind: 'port-closed'; id: number }

/** What Node tells the preload's world. */
export type ToPage =
  | { kind: 'message'; channel: string; args: unknown[]; ports: number[] }
  | { kind: 'reply'; id: number; value?: unknown; error?: string }
  | { kind: 'port'; id: number; data: unknown }
  | { kind: 'port-closed'; id: number }

/** The page's own world: takes one exposed value after the other and binds it, frozen, to `window`. */
export function mainWorld(eventName: string): void {
  if (window !== window.top) return
  const freeze = (value: unknown): unknown => {
    if (value !== null && typeof value === 'object') Object.values(Object.freeze(value)).forEach(freeze)
    return value
  }
  window.addEventListener(
    eventName,
    (event) => {
      event.stopImmediatePropagation()
      const { key, value } = (event as CustomEvent<{ key: string; value: unknown }>).detail
      Object.defineProperty(window, key, { value: freeze(value), enumerable: true })
    },
    { capture: true },
  )
}

type Listener = (event: { sender: unknown; ports: MessagePort[] }, ...args: unknown[]) => void
type Preload = (require: (name: string) => unknown, process: object, module: object, exports: object) => void

/** The preload's world: the few parts of `electron` that a sandboxed preload may ask for, and the preload itself. */
export function preloadWorld(eventName: string, binding: string, platform: string, preload: Preload): void {
  // Electron runs no preload in the empty document that a window starts with.
  if (window !== window.top || location.href === 'about:blank') return
  const globals = globalThis as unknown as Record<string, (message: string) => void>
  const native = globals[binding] as (message: string) => void
  const tell = (message: FromPage): void => native(JSON.stringify(message))
  const listeners = new Map<string, Set<Listener>>()
  const replies = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  const ports = new Map<number, MessagePort>()
  let lastInvoke = 0

  const openPort = (id: number): MessagePort => {
    const { port1, port2 } = new MessageChannel()
    ports.set(id, port2)
    port2.onmessage = (event) => tell({ kind: 'port', id, data: event.data })
    port2.addEventListener('close', () => tell({ kind: 'port-closed', id }))
    return port1
  }

  const ipcRenderer = {
    on(channel: string, listener: Listener) {
      const all = listeners.get(channel) ?? new Set()
      listeners.set(channel, all.add(listener))
      return ipcRenderer
    },
    off(channel: string, listener: Listener) {
      listeners.get(channel)?.delete(listener)
      return ipcRenderer
    },
    once(channel: string, listener: Listener) {
      const first: Listener = (event, ...args) => {
        ipcRenderer.off(channel, first)
        listener(event, ...args)
      }
      return ipcRenderer.on(channel, first)
    },
    send: (channel: string, ...args: unknown[]) => tell({ kind: 'send', channel, args }),
    invoke(channel: string, ...args: unknown[]) {
      const id = ++lastInvoke
      return new Promise((resolve, reject) => {
        replies.set(id, { resolve, reject })
        tell({ kind: 'invoke', id, channel, args })
      })
    },
  }

  const contextBridge = {
    exposeInMainWorld(key: string, value: unknown) {
      // A function cannot be cloned: the double bridges data only, and says so by this throw.
      const detail = structuredClone({ key, value })
      window.dispatchEvent(new CustomEvent(eventName, { detail }))
    },
  }

  globals[`${binding}Receive`] = (text) => {
    const message = text as unknown as ToPage
    switch (message.kind) {
      case 'message': {
        const event = { sender: ipcRenderer, ports: message.ports.map(openPort) }
        for (const listener of listeners.get(message.channel) ?? []) listener(event, ...message.args)
        break
      }
      case 'reply': {
        const reply = replies.get(message.id)
        replies.delete(message.id)
        if (message.error === undefined) reply?.resolve(message.value)
        else reply?.reject(new Error(message.error))
        break
      }
      case 'port':
        ports.get(message.id)?.postMessage(message.data)
        break
      case 'port-closed':
        ports.get(message.id)?.close()
        ports.delete(message.id)
        break
      default:
        message satisfies never
    }
  }

  const require = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return { contextBridge, ipcRenderer }
    throw new Error(`module not found: ${name}`)
  }
  const process = { platform, sandboxed: true, contextIsolated: true, type: 'renderer', versions: {}, env: {} }
  const module = { exports: {} }
  preload(require, process, module, module.exports)
}
