/** Path and query of a hash such as `#/servers/git?tab=logs`. */
export function splitHash(hash: string): { path: string; search: string } {
  const place = hash.replace(/^#\/?/, '/')
  const at = place.indexOf('?')
  return at < 0 ? { path: place || '/', search: '' } : { path: place.slice(0, at), search: place.slice(at + 1) }
}

/** A path or a query as the router must be given it: it undoes one round of escapes by itself, in a way that loses some. */
export function forRouter(part: string): string {
  return part.replaceAll('%', '%25')
}

/** One part of a path as it was before it was escaped; a part that was typed by hand may be no escape at all. */
export function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
