import type { Failure } from '../../shared/app-error.ts'
import { seconds } from './seconds.ts'

/** What the processes of a server used beyond what its owner lets them. */
export type OverLimit =
  | { readonly kind: 'memory'; readonly usedMb: number; readonly limitMb: number }
  /** On average over `forMs`. */
  | { readonly kind: 'cpu'; readonly usedPercent: number; readonly limitPercent: number; readonly forMs: number }

export function failureOfLimit(over: OverLimit): Failure {
  switch (over.kind) {
    case 'memory':
      return {
        code: 'memory_limit',
        message: `Used ${Math.round(over.usedMb)} MB, its limit is ${over.limitMb} MB`,
        hint: 'Raise "signalbox.memory_limit_mb" in its configuration, or look for a leak in the server.',
      }
    case 'cpu':
      return {
        code: 'cpu_limit',
        message: `Used ${Math.round(over.usedPercent)} % of a core for ${seconds(over.forMs)}, its limit is ${over.limitPercent} %`,
        hint: 'Raise "signalbox.cpu_limit_percent" in its configuration, or look for what it computes without end.',
      }
    default:
      return over satisfies never
  }
}

/** Cause of the end of a run, by the code of its failure. */
export const limitCauses: Readonly<Record<string, OverLimit['kind']>> = { memory_limit: 'memory', cpu_limit: 'cpu' }
