import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { json, text } from 'node:stream/consumers'
import { AppError } from '../../../shared/app-error.ts'
import type { Host } from '../../host.ts'
import { definitionHash } from './tool-cost.ts'

/** Counts the tokens of texts in another process, and keeps the numbers by the hash of the text. */
export class TokenCounter implements AsyncDisposable {
  readonly #host: Pick<Host, 'node' | 'tokenCounter' | 'env'>
  readonly #known = new Map<string, number>()
  readonly #stopping = new AbortController()
  #running: Promise<unknown> = Promise.resolve()

  constructor(host: Pick<Host, 'node' | 'tokenCounter' | 'env'>) {
    this.#host = host
  }

  /** In the order of the texts. @throws AppError `token_count_failed`. */
  count(texts: readonly string[]): Promise<number[]> {
    const counted = this.#running.catch(() => {}).then(() => this.#count(texts))
    this.#running = counted
    return counted
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    await this.#running.catch(() => {})
  }

  async #count(texts: readonly string[]): Promise<number[]> {
    const hashes = texts.map(definitionHash)
    const fresh = new Map(texts.flatMap((one, i) => (this.#known.has(hashes[i]!) ? [] : [[hashes[i]!, one] as const])))
    if (fresh.size > 0) {
      const counts = await this.#run([...fresh.values()])
      for (const [i, hash] of [...fresh.keys()].entries()) this.#known.set(hash, counts[i]!)
    }
    return hashes.map((hash) => this.#known.get(hash)!)
  }

  async #run(texts: readonly string[]): Promise<number[]> {
    const { node, tokenCounter, env } = this.#host
    const child = spawn(node, [tokenCounter], { env, windowsHide: true, signal: this.#stopping.signal })
    try {
      const ended = once(child, 'close') as Promise<[number | null]>
      // The end of the process tells why; a pipe that broke says less.
      child.stdin.on('error', () => {})
      child.stdin.end(JSON.stringify(texts))
      const [counts, said, [code]] = await Promise.all([json(child.stdout), text(child.stderr), ended])
      if (code === 0 && Array.isArray(counts) && counts.length === texts.length) return counts as number[]
      throw new Error(said.trim() || `It ended with code ${code}.`)
    } catch (cause) {
      throw new AppError('token_count_failed', 'The tokens of the tools could not be counted.', {
        hint: 'Look at the page again; if it stays, the program is not whole.',
        cause,
      })
    }
  }
}
