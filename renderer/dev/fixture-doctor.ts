import { type CheckResult, type DoctorReport, homeChecks, serverChecks } from '../../shared/doctor-contract.ts'
import type { ServerId } from '../../shared/ids.ts'

const passed = (check: CheckResult['check'], server: ServerId | null): CheckResult => ({
  check,
  server,
  status: 'ok',
  code: null,
  message: 'As it should be.',
  hint: null,
  evidence: [],
  because: null,
  fix: null,
})

/** A home with one warning, a server that cannot start, one that is noisy, and one without a fault. */
export function fixtureReport(asked: string | undefined, all: readonly ServerId[]): DoctorReport {
  const servers = asked === undefined ? all.slice(0, 4) : [asked as ServerId]
  const [broken, noisy, unasked] = servers
  const checks = [
    ...homeChecks.map((check) => passed(check, null)),
    ...servers.flatMap((id) => serverChecks.map((check) => passed(check, id))),
  ]
  const found = (check: CheckResult['check'], server: ServerId | null, changes: Partial<CheckResult>): void => {
    const at = checks.findIndex((one) => one.check === check && one.server === server)
    checks[at] = { ...checks[at]!, ...changes }
  }
  found('client_files', null, {
    status: 'warning',
    code: 'client_file_drifted',
    message: 'Cursor: Our entry was changed since it was written.',
    hint: 'Write it again, or take it as it is.',
    evidence: ['~/.cursor/mcp.json'],
  })
  if (broken) {
    const at = serverChecks.indexOf('command')
    for (const check of serverChecks.slice(at + 1)) {
      found(check, broken, { status: 'skipped', because: 'command', message: 'Not looked at: it builds on "command".' })
    }
    found('command', broken, {
      status: 'problem',
      code: 'command_not_found',
      message: 'npx -y @modelcontextprotocol/server-github is not on PATH; looked in 9 folders.',
      hint: 'Install it, or set "command" to its absolute path.',
      fix: {
        id: 'fixture',
        title: 'Split the command into "command" and "args"',
        asks_for: null,
        changes: [
          {
            what: `Change the entry "${broken}"`,
            path: '~/.config/signalbox/mcp.json',
            hunks: [
              {
                before_start: 3,
                after_start: 3,
                lines: [
                  { kind: 'same', text: `    "${broken}": {` },
                  { kind: 'removed', text: '      "command": "npx -y @modelcontextprotocol/server-github"' },
                  { kind: 'added', text: '      "command": "npx",' },
                  { kind: 'added', text: '      "args": ["-y", "@modelcontextprotocol/server-github"]' },
                  { kind: 'same', text: '    },' },
                ],
              },
            ],
          },
        ],
      },
    })
  }
  if (noisy) {
    found('stdout', noisy, {
      status: 'warning',
      code: 'stdout_noise',
      message: 'It prints text on stdout beside the protocol: 2 lines.',
      hint: 'Have it print on stderr: other programs may fail on this.',
      evidence: ['Welcome to the server', '{"level":30,"msg":"listening on stdio"}'],
    })
  }
  if (unasked) {
    found('consent', unasked, {
      status: 'warning',
      code: 'needs_consent',
      message: 'Nobody has agreed to run it yet.',
      hint: 'Look at it and start it, or examine it with --run, which starts it for a moment.',
    })
  }
  const count = (status: string): number => checks.filter((check) => check.status === status).length
  return {
    at: new Date().toISOString(),
    version: '0.1.0',
    home: '~/.local/share/signalbox',
    server: (asked as ServerId | undefined) ?? null,
    server_running: true,
    port_open: true,
    permissions: true,
    environment: true,
    first: checks.find(({ status }) => status === 'problem')?.code ?? null,
    problems: count('problem'),
    warnings: count('warning'),
    checks,
  }
}
