import { createHmac, randomBytes } from 'node:crypto'
import { digestOf, newSecret } from '../../api/secret.ts'

/** Begins every token of a client, so that the masker and scanners of leaked secrets know one when they see it. */
const prefix = 'sbx_'

/** 256 random bits behind the prefix. */
export function newClientToken(): string {
  return prefix + newSecret()
}

export function newConnectSeed(): string {
  return randomBytes(32).toString('hex')
}

/**
 * The token that `signalbox connect` calls with: the same each time, so that several bridges of one client live side
 * by side, and made anew where it is needed, so that it lies nowhere. Whoever can make it holds the owner token anyhow.
 */
export function connectToken(ownerToken: string, seed: string): string {
  return prefix + createHmac('sha256', ownerToken).update(`connect ${seed}`).digest('base64url')
}

export function hintOf(token: string): string {
  return token.slice(-4)
}

/** In hex: what is kept of a token, and looked up by. */
export function tokenDigest(token: string): string {
  return digestOf(token).toString('hex')
}
