import type { AppError } from '../shared/app-error.ts'

/** What scripts may rely on. */
export const exitCodes = { done: 0, failed: 1, usage: 2, notRunning: 3, unknownName: 4, taskFailed: 5 } as const

/** Those of `run`, by how it ended. */
export const runExitCodes = {
  completed: 0,
  step_failed: 1,
  timed_out: 3,
  no_rule_matched: 4,
  not_started: 5,
  approval_needed: 6,
  cancelled: 7,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes] | (typeof runExitCodes)[keyof typeof runExitCodes]

/** The exit code that a failure stands for. */
export function exitCodeOf({ code }: AppError): ExitCode {
  if (code === 'usage') return exitCodes.usage
  if (code === 'not_running') return exitCodes.notRunning
  return code.startsWith('unknown_') ? exitCodes.unknownName : exitCodes.failed
}
