import { z } from 'zod'
import type { ServerSettings } from './server-spec.ts'

/** The one key of an entry that is ours; everything else belongs to the ecosystem. */
export const settingsKey = 'signalbox'

const noNul = (text: string): boolean => !text.includes('\0')
const hour = 3_600_000
const mebibyte = 1_048_576

/** Our settings as they stand in the file. A name that is not ours is an error, so that a slip of the pen is seen. */
export const settingsSchema = z.strictObject({
  timeout_ms: z
    .int()
    .min(1)
    .max(24 * hour)
    .optional(),
  max_total_timeout_ms: z
    .int()
    .min(1)
    .max(24 * hour)
    .optional(),
  start_timeout_ms: z.int().min(1).max(hour).optional(),
  stop_grace_ms: z.int().min(0).max(600_000).optional(),
  max_message_bytes: z
    .int()
    .min(1024)
    .max(1024 * mebibyte)
    .optional(),
  restart: z.boolean().optional(),
  restart_unresponsive: z.boolean().optional(),
  era: z.enum(['auto', 'legacy', 'modern']).optional(),
  memory_limit_mb: z.int().min(16).max(1_048_576).optional(),
  cpu_limit_percent: z.int().min(1).max(100_000).optional(),
  on_demand: z.boolean().optional(),
  idle_stop_s: z.int().min(1).max(86_400).optional(),
  process_per_client: z.union([z.boolean(), z.int().min(1).max(64)]).optional(),
  slug: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,20}$/, 'is 1 to 20 letters, digits and hyphens')
    .optional(),
  watch: z.array(z.string().min(1).max(4096).refine(noNul, 'must not hold a NUL character')).max(20).optional(),
  converted_from: z.looseObject({}).optional(),
})

/** The settings with their defaults; `startTimeoutMs` is the default for this server's command. */
export function settingsOf(written: z.infer<typeof settingsSchema>, startTimeoutMs: number): ServerSettings {
  return {
    timeoutMs: written.timeout_ms ?? 60_000,
    maxTotalTimeoutMs: written.max_total_timeout_ms ?? 900_000,
    startTimeoutMs: written.start_timeout_ms ?? startTimeoutMs,
    stopGraceMs: written.stop_grace_ms ?? 5_000,
    maxMessageBytes: written.max_message_bytes ?? 64 * mebibyte,
    restart: written.restart ?? true,
    restartUnresponsive: written.restart_unresponsive ?? false,
    era: written.era ?? 'auto',
    memoryLimitMb: written.memory_limit_mb ?? null,
    cpuLimitPercent: written.cpu_limit_percent ?? null,
    onDemand: written.on_demand ?? false,
    slug: written.slug ?? null,
    clientProcesses: clientProcessesOf(written.process_per_client),
    watch: written.watch ?? [],
    idleStopMs: written.idle_stop_s === undefined ? null : written.idle_stop_s * 1000,
  }
}

const defaultClientProcesses = 8

function clientProcessesOf(written: boolean | number | undefined): number | null {
  if (typeof written === 'number') return written
  return written ? defaultClientProcesses : null
}

const downloaders = new Set(['npx', 'uvx', 'bunx', 'docker', 'podman', 'pipx'])
const downloadingSubcommands: Record<string, string> = { pnpm: 'dlx', yarn: 'dlx', npm: 'exec', bun: 'x', uv: 'tool' }

/** Milliseconds until the handshake must be answered, by default: longer for commands that may download first. */
export function defaultStartTimeoutMs(command: string, args: readonly string[]): number {
  return downloadsFirst(command, args) ? 120_000 : 30_000
}

/** Whether a command fetches what it runs, the first time. */
export function downloadsFirst(command: string, args: readonly string[]): boolean {
  const name = programName(command)
  // `cmd /c npx …` is how many files start npx on Windows.
  if (name === 'cmd' && args[0]?.toLowerCase() === '/c') return downloadsFirst(args[1] ?? '', args.slice(2))
  return downloaders.has(name) || (args[0] !== undefined && downloadingSubcommands[name] === args[0])
}

function programName(command: string): string {
  const base = command.split(/[\\/]/).at(-1)!.toLowerCase()
  return base.replace(/\.(?:exe|cmd|bat|ps1)$/, '')
}
