import { secretNameSchema } from '../../shared/secret.ts'

/** What the program itself keeps in the vault begins so. No `${secret:NAME}` reaches it, and no list shows it. */
export const managedSecretPrefix = 'signalbox:'

/** Whether a secret is one of its owner, which entries may name. */
export function isOwnersSecret(name: string): boolean {
  return secretNameSchema.safeParse(name).success
}
