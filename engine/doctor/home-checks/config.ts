import { rename } from 'node:fs/promises'
import { hunksBetween } from '../../clients/connect/line-diff.ts'
import { readLastGood } from '../../config/last-good.ts'
import { readConfig } from '../../config/read-config.ts'
import { readText, replaceFile } from '../../config/replace-file.ts'
import { entrySecrets } from '../../secrets/entry-secrets.ts'
import type { HomeCase } from '../case.ts'
import { goneStale } from '../entry-fix.ts'
import { type Finding, type Fix, ok, problem, warning } from '../finding.ts'
import { octal, permissionsFix } from './home-folder.ts'

/** Whether mcp.json can be read, and says what can be used. What is wrong with one entry is that server's business. */
export async function checkConfig({ around, config, configPath }: HomeCase): Promise<Finding> {
  const { home, platform } = around.host
  if (config.kind === 'absent') return ok(`There is no ${configPath} yet, so there are no servers.`)
  if (config.kind === 'unreadable') {
    const { code, message, hint } = config.failure
    if (code === 'not_utf8') {
      const fix = await asideAndRestore(configPath, home)
      return problem('not_utf8', message, { ...(hint !== null && { hint }), fix })
    }
    const isForbidden = config.code === 'EACCES' || config.code === 'EPERM'
    return problem('config_unreadable', `${configPath} cannot be read: ${message}.`, {
      hint: isForbidden ? 'Give its owner the right to read it.' : 'Put a file in its place.',
      fix: isForbidden ? permissionsFix(configPath, 0o600) : null,
    })
  }
  const { text, mode, reading } = config
  if (reading.problem !== null) {
    const { line, column, message } = reading.problem
    const fix = await restoreFix(configPath, home, text)
    return problem('config_broken', `${configPath} has an error at line ${line}, column ${column}: ${message}.`, {
      hint: `Correct line ${line}${fix === null ? '' : ', or go back to the last good copy'}.`,
      evidence: [`${line}: ${text.split(/\r?\n/)[line - 1]?.slice(0, 200) ?? ''}`],
      fix,
      // One entry that stands twice leaves the others usable.
      blocks: reading.specs === null,
    })
  }
  const specs = reading.specs ?? []
  const holdsSecrets = specs.some(({ entry }) => entrySecrets(entry).length > 0)
  if (platform !== 'win32' && holdsSecrets && (mode & 0o077) !== 0) {
    return warning('config_open_to_others', `${configPath} holds secrets in plain text and others may read it.`, {
      hint: 'Give it permissions 0600, or move the secrets into the vault.',
      evidence: [`its permissions are ${octal(mode)}`],
      fix: permissionsFix(configPath, 0o600),
    })
  }
  return ok(`${configPath} names ${specs.length === 1 ? '1 server' : `${specs.length} servers`}.`)
}

/** Null where no good copy was kept, or it would change nothing. */
async function restoreFix(path: string, home: string, broken: string): Promise<Fix | null> {
  const good = await lastGood(home)
  if (good === null || good === broken) return null
  return {
    title: 'Go back to the last good copy of mcp.json',
    changes: [{ what: 'Put the last good copy in its place', path, hunks: hunksBetween(broken, good) }],
    async apply() {
      await replaceFile(path, (text) => {
        if (text !== broken) throw goneStale(path)
        return good
      })
    },
  }
}

/** For what is no text: nothing of it could be shown, so it is kept beside. */
async function asideAndRestore(path: string, home: string): Promise<Fix | null> {
  const good = await lastGood(home)
  if (good === null) return null
  const aside = `${path}.unreadable`
  return {
    title: 'Go back to the last good copy of mcp.json',
    changes: [
      { what: `Move the file to ${aside}`, path, hunks: [] },
      { what: 'Put the last good copy in its place', path, hunks: hunksBetween('', good) },
    ],
    async apply() {
      if ((await readText(path).catch(() => null)) !== null) throw goneStale(path)
      await rename(path, aside)
      await replaceFile(path, () => good)
    },
  }
}

async function lastGood(home: string): Promise<string | null> {
  const text = await readLastGood(home)
  return text === null || readConfig(text).problem !== null ? null : text
}
