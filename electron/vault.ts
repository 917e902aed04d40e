import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SafeStorage } from 'electron'
import { z } from 'zod'
import type { SecretVault } from '../engine/host.ts'
import { AppError } from '../shared/app-error.ts'

/** The part of Electron's `safeStorage` that is used: its asynchronous calls. */
export type Sealing = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>

const fileSchema = z.record(z.string(), z.base64())

/**
 * Secrets in `<home>/secrets.json`, each sealed with the key that the system keeps for us. Where the system keeps none,
 * or only a fixed password that everybody knows, nothing is read and nothing is written: `vault_unprotected`.
 */
export class SystemVault implements SecretVault {
  readonly #path: string
  readonly #sealing: Sealing
  readonly #platform: NodeJS.Platform

  constructor(home: string, sealing: Sealing, platform: NodeJS.Platform = process.platform) {
    this.#path = join(home, 'secrets.json')
    this.#sealing = sealing
    this.#platform = platform
  }

  /** Throws `secret_unreadable` when the seal was made with another key: it is never thrown away. */
  async get(name: string): Promise<string | null> {
    const sealed = (await this.#read())[name]
    if (sealed === undefined) return null
    await this.#refuseUnprotected()
    try {
      const { result, shouldReEncrypt } = await this.#sealing.decryptStringAsync(Buffer.from(sealed, 'base64'))
      if (shouldReEncrypt) await this.set(name, result)
      return result
    } catch (cause) {
      throw new AppError('secret_unreadable', `The secret "${name}" cannot be opened with this system's key.`, {
        hint: 'Unlock the key store of the system, or enter the secret again.',
        cause,
      })
    }
  }

  async set(name: string, value: string): Promise<void> {
    await this.#refuseUnprotected()
    const sealed = await this.#sealing.encryptStringAsync(value)
    const all = { ...(await this.#read()), [name]: sealed.toString('base64') }
    await writeFile(`${this.#path}.new`, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 })
    await rename(`${this.#path}.new`, this.#path)
  }

  async #refuseUnprotected(): Promise<void> {
    const isFixedPassword = this.#platform === 'linux' && this.#sealing.getSelectedStorageBackend() === 'basic_text'
    if (!isFixedPassword && (await this.#sealing.isAsyncEncryptionAvailable())) return
    throw new AppError('vault_unprotected', 'This system has no key store that could protect secrets.', {
      hint: 'Install and unlock one, GNOME Keyring or KWallet, and start Signalbox again.',
    })
  }

  async #read(): Promise<Record<string, string>> {
    let text: string
    try {
      text = await readFile(this.#path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
      throw error
    }
    try {
      return fileSchema.parse(JSON.parse(text))
    } catch (cause) {
      throw new AppError('vault_unreadable', `${this.#path} is not a file of secrets.`, {
        hint: 'Restore it from a backup, or move it away to begin with an empty one.',
        cause,
      })
    }
  }
}
