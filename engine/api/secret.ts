import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits in base64url, 43 characters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256 of a secret: what is kept and compared in its place. */
export function digestOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer')
}

/** Compares in constant time. Digests have one length, so the comparison never throws and tells nothing of the length. */
export function matchesDigest(candidate: string, digest: Buffer): boolean {
  return timingSafeEqual(digestOf(candidate), digest)
}
