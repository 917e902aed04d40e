import type { LaunchSpec, RemoteSpec, ServerSpec } from '../config/server-spec.ts'
import type { Host } from '../host.ts'
import { entryVariable, expandLaunch, expandRemote, secretNamesOf } from '../servers/expand.ts'
import { resolveLaunch } from '../servers/launch.ts'
import { readSecrets } from '../servers/secrets.ts'
import { packageOf } from './package-of.ts'
import { programIdentity } from './program-identity.ts'
import type { Subject } from './subject.ts'

interface Surroundings {
  readonly host: Pick<Host, 'vault' | 'platform' | 'userHome' | 'node'>
  readonly baseEnv: Readonly<Record<string, string>>
}

/** Variables whose values decide what code runs; of all others only the names count, since values may be secrets. */
const loaderVariables =
  /^(?:PATH|PATHEXT|NODE_OPTIONS|NODE_PATH|LD_[A-Z_]+|DYLD_[A-Z_]+|PYTHON(?:STARTUP|PATH|HOME)|PERL5(?:OPT|LIB)|RUBY(?:OPT|LIB)|BASH_ENV|ENV|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|NPM_CONFIG_[A-Z_]+|UV_[A-Z_]+)$/i

/**
 * What an agreement to this server is about, as it stands now: variables expanded, secrets by their names, the command as
 * the file that would be run. Throws what `resolveLaunch` throws.
 */
export function subjectOf(spec: ServerSpec, around: Surroundings): Promise<Subject> {
  return spec.launch === null ? remoteSubject(spec, spec.remote!, around) : localSubject(spec, spec.launch, around)
}

async function localSubject({ id, settings }: ServerSpec, launch: LaunchSpec, around: Surroundings): Promise<Subject> {
  const isWatched = settings.watch.length > 0
  const { host, baseEnv } = around
  // A secret in the path of the command must be known to find the file; anywhere else its name is enough.
  const inPath = await readSecrets(secretNamesOf({ ...launch, args: [], env: {} }), host.vault)
  const expanded = expandLaunch(launch, sourcesOf(around, inPath))
  const { command, args, cwd } = await resolveLaunch(expanded, {
    baseEnv,
    platform: host.platform,
    userHome: host.userHome,
  })
  return {
    id,
    texts: {
      transport: 'stdio',
      command,
      program: await programIdentity(command),
      // Its owner works on it, and agreed to whatever stands there: its version is a part of that.
      package: isWatched ? undefined : ((await packageOf(command, args, cwd)) ?? undefined),
      arguments: args.map((arg) => (/^[^\s"']+$/.test(arg) ? arg : JSON.stringify(arg))).join('\n'),
      environment: lines(expanded.env, (name, value) => (loaderVariables.test(name) ? `${name}=${value}` : name)),
      folder: cwd,
      watch: isWatched ? settings.watch.join('\n') : undefined,
    },
  }
}

async function remoteSubject(spec: ServerSpec, remote: RemoteSpec, around: Surroundings): Promise<Subject> {
  const { url, headers } = expandRemote(remote, sourcesOf(around, new Map()))
  return {
    id: spec.id,
    texts: { transport: spec.transport, url, headers: lines(headers, (name) => name.toLowerCase()) },
  }
}

function sourcesOf({ host, baseEnv }: Surroundings, known: ReadonlyMap<string, string>) {
  return {
    variable: (name: string) => entryVariable(name, { host, baseEnv }),
    secret: (name: string) => known.get(name) ?? `\${secret:${name}}`,
  }
}

/** Order means nothing in a set of variables or headers. */
function lines(record: Readonly<Record<string, string>>, line: (name: string, value: string) => string): string {
  return Object.entries(record)
    .map(([name, value]) => line(name, value))
    .sort()
    .join('\n')
}
