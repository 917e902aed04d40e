import type { SecretVault } from '../host.ts'

/** A vault for tests of what uses one: nothing is kept. */
export function memoryVault(secrets: Map<string, string>): SecretVault {
  return {
    keeper: 'key_file',
    problem: async () => null,
    names: async () => [...secrets.keys()].sort(),
    get: async (name) => secrets.get(name) ?? null,
    set: async (name, value) => void secrets.set(name, value),
    delete: async (name) => secrets.delete(name),
  }
}
