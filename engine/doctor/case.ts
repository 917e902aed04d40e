import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Failure } from '../../shared/app-error.ts'
import { failureOf } from '../../shared/app-error.ts'
import type { Server } from '../../shared/server.ts'
import { type ConfigReading, readConfig } from '../config/read-config.ts'
import { readText } from '../config/replace-file.ts'
import type { LaunchSpec, ServerSpec } from '../config/server-spec.ts'
import type { Launch } from '../servers/launch.ts'
import type { Surroundings } from './surroundings.ts'
import { type Trial, tryServer } from './trial.ts'

type ConfigText =
  | { kind: 'absent' }
  | { kind: 'unreadable'; failure: Failure; code: string | undefined }
  | { kind: 'text'; text: string; mode: number; reading: ConfigReading }

/** The home under examination. */
export interface HomeCase {
  readonly around: Surroundings
  readonly configPath: string
  readonly config: ConfigText
  /** Whether a program serves it, as far as was found. */
  isServed: boolean
  /** Whether that program's address answers. */
  isPortOpen: boolean
}

/** One server under examination. What checks find out is handed on to those after them. */
export interface ServerCase {
  readonly home: HomeCase
  readonly around: Surroundings
  readonly spec: ServerSpec
  /** The server as it runs in this program; null where it does not. */
  readonly live: Server | null
  /** Whether it may be started for a moment although nobody has agreed to it. */
  readonly mayRun: boolean
  /** With its variables and secrets filled in. */
  expanded: LaunchSpec | null
  launch: Launch | null
  /** Whether the port that it names answers now. */
  isPortOpen: boolean | null
  /** Starts it for a moment, once; later callers get the same. */
  trial(): Promise<Trial>
}

export async function openHomeCase(around: Surroundings): Promise<HomeCase> {
  const configPath = join(around.host.home, 'mcp.json')
  return { around, configPath, config: await configText(configPath), isServed: false, isPortOpen: false }
}

async function configText(path: string): Promise<ConfigText> {
  try {
    const text = await readText(path)
    if (text === null) return { kind: 'absent' }
    return { kind: 'text', text, mode: (await stat(path)).mode & 0o777, reading: readConfig(text) }
  } catch (error) {
    return { kind: 'unreadable', failure: failureOf(error), code: (error as NodeJS.ErrnoException).code }
  }
}

export function openServerCase(home: HomeCase, spec: ServerSpec, mayRun: boolean, signal: AbortSignal): ServerCase {
  const { around } = home
  let trial: Promise<Trial> | null = null
  return {
    home,
    around,
    spec,
    live: runningNow(around.running?.server(spec.id) ?? null),
    mayRun,
    expanded: null,
    launch: null,
    isPortOpen: null,
    trial: () => (trial ??= tryServer(spec, around, signal)),
  }
}

/** Of a server that does not run nothing but its entry is known. */
function runningNow(server: Server | null): Server | null {
  switch (server?.state) {
    case undefined:
    case 'stopped':
    case 'asleep':
    case 'stopping':
    case 'backing_off':
    case 'crash_looping':
    case 'needs_secret':
    case 'needs_sign_in':
    case 'needs_consent':
    case 'failed':
      return null
    case 'starting':
    case 'ready':
    case 'degraded':
    case 'unresponsive':
      return server!
    default:
      return server!.state satisfies never
  }
}
