import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { App } from 'electron'
import type { LoginItem } from '../engine/host.ts'

type LoginApp = Pick<App, 'isPackaged' | 'getLoginItemSettings' | 'setLoginItemSettings'>
type Place = Pick<NodeJS.Process, 'platform' | 'env' | 'execPath'>

/** What starts the desktop at login; null for a checkout, which is nobody's installed program. */
export function loginItem(app: LoginApp, { platform, env, execPath }: Place): LoginItem | null {
  if (!app.isPackaged) return null
  if (platform === 'linux') return autostartFile(autostartPath(env), env.APPIMAGE ?? execPath)
  return {
    isSet: async () => app.getLoginItemSettings().openAtLogin,
    set: async (on) => app.setLoginItemSettings({ openAtLogin: on }),
  }
}

function autostartPath(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'autostart', 'signalbox.desktop')
}

/** Linux has no call for it: desktops start what has an entry in this folder. */
export function autostartFile(path: string, program: string): LoginItem {
  return {
    isSet: () =>
      stat(path).then(
        (stats) => stats.isFile(),
        () => false,
      ),
    async set(on) {
      if (!on) return rm(path, { force: true })
      await mkdir(join(path, '..'), { recursive: true })
      await writeFile(path, entryOf(program))
    },
  }
}

/** Quoted as the specification of desktop entries wants it: a percent sign would begin a field code. */
function entryOf(program: string): string {
  const quoted = program
    .replaceAll(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
  return `[Desktop Entry]\nType=Application\nName=Signalbox\nExec="${quoted}"\nX-GNOME-Autostart-enabled=true\n`
}
