import type { Host } from '../../host.ts'
import type { Masker } from '../../secrets/masker.ts'
import { expandText } from '../../servers/expand.ts'

/** A text of a trigger with its variables and secrets, which are masked from here on. @throws AppError where one is missing. */
export async function fillSources(
  text: string,
  { host: { env, vault }, masker }: { host: Pick<Host, 'env' | 'vault'>; masker: Masker },
): Promise<string> {
  const secrets = new Map<string, string>()
  for (const [, name] of text.matchAll(/\$\{secret:([^{}]+)\}/g)) {
    const value = name === undefined ? null : ((await vault?.get(name)) ?? null)
    if (value !== null) secrets.set(name!, value)
  }
  masker.learn(secrets.values())
  const sources = {
    variable: (name: string) => env[name],
    // In a URL, where a password may hold any character.
    secret: (name: string) => {
      const value = secrets.get(name)
      return value === undefined ? undefined : encodeURIComponent(value)
    },
  }
  return expandText(text, sources, 'connection')
}
