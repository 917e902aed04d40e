import { z } from 'zod'
import { AppError } from '../../shared/app-error.ts'
import type { MissedRequest } from '../../shared/missed-deliveries.ts'
import type { OutboundAnswer } from '../outbound/exchange.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import { gitHubPath } from './webhook-place.ts'

interface Parts extends Pick<MissedRequest, 'repository' | 'api_url'> {
  readonly outbound: Pick<OutboundClient, 'send'>
  /** The name of the secret, by which limits are kept, and its value. */
  readonly token: { readonly name: string; readonly value: string }
  readonly version: string
  readonly signal: AbortSignal
}

/** A try of GitHub to deliver. Its number may be larger than a number of JavaScript can be. */
const attemptSchema = z.object({
  id: z.string(),
  guid: z.string().min(1).max(200),
  delivered_at: z.iso.datetime({ offset: true }),
  status_code: z.int(),
  event: z.string(),
  action: z.string().nullable(),
})
export type Attempt = z.infer<typeof attemptSchema>

const hooksSchema = z.array(
  z.object({ id: z.string().transform(Number), config: z.object({ url: z.string().optional() }) }),
)

const pageSize = 100
const mostPages = 10
const mostBytes = 4 * 1024 * 1024
const retries = { most: 2, first_delay_ms: 500, longest_delay_ms: 10_000 }

/** What GitHub's REST API says of the webhooks of one repository. Every call goes out guarded and within limits. */
export class GitHubHook {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** The webhook that sends here. @throws AppError `github_hook_unclear` (409), `github_refused` (502). */
  async find(): Promise<number> {
    const found = await this.#read('', hooksSchema, `?per_page=${pageSize}`)
    const ours = found.value.filter(({ config }) => URL.parse(config.url ?? '')?.pathname.includes(gitHubPath))
    if (ours.length === 1) return ours[0]!.id
    const { repository } = this.#parts
    const message =
      ours.length === 0
        ? `No webhook of ${repository} sends to ${gitHubPath}.`
        : `${ours.length} webhooks of ${repository} send to ${gitHubPath}: ${ours.map(({ id }) => id).join(', ')}.`
    throw new AppError('github_hook_unclear', message, {
      hint: 'Name the webhook by its number, which stands in its address in the settings of the repository.',
      status: 409,
    })
  }

  /** The tries that GitHub keeps, the newest first. @throws AppError `github_refused` (502), and what `OutboundClient.send` does. */
  async attempts(hook: number): Promise<{ attempts: Attempt[]; isCut: boolean }> {
    const attempts: Attempt[] = []
    let cursor: string | null = null
    for (let page = 0; page < mostPages; page++) {
      const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const { value, next } = await this.#read(
        `/${hook}/deliveries`,
        z.array(attemptSchema),
        `?per_page=${pageSize}${more}`,
      )
      attempts.push(...value)
      cursor = next
      if (cursor === null) return { attempts, isCut: false }
    }
    return { attempts, isCut: true }
  }

  /** @throws AppError `github_refused` (502). */
  async redeliver(hook: number, { id }: Attempt): Promise<void> {
    await this.#send('POST', `/${hook}/deliveries/${id}/attempts`)
  }

  async #read<T extends z.ZodType>(below: string, schema: T, query: string) {
    const { body, headers } = await this.#send('GET', below, query)
    const read = schema.safeParse(parsed(body))
    if (read.success) return { value: read.data, next: cursorIn(headers.link) }
    throw refused('GitHub answered something that is no list of deliveries.', { cause: read.error })
  }

  async #send(method: 'GET' | 'POST', below: string, query = ''): Promise<OutboundAnswer> {
    const { outbound, token, repository, api_url, version, signal } = this.#parts
    const answer = await outbound.send({
      service: 'github',
      key: token.name,
      endpoint: `${method} /repos/{owner}/{repo}/hooks${below.replaceAll(/\/\d+/g, '/{id}')}`,
      method,
      url: `${api_url.replace(/\/+$/, '')}/repos/${repository}/hooks${below}${query}`,
      headers: {
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        authorization: `Bearer ${token.value}`,
        'user-agent': `Signalbox/${version}`,
      },
      signal,
      maxBytes: mostBytes,
      ...(method === 'GET' && { retries }),
    })
    const { status } = answer
    if (status < 300) return answer
    if (status === 401) throw refused(`GitHub does not take the token in ${token.name} (401).`)
    if (status === 403 || status === 404) {
      throw refused(`GitHub shows the token in ${token.name} no such webhook of ${repository} (${status}).`)
    }
    throw refused(`GitHub answered ${status}.`)
  }
}

/** As JSON, with ids as the text that stands there. */
function parsed(body: string): unknown {
  try {
    return (JSON.parse as ParseWithSource)(body, (key, value, { source }) =>
      key === 'id' && typeof value === 'number' ? source : value,
    )
  } catch (cause) {
    throw refused('GitHub answered no JSON.', { cause })
  }
}

/** A later edition of JavaScript than the types have. */
type ParseWithSource = (
  text: string,
  reviver: (key: string, value: unknown, at: { source?: string }) => unknown,
) => unknown

/** Of the next page alone: where to is ours to say. */
function cursorIn(link: string | string[] | undefined): string | null {
  const next = [link ?? []]
    .flat()
    .join(', ')
    .match(/<([^>]*)>;\s*rel="next"/)?.[1]
  return next === undefined ? null : (URL.parse(next)?.searchParams.get('cursor') ?? null)
}

function refused(message: string, more: { cause?: unknown } = {}): AppError {
  return new AppError('github_refused', message, {
    ...more,
    hint: 'Give a token that may read and write the webhooks of the repository (fine-grained: Webhooks; classic: admin:repo_hook).',
    status: 502,
  })
}
