import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { SecretVault } from '../host.ts'
import { managedSecretPrefix } from '../secrets/managed-secrets.ts'

const tokensSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string().nullable(),
  /** Milliseconds since 1970; null where the authorization server does not say. */
  expires_at: z.number().nullable(),
  renew_at: z.number().nullable(),
  scope: z.string().nullable(),
})
export type Tokens = z.infer<typeof tokensSchema>

/** What an authorization server has given us for one server. Used only for that address, that resource and that issuer. */
const grantSchema = z.object({
  url: z.string(),
  resource: z.string(),
  issuer: z.string(),
  redirect_uri: z.string(),
  client: z.looseObject({ client_id: z.string(), client_secret: z.string().optional(), scope: z.string().optional() }),
  metadata: z.looseObject({
    issuer: z.string(),
    authorization_endpoint: z.string(),
    token_endpoint: z.string(),
    response_types_supported: z.array(z.string()),
    revocation_endpoint: z.string().optional(),
  }),
  /** Null once they have ended: who we are there is still known. */
  tokens: tokensSchema.nullable(),
  since: z.iso.datetime(),
})
export type Grant = z.infer<typeof grantSchema>

/** Grants in the vault, one an address, and nowhere else. */
export class Grants {
  readonly #vault: SecretVault | null

  constructor(vault: SecretVault | null) {
    this.#vault = vault
  }

  /** Null where there is none that can be used. Throws what the vault throws. */
  async read(url: string): Promise<Grant | null> {
    const text = (await this.#vault?.get(nameOf(url))) ?? null
    if (text === null) return null
    const { data } = grantSchema.safeParse(JSON.parse(text))
    return data?.url === url ? data : null
  }

  /** Throws what the vault throws. False where there is no vault. */
  async write(grant: Grant): Promise<boolean> {
    await this.#vault?.set(nameOf(grant.url), JSON.stringify(grant))
    return this.#vault !== null
  }

  async delete(url: string): Promise<void> {
    await this.#vault?.delete(nameOf(url))
  }
}

/** All that is secret in a grant, for the masker. */
export function secretsOf({ client, tokens }: Grant): string[] {
  return [client.client_secret, tokens?.access_token, tokens?.refresh_token].filter(
    (value) => typeof value === 'string',
  )
}

function nameOf(url: string): string {
  return `${managedSecretPrefix}sign-in:${createHash('sha256').update(url).digest('hex').slice(0, 32)}`
}
