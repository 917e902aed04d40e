import type { Failure } from '../../shared/app-error.ts'
import type { FixChange } from '../../shared/doctor-contract.ts'
import type { DoctorCode } from './doctor-codes.ts'

/** A way to mend what was found: shown whole before anything is done. */
export interface Fix {
  readonly title: string
  readonly changes: readonly FixChange[]
  /** What a person has to hand in. */
  readonly asksFor?: { name: string; label: string }
  /** Refuses where things are not as they were shown. `value` is there exactly when `asksFor` is. */
  apply(value: string): Promise<void>
}

export type Finding =
  | { status: 'ok'; message: string; evidence: readonly string[] }
  /** Not looked at for a reason of its own: it does not apply here. */
  | { status: 'skipped'; message: string }
  | {
      status: 'warning' | 'problem'
      code: string
      message: string
      hint: string | null
      evidence: readonly string[]
      fix: Fix | null
      /** Whether checks that build on this one make no sense any more; a problem's, unless told. */
      blocks?: boolean
    }

interface Details {
  hint?: string
  evidence?: readonly string[]
  fix?: Fix | null
  blocks?: boolean
}

export const ok = (message: string, evidence: readonly string[] = []): Finding => ({ status: 'ok', message, evidence })

export const notLooked = (message: string): Finding => ({ status: 'skipped', message })

export function problem(code: DoctorCode, message: string, details: Details = {}): Finding {
  return trouble('problem', code, message, details)
}

export function warning(code: DoctorCode, message: string, details: Details = {}): Finding {
  return trouble('warning', code, message, details)
}

/** A failure that another part of the engine has worded. */
export function problemOf({ code, message, hint }: Failure, details: Omit<Details, 'hint'> = {}): Finding {
  return trouble('problem', code, message, { ...details, ...(hint !== null && { hint }) })
}

function trouble(status: 'warning' | 'problem', code: string, message: string, details: Details): Finding {
  const { hint = null, evidence = [], fix = null, blocks = status === 'problem' } = details
  return { status, code, message, hint, evidence, fix, blocks }
}
