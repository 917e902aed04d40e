import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const pageHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** The page's shell. Null when the page is not built. */
export async function pageShell(pageDir: string): Promise<Response | null> {
  return fileResponse(join(pageDir, 'index.html'), 'no-store')
}

/** One file of the page's `assets` folder, whose names carry a hash of their content. Null when there is none. */
export async function pageAsset(pageDir: string, name: string): Promise<Response | null> {
  // One plain name: no folder, no dot in front, so no way out of the folder.
  if (!/^[\w-][\w.-]*$/.test(name)) return null
  return fileResponse(join(pageDir, 'assets', name), 'public, max-age=31536000, immutable')
}

/** Not there, a folder, or a name longer than any file's. */
const nothingThere: ReadonlySet<string> = new Set(['ENOENT', 'EISDIR', 'ENAMETOOLONG'])

async function fileResponse(path: string, cacheControl: string): Promise<Response | null> {
  const contentType = contentTypes[extname(path)] ?? 'application/octet-stream'
  try {
    const body = new Uint8Array(await readFile(path))
    return new Response(body, {
      headers: { ...pageHeaders, 'content-type': contentType, 'cache-control': cacheControl },
    })
  } catch (error) {
    if (nothingThere.has((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}
