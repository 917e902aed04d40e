/**
 * What only the doctor finds, each with its cause and its cure as docs/errors.md tells them. What other parts of the
 * engine refuse keeps the code that it has there.
 */
export const doctorCodes = {
  home_missing: {
    cause: 'The home folder is not there.',
    cure: 'Let the doctor make it, or name another one with --home DIR.',
  },
  home_unwritable: {
    cause: 'The home folder may not be read, written or entered by this user.',
    cure: 'Give it back to its owner with permissions 0700.',
  },
  home_open_to_others: {
    cause: 'Other users of this machine may look into the home folder.',
    cure: 'Set its permissions to 0700.',
  },
  disk_low: { cause: 'Little space is left on the disk that holds the home.', cure: 'Free some space.' },
  clock_behind: {
    cause: 'A file of the home was written in what is the future by the clock of this machine.',
    cure: 'Set the clock; certificates, tokens and schedules depend on it.',
  },
  stale_runtime_file: {
    cause: 'runtime.json tells of a program that is gone, as after a crash.',
    cure: 'Remove the file; nothing else is in it.',
  },
  program_hangs: {
    cause: 'A Signalbox has this home but does not answer.',
    cure: 'End the process that is named, then start Signalbox again.',
  },
  lock_damaged: {
    cause: 'The lock file of the home holds something else, so no program can take the home.',
    cure: 'Remove the file; it is made anew.',
  },
  config_unreadable: {
    cause: 'mcp.json cannot be read as a file of this user.',
    cure: 'Give its owner the right to read and write it.',
  },
  config_open_to_others: {
    cause: 'mcp.json holds secrets in plain text and may be read by other users.',
    cure: 'Set its permissions to 0600, or move the secrets into the vault.',
  },
  token_open_to_others: {
    cause: 'The owner token may be read by other users of this machine.',
    cure: 'Set the permissions of the file `token` to 0600.',
  },
  client_file_drifted: {
    cause: "Our entry in another program's file was changed or removed since it was written, or starts what is gone.",
    cure: 'Write the entry again, or leave it as it is with "signalbox connect-client PROGRAM --undo --entry-only".',
  },
  foreign_placeholder: {
    cause: 'An entry holds a placeholder of another program, which Signalbox passes on as it stands.',
    cure: 'Write it as `${NAME}` for a variable or as `${secret:NAME}` for a secret.',
  },
  runtime_missing: {
    cause: 'The runtime that starts the server is not installed, or not on PATH.',
    cure: 'Install it, or name it by its absolute path in `command`.',
  },
  runtime_broken: {
    cause: 'The runtime is there but does not tell its version.',
    cure: 'Run it by hand with --version and see what it says.',
  },
  runtime_too_old: {
    cause: 'The Node that starts the server is older than what current MCP servers need.',
    cure: 'Install Node 20 or later, or start the server with `${SIGNALBOX_NODE}`.',
  },
  docker_not_running: {
    cause: 'The docker command is there but its daemon does not answer.',
    cure: 'Start Docker, and see with "docker info" whether this user may use it.',
  },
  script_missing: {
    cause: 'The script that the runtime is told to run is not there.',
    cure: 'Correct its path in `args`; paths are relative to `cwd`.',
  },
  script_unreadable: { cause: 'The script may not be read by this user.', cure: 'Allow its owner to read it.' },
  stdout_noise: {
    cause: 'The server prints text on stdout, where only protocol belongs. Signalbox copes; other programs may not.',
    cure: 'Have it print on stderr.',
  },
  stdout_not_protocol: {
    cause: 'The server prints text on stdout and never answers: it is likely no MCP server on stdio.',
    cure: 'Look whether its arguments make it a server on stdio.',
  },
  handshake_late: {
    cause: 'The server answers, but later than its entry allows.',
    cure: 'Raise `signalbox.start_timeout_ms` in its entry.',
  },
  era_mismatch: {
    cause: 'The entry says which era of the protocol the server speaks, and the server speaks the other one.',
    cure: 'Take `signalbox.era` out of its entry.',
  },
  list_flawed: {
    cause: 'Some of what the server lists is malformed or there twice, and is left out.',
    cure: 'Report it to the author of the server; all else works.',
  },
  offers_nothing: {
    cause: 'The server answers and lists no tool, resource or prompt.',
    cure: 'Check its arguments and its access: many servers hide what they may not use.',
  },
  server_exposed: {
    cause: 'The server listens on more than this machine, and whoever asks is answered without authorization.',
    cure: 'Have it listen on 127.0.0.1, often by `--host 127.0.0.1` or HOST in `env`, or have it ask for a token.',
  },
  schema_unacceptable: {
    cause: 'Some programs refuse tools of this server for their names, schemas or number.',
    cure: 'Give those programs a profile without these tools, or report it to the author of the server.',
  },
} as const

export type DoctorCode =
  | keyof typeof doctorCodes
  | 'disk_full'
  | 'home_busy'
  | 'home_not_a_folder'
  | 'config_broken'
  | 'not_utf8'
  | 'token_unreadable'
  | 'port_taken'
  | 'port_in_use'
  | 'needs_consent'
  | 'store_damaged'
  | 'foreign_database'
  | 'newer_schema'
  | 'client_file_unreadable'
  | 'variable_missing'
  | 'secret_missing'
