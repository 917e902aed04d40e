/** What GitHub sends at most. */
const maxBodyBytes = 25 * 1024 * 1024

/** All bodies that are being read at once, of anybody who can reach us. */
const mostHeldBytes = 4 * maxBodyBytes

export type RawBody =
  | { kind: 'read'; bytes: Buffer }
  /** `bytes`: what was read until then. */
  | { kind: 'too_large'; bytes: Buffer }
  /** Too much is being read already. */
  | { kind: 'busy' }

/** Reads bodies as they come, and no more of them at once than fits. */
export class BodyReader {
  #heldBytes = 0

  /** Rejects when the sender goes away within its body. */
  async read(body: AsyncIterable<Uint8Array> | null, saidBytes: number): Promise<RawBody> {
    const chunks: Uint8Array[] = []
    let bytes = 0
    if (saidBytes > maxBodyBytes) return { kind: 'too_large', bytes: Buffer.alloc(0) }
    try {
      for await (const chunk of body ?? []) {
        if (bytes + chunk.byteLength > maxBodyBytes) return { kind: 'too_large', bytes: Buffer.concat(chunks) }
        if (this.#heldBytes + chunk.byteLength > mostHeldBytes) return { kind: 'busy' }
        bytes += chunk.byteLength
        this.#heldBytes += chunk.byteLength
        chunks.push(chunk)
      }
      return { kind: 'read', bytes: Buffer.concat(chunks) }
    } finally {
      this.#heldBytes -= bytes
    }
  }
}
