import type { RemoteSpec } from '../config/server-spec.ts'
import type { Host } from '../host.ts'
import { entrySecrets } from '../secrets/entry-secrets.ts'
import type { Masker } from '../secrets/masker.ts'
import { readVariable } from './environment.ts'
import { expandRemote, secretNamesOf } from './expand.ts'
import { readSecrets } from './secrets.ts'

interface Surroundings {
  readonly host: Pick<Host, 'vault' | 'platform'>
  readonly baseEnv: Readonly<Record<string, string>>
  readonly masker: Masker
}

/** A remote with its variables and secrets filled in; the masker knows them from here on. */
export async function filledRemote(remote: RemoteSpec, { host, baseEnv, masker }: Surroundings) {
  const secrets = await readSecrets(secretNamesOf(remote), host.vault)
  const { url, headers, oauth } = expandRemote(remote, {
    variable: (name) => readVariable(baseEnv, name, host.platform),
    secret: (name) => secrets.get(name),
  })
  masker.learn([...secrets.values(), ...entrySecrets({ url, headers }).map(({ value }) => value)])
  return { url, headers: { ...headers }, ...(oauth !== undefined && { oauth }) }
}
