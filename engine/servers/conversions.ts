import { z } from 'zod'
import { AppError } from '../../shared/app-error.ts'
import type { Conversion } from '../../shared/conversion.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import type { Host } from '../host.ts'
import { nodeVariable } from './expand.ts'
import { installPackage } from './managed-install.ts'
import { npxPackage } from './npx-package.ts'

interface ConversionParts {
  readonly host: Host
  supervisor: { readonly baseEnv: Readonly<Record<string, string>>; spec(id: ServerId): ServerSpec | null }
  configuration: { save(id: ServerId, entry: Record<string, unknown>): Promise<void> }
}

/** What the gain comes to, from `npm run bench -- managed-install`. */
const measuredGain = { start_times_faster: 3, memory_share: 0.5 }

const originSchema = z.object({ command: z.unknown(), args: z.unknown(), env: z.unknown() }).partial()

/** Turns entries that run through npx into ones that run an installed package, and back. */
export class Conversions {
  readonly #parts: ConversionParts

  constructor(parts: ConversionParts) {
    this.#parts = parts
  }

  /** What could be done about a server's entry. */
  offer(id: ServerId): Conversion {
    const spec = this.#parts.supervisor.spec(id)
    if (spec === null || spec.launch === null) return { kind: 'none' }
    if (originOf(spec) !== null) return { kind: 'converted' }
    const wanted = npxPackage(spec.launch)
    if (wanted === null) return { kind: 'none' }
    return { kind: 'offered', package: wanted.name, version: wanted.version, gain: measuredGain }
  }

  /** Installs the package and puts it into the entry; what stood there is kept in it. Throws what `installPackage` does. */
  async convert(id: ServerId): Promise<void> {
    const { host, supervisor, configuration } = this.#parts
    const spec = supervisor.spec(id)
    const wanted = spec?.launch ? npxPackage(spec.launch) : null
    if (!spec?.launch || wanted === null) throw notConvertible(id)
    const install = await installPackage(wanted, { host, baseEnv: supervisor.baseEnv })
    const { command, args, env } = spec.entry
    await configuration.save(id, {
      ...spec.entry,
      command: `\${${nodeVariable}}`,
      args: [install.program, ...wanted.args],
      env: { ...(env as object), NODE_COMPILE_CACHE: install.compileCache },
      signalbox: { ...(spec.entry.signalbox as object), converted_from: { command, args, env } },
    })
  }

  /** Takes the entry back to what it was before `convert`; the installed package stays. */
  async revert(id: ServerId): Promise<void> {
    const spec = this.#parts.supervisor.spec(id)
    const origin = spec === null ? null : originOf(spec)
    if (spec === null || origin === null) throw notConvertible(id)
    const { command: _, args: __, env: ___, signalbox, ...rest } = spec.entry
    const { converted_from: ____, ...settings } = signalbox as Record<string, unknown>
    await this.#parts.configuration.save(id, {
      ...origin,
      ...rest,
      ...(Object.keys(settings).length > 0 && { signalbox: settings }),
    })
  }
}

function originOf({ entry }: ServerSpec): Record<string, unknown> | null {
  const written = (entry.signalbox as { converted_from?: unknown } | undefined)?.converted_from
  const parsed = originSchema.safeParse(written)
  if (!parsed.success || parsed.data.command === undefined) return null
  return Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined))
}

function notConvertible(id: string): AppError {
  return new AppError('not_convertible', `The entry of ${id} is none that can be converted`, {
    status: 409,
    hint: 'Only entries of the form `npx -y PACKAGE` can be, and only such go back.',
  })
}
