import { rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { failureOf } from '../../../shared/app-error.ts'
import { isOwnerToken, readToken } from '../../api/token-file.ts'
import type { HomeCase } from '../case.ts'
import { goneStale } from '../entry-fix.ts'
import { type Finding, notLooked, ok, problem, problemOf, warning } from '../finding.ts'
import { nullWhenMissing, octal, permissionsFix } from './home-folder.ts'

/** The owner token: whole, and its owner's alone. */
export async function checkToken({ around }: HomeCase): Promise<Finding> {
  const { home, platform } = around.host
  const path = join(home, 'token')
  let token: string | null
  try {
    token = await readToken(path)
  } catch (error) {
    const fix = permissionsFix(path, 0o600)
    return problem('token_unreadable', `${path} cannot be read: ${failureOf(error).message}.`, { fix, blocks: false })
  }
  if (token === null) return ok('There is no owner token yet; the first start makes one.')
  if (!isOwnerToken(token)) {
    const aside = `${path}.damaged`
    const shown = token
    return problem('token_unreadable', `${path} does not hold an owner token.`, {
      hint: 'Move that file away and start again; a new token is made then.',
      blocks: false,
      fix: {
        title: 'Move the damaged token away',
        changes: [{ what: `Move the file to ${aside}; the next start makes a new token`, path, hunks: [] }],
        async apply() {
          if ((await readToken(path)) !== shown) throw goneStale(path)
          await rename(path, aside)
        },
      },
    })
  }
  const mode = (await stat(path)).mode & 0o777
  if (platform !== 'win32' && (mode & 0o077) !== 0) {
    return warning('token_open_to_others', `Other users may read ${path}.`, {
      hint: 'Give it permissions 0600; whoever has read it may do all that you may.',
      evidence: [`its permissions are ${octal(mode)}`],
      fix: permissionsFix(path, 0o600),
    })
  }
  return ok('The owner token is there and ours alone.')
}

/** What keeps the secrets, and whether it can open them. */
export async function checkVault({ around }: HomeCase): Promise<Finding> {
  const { vault, home, platform } = around.host
  if (vault === null) return notLooked('There is no vault here.')
  const failure = await vault.problem()
  if (failure === null) {
    const names = await vault.names()
    return ok(`The vault opens; it holds ${names.length === 1 ? '1 secret' : `${names.length} secrets`}.`)
  }
  const key = join(home, 'secrets.key')
  const mode = vault.keeper === 'key_file' ? ((await stat(key).catch(nullWhenMissing))?.mode ?? 0o600) & 0o777 : 0o600
  const isOpen = platform !== 'win32' && (mode & 0o077) !== 0
  return problemOf(failure, {
    evidence: isOpen ? [`${key} has permissions ${octal(mode)}`] : [],
    fix: isOpen ? permissionsFix(key, 0o600) : null,
    blocks: false,
  })
}
