/** Failures of the configuration: trying again cannot help, an edit can. */
const permanentCodes: ReadonlySet<string> = new Set([
  'arguments_too_long',
  'command_not_found',
  'cwd_missing',
  'cwd_not_a_folder',
  'empty_command',
  'interpreter_missing',
  'invalid_argument',
  'invalid_header',
  'invalid_url',
  'not_executable',
  'port_in_use',
  'protocol_version_unsupported',
  'variable_missing',
  'wrong_architecture',
])

/** A shell's codes for "found but not executable" and "not found". */
const permanentExits: ReadonlySet<unknown> = new Set([126, 127])

export function isPermanentFailure(code: string, exitCode: unknown): boolean {
  return permanentCodes.has(code) || permanentExits.has(exitCode)
}

/** Failures of what lies between us and a remote server. */
const outsideCodes: ReadonlySet<string> = new Set([
  'asked_to_wait',
  'connection_lost',
  'sign_in_unreachable',
  'unreachable',
])

export function isOutsideFailure(code: string): boolean {
  return outsideCodes.has(code)
}
