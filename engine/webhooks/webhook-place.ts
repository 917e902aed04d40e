import { webhookNameSchema } from '../../shared/webhooks.ts'

/** Whom a path below `/webhooks/` belongs to. */
export type WebhookPlace =
  /** `only`: the one event that it takes. */
  { kind: 'github'; only: string | null } | { kind: 'named'; name: string } | { kind: 'nobody' }

export const gitHubPath = '/webhooks/github'

const gitHubPlaces: Readonly<Record<string, string | null>> = {
  [gitHubPath]: null,
  [`${gitHubPath}/issues`]: 'issues',
  [`${gitHubPath}/pull_request`]: 'pull_request',
}

export function placeOf(path: string): WebhookPlace {
  const only = gitHubPlaces[path]
  if (only !== undefined) return { kind: 'github', only }
  const name = webhookNameSchema.safeParse(path.slice('/webhooks/'.length))
  return name.success ? { kind: 'named', name: name.data } : { kind: 'nobody' }
}
