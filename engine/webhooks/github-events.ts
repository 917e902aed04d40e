import { emitterEventNames } from '@octokit/webhooks'
import type { DomainEventName, PayloadOf } from '../../shared/domain-event.ts'
import type { Verdict } from '../../shared/webhooks.ts'
import {
  anyPayloadSchema,
  type IssuesPayload,
  issuesPayloadSchema,
  type PullRequestPayload,
  pullRequestPayloadSchema,
} from './github-payloads.ts'

/** What a signed request becomes on our bus. */
export type Reading =
  | { kind: 'event'; event: NewEvent; sentEvent: string; about: string | null; occurredAt: string | null }
  | { kind: 'none'; verdict: Verdict; sentEvent: string | null; why: string | null }

/** An event as the bus takes it. */
export type NewEvent = { [N in DomainEventName]: { name: N; payload: PayloadOf<N> } }[DomainEventName]

interface Sent {
  /** `X-GitHub-Event`. */
  readonly event: string | null
  readonly deliveryId: string
  readonly payload: unknown
  /** The only event that its address takes; null: any. */
  readonly only: string | null
}

const known: ReadonlySet<string> = new Set(emitterEventNames.map((name) => name.split('.')[0]!))

/** GitHub's event as one of ours. Pure. */
export function gitHubEvent({ event, deliveryId, payload, only }: Sent): Reading {
  if (event === 'ping') return { kind: 'none', verdict: 'ping', sentEvent: 'ping', why: null }
  if (event === null || !known.has(event)) return unknownEvent(event, 'GitHub has no event of that name.')
  if (only !== null && event !== only) return unknownEvent(event, `This address takes "${only}" alone.`)
  switch (event) {
    case 'issues': {
      const read = issuesPayloadSchema.safeParse(payload)
      return read.success ? issueEvent(read.data, deliveryId) : badPayload(event, read.error.issues)
    }
    case 'pull_request': {
      const read = pullRequestPayloadSchema.safeParse(payload)
      return read.success ? pullRequestEvent(read.data, deliveryId) : badPayload(event, read.error.issues)
    }
    default: {
      const read = anyPayloadSchema.safeParse(payload)
      return read.success ? otherEvent(event, read.data, deliveryId) : badPayload(event, read.error.issues)
    }
  }
}

function issueEvent(sent: IssuesPayload, delivery_id: string): Reading {
  const name = sent.action === 'opened' ? 'github.issue.created' : 'github.issue.updated'
  const payload = { delivery_id, ...commonOf(sent), issue: thingOf(sent.issue) }
  const about = `${payload.repository.full_name}#${sent.issue.number}`
  return told('issues', sent, about, sent.issue.updated_at, { name, payload })
}

function pullRequestEvent(sent: PullRequestPayload, delivery_id: string): Reading {
  const name = sent.action === 'opened' ? 'github.pr.created' : 'github.pr.updated'
  const { draft, merged, merged_at, head, base } = sent.pull_request
  const pull_request = {
    ...thingOf(sent.pull_request),
    is_draft: draft ?? false,
    is_merged: merged ?? typeof merged_at === 'string',
    head,
    base,
  }
  const payload = { delivery_id, ...commonOf(sent), pull_request }
  const about = `${payload.repository.full_name}#${sent.pull_request.number}`
  return told('pull_request', sent, about, sent.pull_request.updated_at, { name, payload })
}

function otherEvent(event: string, sent: ReturnType<typeof anyPayloadSchema.parse>, delivery_id: string): Reading {
  const { repository, sender, action = '' } = sent
  const payload = {
    delivery_id,
    event,
    action,
    ...(repository && { repository: repositoryOf(repository) }),
    ...(sender && { sender: userOf(sender) }),
    body: sent as Record<string, unknown>,
  }
  return told(event, sent, repository?.full_name ?? null, null, { name: 'github.event.received', payload })
}

function told(
  sentName: string,
  { action = '' }: { action?: string | undefined },
  about: string | null,
  updatedAt: string | null | undefined,
  event: NewEvent,
): Reading {
  const sentEvent = action === '' ? sentName : `${sentName}.${action.slice(0, 100)}`
  return { kind: 'event', event, sentEvent, about, occurredAt: timeIn(updatedAt) }
}

/** As we write times, so that they compare as texts. */
function timeIn(text: string | null | undefined): string | null {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? null : new Date(ms).toISOString()
}

function commonOf({ action, repository, sender }: Pick<IssuesPayload, 'action' | 'repository' | 'sender'>) {
  return { action, repository: repositoryOf(repository), sender: userOf(sender) }
}

function repositoryOf({ full_name, name, owner, default_branch, html_url }: IssuesPayload['repository']) {
  return {
    full_name,
    owner: owner?.login ?? full_name.split('/')[0]!,
    name,
    default_branch: default_branch ?? null,
    html_url: html_url ?? null,
  }
}

function userOf(user: IssuesPayload['sender']) {
  return { login: user?.login ?? ghost, type: user?.type ?? 'User' }
}

/** As GitHub names an account that is gone. */
const ghost = 'ghost'

function thingOf({ number, title, body, state, labels, user, html_url }: IssuesPayload['issue']) {
  return {
    number,
    title,
    body: body ?? '',
    state: state ?? 'open',
    labels: (labels ?? []).flatMap((label) => label?.name ?? []),
    author: user?.login ?? ghost,
    html_url,
  }
}

function unknownEvent(event: string | null, why: string): Reading {
  const sentEvent = event?.slice(0, 100) ?? null
  return { kind: 'none', verdict: 'unknown_event', sentEvent, why: event === null ? 'It has no X-GitHub-Event.' : why }
}

function badPayload(event: string, issues: readonly { path: readonly PropertyKey[]; message: string }[]): Reading {
  const [first] = issues
  const why = first === undefined ? null : `${first.path.join('.')}: ${first.message}`
  return { kind: 'none', verdict: 'bad_payload', sentEvent: event, why }
}
