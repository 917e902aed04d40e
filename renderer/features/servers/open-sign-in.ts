import type { EngineClient } from '../../client/engine-client.ts'

/** Opens the page where one signs in to a server: in another tab, or, on the desktop, in the person's browser. */
export async function openSignIn(client: EngineClient, id: string): Promise<void> {
  const { url } = await client.signIn.start({ id })
  if (isWebAddress(url)) window.open(url, '_blank', 'noopener,noreferrer')
}

/** The address comes from outside; a script in it would run as ours. */
function isWebAddress(url: string): boolean {
  const { protocol } = URL.parse(url) ?? {}
  return protocol === 'https:' || protocol === 'http:'
}
