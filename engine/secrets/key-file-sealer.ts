import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import { link, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../shared/app-error.ts'
import { SealedVault, type Sealer } from './sealed-vault.ts'

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** The vault of a machine without a screen: sealed with a key in `<home>/secrets.key`, for its owner only. */
export function keyFileVault(home: string): SealedVault {
  return new SealedVault(home, new KeyFileSealer(join(home, 'secrets.key')))
}

/**
 * AES-256-GCM, the secret's name bound to the seal. The key is made on first use and never again: one that looks odd is
 * refused, since a new one would make every stored secret unreadable for good.
 */
class KeyFileSealer implements Sealer {
  readonly keeper = 'key_file'
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  async check(): Promise<void> {
    await this.#readKey()
  }

  async seal(name: string, text: string): Promise<Buffer> {
    const nonce = randomBytes(nonceBytes)
    const key = (await this.#readKey()) ?? (await this.#createKey())
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
    return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  }

  async open(name: string, sealed: Buffer): Promise<{ text: string; isStale: boolean }> {
    const key = await this.#readKey()
    if (key === null) throw odd(this.#path, 'is gone')
    const nonce = sealed.subarray(0, nonceBytes)
    const tag = sealed.subarray(-tagBytes)
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name)).setAuthTag(tag)
    const bytes = [decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]
    return { text: Buffer.concat(bytes).toString('utf8'), isStale: false }
  }

  /** Null where there is none yet. */
  async #readKey(): Promise<Buffer | null> {
    let key: Buffer
    try {
      key = await readFile(this.#path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
    if (key.length !== keyBytes) throw odd(this.#path, `holds ${key.length} bytes, not ${keyBytes}`)
    const { mode } = await stat(this.#path)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw odd(this.#path, 'may be read by others')
    return key
  }

  /** A hard link appears whole or not at all and refuses to replace: a key that is there stays. */
  async #createKey(): Promise<Buffer> {
    const draft = `${this.#path}.${randomUUID()}.new`
    try {
      await using file = await open(draft, 'wx', 0o600)
      await file.writeFile(randomBytes(keyBytes))
      await file.sync()
      await link(draft, this.#path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      await rm(draft, { force: true })
    }
    return (await this.#readKey())!
  }
}

function odd(path: string, what: string): AppError {
  return new AppError('vault_key_unusable', `${path} ${what}.`, {
    hint: 'Bring back the key that was there, with permissions 0600; a new one could not open the stored secrets.',
    status: 409,
  })
}
