import { createHash } from 'node:crypto'
import { open, realpath, stat } from 'node:fs/promises'

const chunkBytes = 256 * 1024
const known = new Map<string, { stamp: string; digest: Promise<string> }>()

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
    // Many servers that start at once are often one and the same program, and that a large one.
    entry = { stamp, digest: digestOf(file) }
    known.set(file, entry)
  }
  try {
    return `${file} sha256:${await entry.digest}`
  } catch (error) {
    if (known.get(file) === entry) known.delete(file)
    throw error
  }
}

/** Through one buffer: a stream would leave as much garbage as the file is long. */
async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(chunkBytes)
  await using handle = await open(file)
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
  }
}
