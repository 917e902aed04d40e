import { join } from 'node:path'
import { z } from 'zod'
import { AppError, type Failure, failureOf } from '../../shared/app-error.ts'
import { isFields } from '../clients/found-server.ts'
import { readText, replaceFile } from '../config/replace-file.ts'
import type { SecretVault, VaultKeeper } from '../host.ts'

/** Seals texts with a key that lies elsewhere. Each call throws an AppError where it has no key that protects. */
export interface Sealer {
  readonly keeper: VaultKeeper
  /** Throws `vault_unprotected` and the like when nothing can be sealed now. */
  check(): Promise<void>
  seal(name: string, text: string): Promise<Buffer>
  /** `isStale`: it should be sealed anew, as the key was replaced by a better one. */
  open(name: string, sealed: Buffer): Promise<{ text: string; isStale: boolean }>
}

const sealedSchema = z.object({ keeper: z.enum(['system', 'key_file']), sealed: z.base64() })
type Sealed = z.infer<typeof sealedSchema>

/**
 * Secrets in `<home>/secrets.json`, each sealed by itself and marked with who keeps the key. The desktop and the headless
 * face share the file: each opens its own, and never writes over what it cannot read.
 */
export class SealedVault implements SecretVault {
  readonly #path: string
  readonly #sealer: Sealer
  #changed: Promise<unknown> = Promise.resolve()

  constructor(home: string, sealer: Sealer) {
    this.#path = join(home, 'secrets.json')
    this.#sealer = sealer
  }

  get keeper(): VaultKeeper {
    return this.#sealer.keeper
  }

  async problem(): Promise<Failure | null> {
    try {
      await this.#sealer.check()
      await this.#read()
      return null
    } catch (error) {
      return failureOf(error)
    }
  }

  async names(): Promise<string[]> {
    return [...(await this.#read()).keys()].sort()
  }

  async get(name: string): Promise<string | null> {
    const entry = (await this.#read()).get(name)
    if (entry === undefined) return null
    await this.#sealer.check()
    if (entry.keeper !== this.keeper) throw unreadable(name, `It was entered ${places[entry.keeper]}.`)
    try {
      const { text, isStale } = await this.#sealer.open(name, Buffer.from(entry.sealed, 'base64'))
      if (isStale) await this.set(name, text)
      return text
    } catch (cause) {
      throw unreadable(name, 'Unlock the key store of the system, or bring back the key that was there.', cause)
    }
  }

  async set(name: string, value: string): Promise<void> {
    await this.#sealer.check()
    const sealed = (await this.#sealer.seal(name, value)).toString('base64')
    await this.#change((entries) => entries.set(name, { keeper: this.keeper, sealed }))
  }

  async delete(name: string): Promise<boolean> {
    let wasThere = false
    await this.#change((entries) => {
      wasThere = entries.delete(name)
    })
    return wasThere
  }

  /** One after another: a change made to an older reading would undo the one before. */
  #change(change: (entries: Map<string, Sealed>) => void): Promise<unknown> {
    const before = this.#changed.catch(() => {})
    this.#changed = before.then(() => this.#rewrite(change))
    return this.#changed
  }

  #rewrite(change: (entries: Map<string, Sealed>) => void): Promise<unknown> {
    return replaceFile(this.#path, (text) => {
      const entries = this.#parse(text)
      change(entries)
      return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`
    })
  }

  async #read(): Promise<Map<string, Sealed>> {
    return this.#parse(await readText(this.#path))
  }

  #parse(text: string | null): Map<string, Sealed> {
    if (text === null) return new Map()
    try {
      const file: unknown = JSON.parse(text)
      if (!isFields(file)) throw new TypeError('not an object')
      return new Map(Object.entries(file).map(([name, entry]) => [name, sealedSchema.parse(entry)]))
    } catch (cause) {
      throw new AppError('vault_unreadable', `${this.#path} is not a file of secrets.`, {
        hint: 'Restore it from a backup, or move it away to begin with an empty one.',
        cause,
      })
    }
  }
}

const places: Readonly<Record<VaultKeeper, string>> = {
  system: 'in the desktop app, and only that can open it',
  key_file: 'without the desktop app, and only `signalbox serve` can open it',
}

function unreadable(name: string, why: string, cause?: unknown): AppError {
  return new AppError('secret_unreadable', `The secret ${name} is there, but cannot be opened.`, {
    hint: `${why} Or enter it again.`,
    status: 409,
    cause,
  })
}
