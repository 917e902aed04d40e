import type { Json } from '../program.ts'

export interface CallOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: number) => void
}

/** A client of some SDK and revision, as far as the common script needs one. */
export interface ScriptClient extends AsyncDisposable {
  readonly name: string
  /** The revision that was agreed on. */
  readonly protocolVersion: string
  /** Methods of the questions that it was asked so far. */
  readonly asked: readonly string[]
  tools(): Promise<Json[]>
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<Json>
  resources(): Promise<Json[]>
  templates(): Promise<Json[]>
  read(uri: string): Promise<Json>
  prompts(): Promise<Json[]>
  prompt(name: string, args: Record<string, string>): Promise<Json>
  complete(prompt: string, argument: { name: string; value: string }): Promise<Json>
  /** Watches a resource and stops watching it. */
  watch(uri: string): Promise<void>
  /** Asks for log messages of a level, and for a sign of life where the era has one. */
  setUp(): Promise<void>
}

export const clientCapabilities = { sampling: {}, elicitation: {}, roots: {} }

/** What any client of the script answers to a question. */
export function answerTo(method: string): Record<string, unknown> {
  switch (method) {
    case 'elicitation/create':
      return { action: 'accept', content: { name: 'Ada', check: true } }
    case 'sampling/createMessage':
      return { role: 'assistant', model: 'script', content: { type: 'text', text: 'sampled by the script' } }
    default:
      return { roots: [{ uri: 'file:///script/root', name: 'Root of the script' }] }
  }
}
