import type { Failure } from '../../shared/app-error.ts'
import type { Era, Prompt, Resource, ResourceTemplate, Tool } from '../../shared/server.ts'
import type { Progress } from '../../shared/task.ts'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** What became of one request: expected outcomes are values, so that callers switch instead of catch. */
export type Answer =
  /** The server's `result`, whole and untouched; `resultText` is its JSON, where that was wanted. */
  | { kind: 'result'; result: JsonObject; resultText?: string }
  /** The server's JSON-RPC `error`. */
  | { kind: 'error'; error: { code: number; message: string; data?: Json } }
  /** No answer or progress within the limit, or none within the total limit. `notifications/cancelled` was sent. */
  | { kind: 'timed_out'; limitMs: number; which: 'idle' | 'total'; unfinished?: Unfinished }
  /** The signal fired. `notifications/cancelled` was sent when the request had left. */
  | { kind: 'cancelled' }
  /** An answer came that is none: broken JSON, both result and error, ambiguous id, over the size limit … */
  | { kind: 'invalid'; failure: Failure; raw: string }
  /** The connection ended first. `exit` says how, where the server was a process. */
  | { kind: 'closed'; failure: Failure }

/** A message that began and did not end; `head` is its text as far as it came, cut at 64 KiB. */
export interface Unfinished {
  bytes: number
  head: string
}

export interface RequestOptions {
  signal?: AbortSignal
  /** Milliseconds without answer or progress. */
  timeoutMs: number
  /** Milliseconds in all. */
  maxTotalMs: number
  /** Called in the order of arrival, always before the answer. */
  onProgress?: (progress: Progress) => void
  /** Called once, when the request has been handed to the transport; `id` is the id on the wire. */
  onSent?: (id: string | number) => void
  /** Called when an answer arrives after this request was timed out or cancelled. */
  onLateAnswer?: (afterMs: number) => void
  /** Whether a result is wanted with its text as well. */
  wantsText?: boolean
  /** Whose request it is: handed out with what the server asks or tells meanwhile. */
  owner?: object
}

/** As `Answer`, with what the server wrote instead of what it means. */
export type RawAnswer =
  /** `text` is the JSON of `result`; `result` is the same, read. */
  | { kind: 'result'; text: string; result: JsonObject }
  /** `text` is the JSON of `error`. */
  | { kind: 'error'; text: string; error: { code: number; message: string; data?: Json } }
  | Exclude<Answer, { kind: 'result' | 'error' }>

/** Who stands behind a request of the gateway. */
export interface LinkClient {
  /** As on its tasks. */
  readonly origin: string
  /** Null: the owner. */
  readonly client: string | null
}

export interface ForwardOptions extends Omit<RequestOptions, 'onProgress'> {
  /** Told the JSON of `params` of each progress notification, in the order of arrival, always before the answer. */
  onProgress?: (paramsText: string, progress: Progress) => void
  /** Handed what gives the request up, where that is cheaper than a signal. */
  onCancellable?: (cancel: () => void) => void
  /** Whose it is, for a server that has a process for each client. */
  client?: LinkClient
  /** Members of `_meta` that replace ours on a modern link, by their keys, as JSON. */
  meta?: Readonly<Record<string, string>>
}

/** Everything a server lists, all pages. */
export interface Listing {
  readonly tools: readonly Tool[]
  readonly resources: readonly Resource[]
  readonly resourceTemplates: readonly ResourceTemplate[]
  readonly prompts: readonly Prompt[]
  /** What was wrong with the lists without making them useless: a malformed tool, two of one name, a list without end. */
  readonly warnings: readonly string[]
}

export interface LinkInfo {
  readonly era: Era
  readonly protocolVersion: string
  readonly implementation: { name: string; version: string } | null
  readonly capabilities: JsonObject
  readonly instructions: string | null
}

/** Our JSON-RPC connection to one server, whatever the transport and the era. */
export interface Link extends AsyncDisposable {
  readonly info: LinkInfo
  /** How often the server's session was lost and opened anew; what was subscribed to in it is lost too. */
  readonly renewals: number
  request(method: string, params: JsonObject, options: RequestOptions): Promise<Answer>
  /**
   * A request whose params leave as they are written, but for the members of `_meta` that are ours: the progress token
   * and the envelope. An answer with a repeated key, a key `__proto__` or too many levels is `invalid`.
   */
  forward(method: string, paramsText: string, options: ForwardOptions): Promise<RawAnswer>
  notify(method: string, params?: JsonObject): Promise<void>
}
