import { AppError, type Failure } from '../../shared/app-error.ts'
import type { SecretList } from '../../shared/secret.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import type { SecretVault } from '../host.ts'
import { secretNamesOf } from '../servers/expand.ts'
import { isOwnersSecret } from './managed-secrets.ts'
import type { Masker } from './masker.ts'
import { moveSecrets } from './move-secrets.ts'

interface Parts {
  vault: SecretVault | null
  masker: Masker
  specs(): readonly ServerSpec[]
}

const noVault: Failure = {
  code: 'no_vault',
  message: 'There is no vault here that could hold secrets.',
  hint: 'Put a variable such as ${NAME} in its place and set it before Signalbox starts.',
}

/** The secrets behind `${secret:NAME}`, by name. What is told of a value is masked from then on everywhere. */
export class Secrets {
  readonly #vault: SecretVault | null
  readonly #masker: Masker
  readonly #specs: () => readonly ServerSpec[]

  constructor({ vault, masker, specs }: Parts) {
    this.#vault = vault
    this.#masker = masker
    this.#specs = specs
  }

  /** Names that are stored or asked for, sorted, and whether the vault works. */
  async list(): Promise<SecretList> {
    const problem = this.#vault === null ? noVault : await this.#vault.problem()
    // A file that cannot be read is told as the problem; what servers ask for is known without it.
    const names = problem?.code === 'vault_unreadable' ? [] : ((await this.#vault?.names()) ?? [])
    const stored = new Set(names.filter(isOwnersSecret))
    const users = this.#users()
    const shown = [...new Set([...stored, ...users.keys()])].sort()
    return {
      vault: { keeper: this.#vault?.keeper ?? null, problem },
      items: shown.map((name) => ({ name, is_set: stored.has(name), used_by: users.get(name) ?? [] })),
    }
  }

  /** @throws AppError `no_vault`, `vault_unprotected`, `vault_key_unusable` (409): then nothing is stored anywhere. */
  async set(name: string, value: string): Promise<void> {
    this.#masker.learn([value])
    await this.#open().set(name, value)
  }

  /** @throws AppError `unknown_secret` (404). */
  async delete(name: string): Promise<void> {
    if (await this.#open().delete(name)) return
    throw new AppError('unknown_secret', `There is no secret ${name}.`, {
      status: 404,
      hint: 'List them with GET /api/v1/secrets, or with `signalbox secret list`.',
    })
  }

  /**
   * Puts the plaintext secrets of entries into the vault and hands `keep` the entries that name them instead. Where
   * either fails, the vault is as it was: no name is taken that was there before, so that taking back loses nothing.
   */
  async moveIn<Entry extends { id: string; entry: Record<string, unknown> }>(
    entries: readonly Entry[],
    keep: (entries: Entry[]) => Promise<void>,
  ): Promise<void> {
    const vault = this.#open()
    const moved = moveSecrets(entries, new Set([...(await vault.names()), ...this.#users().keys()]))
    const stored: string[] = []
    try {
      for (const [name, value] of moved.values) {
        stored.push(name)
        await this.set(name, value)
      }
      await keep(moved.entries)
    } catch (error) {
      for (const name of stored) await vault.delete(name)
      throw error
    }
  }

  /** Servers whose entries name a secret. */
  usersOf(name: string): readonly ServerSpec['id'][] {
    return this.#users().get(name) ?? []
  }

  #open(): SecretVault {
    if (this.#vault !== null) return this.#vault
    throw new AppError(noVault.code, noVault.message, { hint: noVault.hint, status: 409 })
  }

  #users(): Map<string, ServerSpec['id'][]> {
    const users = new Map<string, ServerSpec['id'][]>()
    for (const { id, launch, remote } of this.#specs()) {
      const spec = launch ?? remote
      for (const name of spec === null ? [] : secretNamesOf(spec)) users.set(name, [...(users.get(name) ?? []), id])
    }
    return users
  }
}
