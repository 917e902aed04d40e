import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/**
 * Seals what a client carries for us between two rounds, so that it can neither be read nor changed. The key is of this
 * life of the program, as is everything that a state can lead to.
 */
export class StateSeal {
  readonly #key = randomBytes(32)
  /** Tells our states from those of another Signalbox behind us, which go through untouched. */
  readonly #prefix = `sbx-${randomBytes(6).toString('hex')}.`

  seal(payload: unknown): string {
    const iv = randomBytes(ivBytes)
    const cipher = createCipheriv(algorithm, this.#key, iv)
    const sealed = Buffer.concat([cipher.update(JSON.stringify(payload), 'utf8'), cipher.final()])
    return this.#prefix + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  isOurs(state: unknown): state is string {
    return typeof state === 'string' && state.startsWith(this.#prefix)
  }

  /** What was sealed; null when it is not just what we gave out. */
  open(state: string): unknown {
    const text = state.slice(this.#prefix.length)
    const bytes = Buffer.from(text, 'base64url')
    // Decoding is lenient: what does not come out as it went in was touched.
    if (bytes.toString('base64url') !== text || bytes.length < ivBytes + tagBytes) return null
    try {
      const decipher = createDecipheriv(algorithm, this.#key, bytes.subarray(0, ivBytes))
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
      const opened = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()])
      return JSON.parse(opened.toString('utf8'))
    } catch {
      // A wrong tag: the only thing that can fail here.
      return null
    }
  }
}
