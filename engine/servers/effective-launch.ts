import type { EffectiveLaunch } from '../../shared/server.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import { entryVariable, expandLaunch } from './expand.ts'
import { resolveLaunch } from './launch.ts'
import type { LifeContext } from './life-context.ts'

/** How a server would be launched now; null for a remote one. Secrets stay as they are written. Throws an AppError. */
export async function effectiveLaunch(
  spec: ServerSpec,
  { host, baseEnv }: Pick<LifeContext, 'host' | 'baseEnv'>,
): Promise<EffectiveLaunch | null> {
  if (spec.launch === null) return null
  const expanded = expandLaunch(spec.launch, {
    variable: (name) => entryVariable(name, { host, baseEnv }),
    secret: (name) => `\${secret:${name}}`,
  })
  const launch = await resolveLaunch(expanded, { baseEnv, platform: host.platform, userHome: host.userHome })
  return {
    command: launch.command,
    args: [...launch.args],
    cwd: launch.cwd,
    path: [...launch.path],
    env_names: Object.keys(launch.env).sort(),
  }
}
