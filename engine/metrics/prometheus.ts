import { Counter, Histogram, Registry } from 'prom-client'
import { isFinished, type TaskSummary } from '../../shared/task.ts'
import { isOfGateway } from './gateway-origin.ts'
import { LabelCap, otherLabel } from './label-cap.ts'
import { LookUps, type Readings } from './look-ups.ts'

interface Parts {
  read(): Promise<Readings>
  /** Whether a server's catalog has the tool. */
  hasTool(agent: string, action: string): boolean
}

const agentsCapped = 500
const actionsCapped = 2_000
const errorsCapped = 1_000
const endpointsCapped = 200
const queriesCapped = 100
/** Those of OpenTelemetry for MCP, and three below for servers on the same machine. */
const latencyBuckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]
const queryBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5]

/**
 * Everything that `/metrics` shows: made when the endpoint is switched on, and forgotten when it is switched off. Counts
 * begin there; what can be looked up is looked up by the scrape.
 */
export class Prometheus {
  readonly #registry = new Registry()
  readonly #parts: Parts
  readonly #agents = new LabelCap(agentsCapped)
  readonly #actions = new LabelCap(actionsCapped)
  readonly #errors = new LabelCap(errorsCapped)
  readonly #endpoints = new LabelCap(endpointsCapped)
  readonly #queryTypes = new LabelCap(queriesCapped)
  readonly #requests = this.#counter('agent_requests_total', 'Calls that ended, of all callers', [
    'agent_name',
    'action',
  ])
  readonly #latency = this.#histogram(
    'agent_latency_seconds',
    'From the request to its outcome',
    ['agent_name'],
    latencyBuckets,
  )
  readonly #failures = this.#counter(
    'agent_errors_total',
    'Calls that failed, timed out or were interrupted, by the code of their error',
    ['agent_name', 'error_type'],
  )
  readonly #external = this.#counter('external_api_calls_total', 'Requests to services outside, each try counted', [
    'service',
    'endpoint',
  ])
  readonly #queries = this.#histogram(
    'database_query_duration_seconds',
    'From handing a query to the store until its answer, with its wait and its commit',
    ['query_type'],
    queryBuckets,
  )
  readonly #gatewayCalls = this.#counter('signalbox_gateway_calls_total', 'Tool calls of MCP clients, by outcome', [
    'status',
  ])
  readonly #refusals = this.#counter('signalbox_refusals_total', 'Requests that the guard turned away', ['code'])

  readonly #lookUps = new LookUps(this.#registry)
  #scraping: Promise<string> | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** In the text format. Who asks meanwhile gets the same. */
  text(): Promise<string> {
    this.#scraping ??= this.#scrape().finally(() => {
      this.#scraping = null
    })
    return this.#scraping
  }

  async #scrape(): Promise<string> {
    this.#lookUps.set(await this.#parts.read())
    return this.#registry.metrics()
  }

  /** Each task once, when it has ended. */
  count(tasks: readonly TaskSummary[]): void {
    for (const { agent, action, status, origin, duration_ms, error_code } of tasks) {
      if (!isFinished(status)) continue
      const agent_name = this.#agents.of('', agent)
      const hasTool = (): boolean => agent_name !== otherLabel && this.#parts.hasTool(agent, action)
      this.#requests.inc({ agent_name, action: this.#actions.of(agent, action, hasTool) })
      if (duration_ms !== null) this.#latency.observe({ agent_name }, duration_ms / 1000)
      if (status === 'failed' || status === 'timed_out' || status === 'interrupted') {
        this.#failures.inc({ agent_name, error_type: this.#errors.of(agent_name, error_code ?? status) })
      }
      if (isOfGateway(origin)) this.#gatewayCalls.inc({ status })
    }
  }

  /** `endpoint`: a pattern of paths, never one with the names of things in it. */
  countOutbound(service: string, endpoint: string): void {
    const known = this.#endpoints.of(service, endpoint)
    this.#external.inc({ service: known === otherLabel ? otherLabel : service, endpoint: known })
  }

  countQuery(queryType: string, seconds: number): void {
    this.#queries.observe({ query_type: this.#queryTypes.of('', queryType) }, seconds)
  }

  countRefusal(code: string): void {
    this.#refusals.inc({ code })
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]) {
    return new Counter({ name, help, labelNames, registers: [this.#registry] })
  }

  #histogram<L extends string>(name: string, help: string, labelNames: L[], buckets: number[]) {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.#registry] })
  }
}
