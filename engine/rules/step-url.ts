/** The host of a URL template where it stands in plain text; null where a value could choose it. */
export function hostOf(template: string): string | null {
  const origin = /^https?:\/\/[^/?#]+(?=[/?#]|$)/i.exec(template)?.[0]
  if (origin === undefined || origin.includes('${') || !URL.canParse(origin)) return null
  return new URL(origin).host
}

/** A value within a URL: percent-encoded but for `/`, so that `owner/name` fits. */
export const urlPart = (value: string): string => value.split('/').map(encodeURIComponent).join('/')

/** Whether a part of the path is dots only: a value could climb with it out of the path that the rule names. */
export function climbs(url: string): boolean {
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  return path.split('/').some((part) => /^(\.|%2e){1,2}$/i.test(part))
}
