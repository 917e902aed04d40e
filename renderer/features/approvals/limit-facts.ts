import type { Limit } from '../../../shared/limits.ts'
import { countOf, formatBytes } from '../../ui/format.ts'

/** What a limit says, a clause each. */
export function limitFacts(limit: Limit): string[] {
  const { concurrency, rate, timeout_s, total_s, retries, circuit, result } = limit
  const facts = [
    concurrency && `${concurrency.max} at once, ${concurrency.queue} waiting`,
    rate &&
      `${countOf(rate.calls, 'call')} in ${rate.per_s} s${rate.wait_s > 0 ? `, waiting up to ${rate.wait_s} s` : ''}`,
    timeout_s !== null && `${timeout_s} s without an answer`,
    total_s !== null && `${total_s} s in all`,
    retries && `tried again ${countOf(retries.most, 'time')} where that does no harm`,
    circuit && `kept away for ${circuit.open_s} s after ${countOf(circuit.failures, 'failure')} in a row`,
    result && `results over ${formatBytes(result.most_bytes)} kept here`,
  ].filter((fact): fact is string => typeof fact === 'string')
  return facts.length === 0 ? ['says nothing'] : facts
}
