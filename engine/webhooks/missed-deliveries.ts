import { AppError, failureOf } from '../../shared/app-error.ts'
import type { MissedAnswer, MissedDelivery, MissedRequest } from '../../shared/missed-deliveries.ts'
import type { SecretVault } from '../host.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import type { Masker } from '../secrets/masker.ts'
import type { WebhookRepo } from '../store/webhook-repo.ts'
import { type Attempt, GitHubHook } from './github-hook.ts'
import type { SourceBook } from './source-book.ts'

interface Parts {
  readonly repo: Pick<WebhookRepo, 'proven'>
  readonly book: Pick<SourceBook, 'sendingTo'>
  readonly outbound: Pick<OutboundClient, 'send'>
  readonly vault: SecretVault | null
  readonly masker: Masker
  readonly version: string
}

/**
 * What GitHub sent and what did not come, or came unproven. It is never taken from GitHub's record of it, which holds no bytes that a
 * signature could be checked over: GitHub is asked to send it once more, and it comes through the one signed door.
 * @throws AppError `secret_missing` (400), and what `GitHubHook` throws.
 */
export async function missedDeliveries(
  { repository, token: name, hook_id, api_url, redeliver }: MissedRequest,
  { repo, book, outbound, vault, masker, version }: Parts,
  signal: AbortSignal,
): Promise<MissedAnswer> {
  const value = (await vault?.get(name)) ?? null
  if (value === null) throw secretMissing(name)
  masker.learn([value])
  const github = new GitHubHook({ outbound, repository, api_url, token: { name, value }, version, signal })
  const hook = hook_id ?? (await github.find())
  const { attempts, isCut } = await github.attempts(hook)
  const last = lastOfEach(attempts)
  const sources = book.sendingTo({ kind: 'github' }).map(({ id }) => id)
  const came = new Set(await repo.proven(sources, [...last.keys()]))
  const items: MissedDelivery[] = []
  for (const attempt of last.values()) {
    if (came.has(attempt.guid)) continue
    const asked = redeliver ? await ask(github, hook, attempt, signal) : { asked: false, failure: null }
    items.push({ ...shown(attempt), ...asked })
  }
  return { hook_id: hook, looked_at: last.size, is_cut: isCut, items }
}

/** A delivery keeps its id however often it is tried; the newest try comes first. */
function lastOfEach(attempts: readonly Attempt[]): Map<string, Attempt> {
  const last = new Map<string, Attempt>()
  for (const attempt of attempts) if (!last.has(attempt.guid)) last.set(attempt.guid, attempt)
  return last
}

function shown({ guid, event, action, delivered_at, status_code }: Attempt): Omit<MissedDelivery, 'asked' | 'failure'> {
  const at = new Date(delivered_at).toISOString()
  return { sent_id: guid, event, action, at, answered: status_code === 0 ? null : status_code }
}

/** One that GitHub refuses keeps no other from being asked for. */
async function ask(
  github: GitHubHook,
  hook: number,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<Pick<MissedDelivery, 'asked' | 'failure'>> {
  try {
    await github.redeliver(hook, attempt)
    return { asked: true, failure: null }
  } catch (error) {
    signal.throwIfAborted()
    const { code, message, hint } = failureOf(error)
    return { asked: false, failure: { code, message, hint } }
  }
}

function secretMissing(name: string): AppError {
  return new AppError('secret_missing', `The secret ${name} is not stored. Nothing was sent.`, {
    hint: `Store it under Secrets, or with \`signalbox secret set ${name}\`.`,
    status: 400,
  })
}
