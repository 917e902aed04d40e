import { AppError } from '../../shared/app-error.ts'
import type { LaunchSpec, OAuthSpec, RemoteSpec } from '../config/server-spec.ts'
import type { Host } from '../host.ts'
import { readVariable } from './environment.ts'

/** Where the values of `${NAME}` and `${secret:NAME}` come from. */
export interface ExpansionSources {
  /** By the rules of the platform: on Windows any case matches. */
  variable(name: string): string | undefined
  secret(name: string): string | undefined
}

/** Stands for the Node that comes with Signalbox, wherever that is now. */
export const nodeVariable = 'SIGNALBOX_NODE'

/** The value of a variable that an entry names: of the environment that servers get, or the one that is ours. */
export function entryVariable(
  name: string,
  { host, baseEnv }: { host: Pick<Host, 'node' | 'platform'>; baseEnv: Readonly<Record<string, string>> },
): string | undefined {
  return name === nodeVariable ? host.node : readVariable(baseEnv, name, host.platform)
}

const placeholder = /\$\{(?:secret:([^{}]+)|([A-Za-z_]\w*)(?::-([^{}]*))?)\}/g

/**
 * The text with its placeholders filled in. What is found is not expanded again. Throws `variable_missing` for a
 * variable that is unset and has no default, `secret_missing` for a secret that the sources do not hold.
 */
export function expandText(text: string, sources: ExpansionSources, where: string): string {
  return text.replace(placeholder, (_, secret?: string, name?: string, fallback?: string) => {
    if (secret !== undefined) return sources.secret(secret) ?? missingSecret(secret, where)
    const value = sources.variable(name!)
    if (fallback !== undefined) return value || fallback
    return value ?? missingVariable(name!, where)
  })
}

export function expandLaunch(launch: LaunchSpec, sources: ExpansionSources): LaunchSpec {
  return {
    command: expandText(launch.command, sources, 'command'),
    args: launch.args.map((arg, index) => expandText(arg, sources, `args[${index}]`)),
    env: expandRecord(launch.env, sources, 'env'),
    cwd: launch.cwd === null ? null : expandText(launch.cwd, sources, 'cwd'),
  }
}

export function expandRemote(remote: RemoteSpec, sources: ExpansionSources): RemoteSpec {
  return {
    url: expandText(remote.url, sources, 'url'),
    headers: expandRecord(remote.headers, sources, 'headers'),
    ...(remote.oauth !== undefined && { oauth: expandOAuth(remote.oauth, sources) }),
  }
}

function expandOAuth({ clientId, clientSecret, scope }: OAuthSpec, sources: ExpansionSources): OAuthSpec {
  const filled = (text: string | null, where: string): string | null =>
    text === null ? null : expandText(text, sources, `oauth.${where}`)
  return { clientId: filled(clientId, 'clientId'), clientSecret: filled(clientSecret, 'clientSecret'), scope }
}

/** Names of all `${secret:NAME}` in a launch or a remote, each once, in their order. */
export function secretNamesOf(spec: LaunchSpec | RemoteSpec): string[] {
  const texts =
    'url' in spec
      ? [spec.url, ...Object.values(spec.headers), spec.oauth?.clientId ?? '', spec.oauth?.clientSecret ?? '']
      : [spec.command, ...spec.args, ...Object.values(spec.env), spec.cwd ?? '']
  const names = texts.flatMap((text) => [...text.matchAll(placeholder)].map((match) => match[1]))
  return [...new Set(names.filter((name) => name !== undefined))]
}

function expandRecord(
  record: Readonly<Record<string, string>>,
  sources: ExpansionSources,
  where: string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, expandText(value, sources, `${where}.${key}`)]),
  )
}

function missingVariable(name: string, where: string): never {
  throw new AppError('variable_missing', `Variable ${name} is not set; ${where} needs it`, {
    hint: `Set ${name} before Signalbox starts, or write a default: \${${name}:-value}.`,
    data: { name, where },
  })
}

function missingSecret(name: string, where: string): never {
  throw new AppError('secret_missing', `Secret ${name} is not in the vault; ${where} needs it`, {
    hint: `Add the secret ${name}.`,
    data: { name, where },
  })
}
