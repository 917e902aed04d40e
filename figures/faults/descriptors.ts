import { readdir, readFile, readlink } from 'node:fs/promises'

/** A connection with the port that a program itself listens on, as `descriptorsOf` names it. */
export const ownConnection = 'socket of its own port'

/**
 * What the descriptors of a process stand for, one entry each: a path, `pipe`, `anon_inode:[eventpoll]`, or the kind of a
 * socket with the other end where it has one.
 *
 * @param port that the process listens on
 */
export async function descriptorsOf(pid: number, port: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`)
  // One that is closed meanwhile stands for nothing.
  const targets = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => null)))
  const sockets = await socketsOf(pid, port)
  return targets
    .filter((target) => target !== null)
    .map((target) => {
      const [kind, inode] = /^(\w+):\[(\d+)\]$/.exec(target)?.slice(1) ?? []
      // The journal goes on in another file when one is full.
      if (kind === undefined) return target.replace(/\d+(?=\.journal$)/, 'N')
      return kind === 'socket' ? (sockets.get(inode!) ?? 'socket') : kind
    })
    .sort()
}

/** Names of the threads of a process. */
export async function threadsOf(pid: number): Promise<string[]> {
  const ids = await readdir(`/proc/${pid}/task`)
  const names = ids.map((id) => readFile(`/proc/${pid}/task/${id}/comm`, 'utf8').catch(() => ''))
  return (await Promise.all(names)).map((name) => name.trim()).filter((name) => name !== '')
}

/** What stands in `now` more often than in `before`. */
export function added(now: readonly string[], before: readonly string[]): string[] {
  const known = [...before]
  return now.filter((one) => {
    const at = known.indexOf(one)
    if (at !== -1) known.splice(at, 1)
    return at === -1
  })
}

/** Kinds of sockets by inode. */
async function socketsOf(pid: number, port: number): Promise<Map<string, string>> {
  const rows = async (table: string): Promise<string[][]> => {
    const text = await readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '')
    return text
      .split('\n')
      .slice(1)
      .map((row) => row.trim().split(/\s+/))
  }
  const tcp = [...(await rows('tcp')), ...(await rows('tcp6'))].map(([, local, remote, , , , , , , inode]) => {
    const [localPort, remotePort] = [local, remote].map((end) => Number.parseInt(end?.split(':')[1] ?? '', 16))
    return [String(inode), localPort === port ? ownConnection : `socket to port ${remotePort}`] as const
  })
  const unix = (await rows('unix')).map((row) => [String(row[6]), `unix socket ${row[7] ?? ''}`.trim()] as const)
  return new Map([...tcp, ...unix])
}
