import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

const known = new Map<string, { stamp: string; digest: string }>()

/**
 * The file behind a command and the digest of its bytes: `/usr/bin/node24 sha256:…`. Read once for as long as nothing
 * touches the file; its change time cannot be set back as its other times can.
 */
export async function programIdentity(command: string): Promise<string> {
  const file = await realpath(command)
  const { dev, ino, size, mtimeMs, ctimeMs } = await stat(file)
  const stamp = [dev, ino, size, mtimeMs, ctimeMs].join(' ')
  let entry = known.get(file)
  if (entry?.stamp !== stamp) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash)
    entry = { stamp, digest: hash.digest('hex') }
    known.set(file, entry)
  }
  return `${file} sha256:${entry.digest}`
}
