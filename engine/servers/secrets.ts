import { AppError } from '../../shared/app-error.ts'
import type { SecretVault } from '../host.ts'
import { isOwnersSecret } from '../secrets/managed-secrets.ts'

/** The secrets of these names. Throws `secret_missing` with all that are missing in `data.names`. */
export async function readSecrets(
  names: readonly string[],
  vault: SecretVault | null,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const name of names) {
    const value = isOwnersSecret(name) ? ((await vault?.get(name)) ?? null) : null
    if (value !== null) found.set(name, value)
  }
  const missing = names.filter((name) => !found.has(name))
  if (missing.length === 0) return found
  const what = missing.length === 1 ? `Secret ${missing[0]} is` : `Secrets ${missing.join(', ')} are`
  throw new AppError('secret_missing', `${what} not in the vault`, {
    hint: `Add ${missing.join(', ')} to the vault, then start it again.`,
    data: { names: missing },
  })
}
