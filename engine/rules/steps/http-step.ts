import { AppError } from '../../../shared/app-error.ts'
import type { SecretVault } from '../../host.ts'
import type { OutboundClient } from '../../outbound/outbound-client.ts'
import type { Masker } from '../../secrets/masker.ts'
import type { TaskRunner } from '../../tasks/task-runner.ts'
import type { CompiledStep } from '../compile-rule.ts'
import type { Evaluated, Scope } from '../expression.ts'
import { climbs, hostOf, urlPart } from '../step-url.ts'
import { asText, type Rendering, renderTemplate, secretsOf } from '../template.ts'
import { renderValue, secretsOfValue } from '../value-template.ts'
import { ownStep } from './own-step.ts'
import { failedExpression, failedStep, type StepContext, type StepResult, thrownStep } from './step-result.ts'
import { parsed } from './tool-step.ts'

type HttpStep = Extract<CompiledStep, { kind: 'http' }>

interface Parts {
  readonly tasks: Pick<TaskRunner, 'open'>
  readonly outbound: Pick<OutboundClient, 'send'>
  readonly vault: SecretVault | null
  readonly masker: Masker
}

/** What is sent, or what is shown of it. */
export interface HttpMessage {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: string | null
}

/** Milliseconds for each try unless the step says otherwise. */
const defaultTimeoutMs = 30_000
const secondTries = { most: 2, first_delay_ms: 500, longest_delay_ms: 10_000 }

/** Calls a program outside. Its secrets are filled in as it leaves and stand on no record. */
export async function httpStep(compiled: HttpStep, context: StepContext, parts: Parts): Promise<StepResult> {
  const { step } = compiled
  const { rule, scope, signal } = context
  const shown = renderMessage(compiled, scope)
  if (!shown.ok) return failedStep(failedExpression(shown, 'HTTP call'))
  const refusal = refusedUrl(shown.message.url, step.url, rule)
  if (refusal !== null) return failedStep(refusal.failure)
  const timeoutMs = step.timeout_s === null ? defaultTimeoutMs : step.timeout_s * 1000
  let secret: (name: string) => string
  try {
    secret = await readSecrets(compiled, parts)
  } catch (error) {
    return thrownStep(error, signal)
  }
  const sent = renderMessage(compiled, scope, { secret })
  if (!sent.ok) return failedStep(failedExpression(sent, 'HTTP call'))
  const { url, headers, body, method } = sent.message
  const isRepeatable = method === 'GET' || method === 'PUT' || method === 'DELETE'
  return ownStep(
    { action: 'http', parameters: { ...shown.message }, timeoutMs },
    context,
    parts.tasks,
    async (call, either) => {
      const answer = await parts.outbound.send({
        service: 'http',
        method,
        url,
        headers,
        ...(body !== null && { body }),
        task: { task_id: call.id, parent_id: context.parent },
        signal: either,
        timeoutMs,
        ...(isRepeatable && { retries: secondTries }),
        onRedirect: (to) => {
          const elsewhere = refusedUrl(to.href, step.url, rule)
          if (elsewhere !== null) throw elsewhere
        },
        onDecision: (decision) => call.note('outbound', decision),
      })
      const seen = { code: answer.status, headers: answer.headers, body: parsed(answer.body) ?? answer.body }
      const result = { status: answer.status, url: shown.message.url, body: answer.body }
      if (answer.status < 400) return { status: 'completed', result, seen }
      const message = `${new URL(url).host} answered ${answer.status}.`
      const error = { code: 'http_status', message, hint: 'Look at its answer in the task of this step.' }
      return { status: 'failed', result, seen, error }
    },
  )
}

type RenderedMessage = { readonly ok: true; readonly message: HttpMessage } | Extract<Evaluated, { ok: false }>

/** Secrets show by their names unless they are filled in. */
export function renderMessage(
  { step, ...compiled }: HttpStep,
  scope: Scope,
  rendering: Rendering = {},
): RenderedMessage {
  const url = renderTemplate(compiled.url, scope, { ...rendering, encode: urlPart })
  if (!url.ok) return url
  const headers: Record<string, string> = {}
  for (const [name, template] of compiled.headers) {
    const value = renderTemplate(template, scope, rendering)
    if (!value.ok) return value
    headers[name.toLowerCase()] = asText(value.value)
  }
  const body = renderValue(compiled.body, scope, rendering)
  if (!body.ok) return body
  const { value } = body
  if (value !== null && typeof value !== 'string') headers['content-type'] ??= 'application/json'
  const text = value === null ? null : typeof value === 'string' ? value : JSON.stringify(value)
  return { ok: true, message: { method: step.method, url: asText(url.value), headers, body: text } }
}

/** Why a URL may not be called; null where it may, as far as the rule goes. */
export function refusedUrl(
  url: string,
  template: string,
  { name, limits }: Pick<StepContext['rule'], 'name' | 'limits'>,
): AppError | null {
  const host = URL.parse(url)?.host
  if (host === undefined || !/^https?:/i.test(url)) {
    return new AppError('url_invalid', `${url} is no URL that can be called.`, {
      hint: 'Write it as https://host/path.',
    })
  }
  if (climbs(url)) {
    const message = 'A part of the path is dots only, which would lead out of the path that the rule names.'
    return new AppError('url_climbs', message, { hint: 'Check the value that was put into the URL.' })
  }
  const isAllowed = limits.hosts === null ? hostOf(template) === host : limits.hosts.includes(host)
  if (isAllowed) return null
  return new AppError('host_not_allowed', `The limits of ${name} do not allow calls to ${host}. Nothing was sent.`, {
    hint: 'Add it to the hosts that the rule may call.',
  })
}

/** The secrets that a step names, each once. */
export function secretsOfStep({ url, headers, body }: HttpStep): string[] {
  const names = [url, ...headers.map(([, template]) => template)].flatMap(secretsOf)
  return [...new Set([...names, ...secretsOfValue(body)])]
}

/** The values of the secrets that a step names, masked from here on. @throws AppError `secret_missing`. */
async function readSecrets(compiled: HttpStep, { vault, masker }: Parts): Promise<(name: string) => string> {
  const values = new Map<string, string>()
  for (const name of secretsOfStep(compiled)) {
    const value = (await vault?.get(name)) ?? null
    if (value === null) {
      const hint = `Store it under Secrets, or with \`signalbox secret set ${name}\`.`
      throw new AppError('secret_missing', `The secret ${name} is not stored. Nothing was sent.`, { hint })
    }
    values.set(name, value)
  }
  masker.learn(values.values())
  return (name) => values.get(name) ?? ''
}
