import { mask } from '../../shared/mask.ts'

/** What the patterns below look for begins with, or holds, one of these. */
const trigger =
  /gh[pousr]_|github_pat_|glpat-|sk-|[rs]k_(?:live|test)_|xox[abeprs]-|AKIA|ASIA|AIza|ya29\.|npm_|hf_|lin_api_|ntn_|secret_|SG\.|sbx_|eyJ|-----BEGIN|:\/\/[^\s/@]{0,700}@|authorization|bearer|cookie|passw|passphrase|api[-_]?key|[-_]?secret|[-_]token/i

/**
 * Three letters of each trigger, the rarest in logs where there is a choice. Looking for all of them in one pass over
 * the text takes a tenth of the time of the expression, and most lines have none.
 */
export const secretTrigrams: readonly string[] =
  'ghp gho ghu ghs ghr git glp sk- rk_ sk_ xox aki asi aiz ya2 npm hf_ n_a ntn et_ sg. sbx eyj --- :// riz bea oki ssw ssp i-k ike i_k t-k tke t_k t-s t_s s-t s_t h-t h_t'.split(
    ' ',
  )
const marks = new Uint8Array(1 << 15)
for (const trigram of secretTrigrams)
  marks[[...trigram].reduce((hash, char) => rolled(hash, char.charCodeAt(0)), 0)] = 1

/** A hash of the last three characters that takes upper and lower case for one. */
function rolled(hash: number, char: number): number {
  return ((hash << 5) ^ (char & 31)) & 0x7fff
}

/** Whether a text may hold anything that the patterns look for. */
function isSuspect(text: string): boolean {
  for (let hash = 0, at = 0; at < text.length; at++) {
    hash = rolled(hash, text.charCodeAt(at))
    if (marks[hash] === 1) return trigger.test(text)
  }
  return false
}

/** Values that name their own kind. */
const shapes = new RegExp(
  `(?<![\\w-])(?:${[
    'gh[pousr]_\\w{16,}',
    'github_pat_\\w{20,}',
    'glpat-[\\w-]{16,}',
    'sk-[\\w-]{16,}',
    '[rs]k_(?:live|test)_\\w{10,}',
    'xox[abeprs]-[\\w-]{8,}',
    '(?:AKIA|ASIA)[A-Z0-9]{16}(?!\\w)',
    'AIza[\\w-]{30,}',
    'ya29\\.[\\w-]{20,}',
    'npm_\\w{30,}',
    'hf_\\w{20,}',
    '(?:lin_api|ntn|secret)_\\w{16,}',
    'SG\\.[\\w-]{16,}[\\w.-]*',
    'sbx_[\\w-]{20,}',
    'eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*',
  ].join('|')})`,
  'g',
)
const privateKey = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g
const quote = `(?:\\\\?["'])?`
const authorization = new RegExp(
  `(\\b(?:proxy-)?authorization${quote}\\s{0,4}[:=]\\s{0,4}${quote}(?:(?:Bearer|Basic|Token|Digest)\\s+)?)[^\\s"'\\\\,;‹]{4,}`,
  'gi',
)
const bearer = /(\bBearer\s+)(?=[^\s‹]*\d)[\w.~+/=-]{16,}/gi
const cookie = /(\b(?:set-)?cookie(?:\\?["'])?:\s{0,4}(?:\\?["'])?)[^\s"'\\‹][^\r\n"'\\‹]*/gi
const assignment = new RegExp(
  `(\\b(?:[A-Za-z0-9]+[-_])?(?:password|passwd|passphrase|api[-_]?key|secret[-_]?key|client[-_]secret|access[-_]token|refresh[-_]token|auth[-_]token)${quote}\\s{0,4}[:=]\\s{0,4}${quote})[^\\s"'\\\\,;&‹]{4,}`,
  'gi',
)
const userInfo = /(:\/\/[^\s/:@‹]{0,200}:)[^\s/@‹]{1,500}(?=@)/g

/** The text with what looks like a secret masked: tokens of known shape, private keys, credentials in headers and URLs. */
export function maskPatterns(text: string): string {
  if (!isSuspect(text)) return text
  return text
    .replace(privateKey, mask)
    .replace(authorization, `$1${mask}`)
    .replace(bearer, `$1${mask}`)
    .replace(cookie, `$1${mask}`)
    .replace(assignment, `$1${mask}`)
    .replace(userInfo, `$1${mask}`)
    .replace(shapes, mask)
}

const secretKey =
  /^(?:(?:proxy-)?authorization|(?:set-)?cookie|x-api-key|password|passwd|passphrase|api[-_]?key|secret[-_]?key|client[-_]?secret|(?:access|refresh|auth|id)[-_]?token|private[-_]?key)$/i

/** A part of each key that `isSecretKey` knows. */
const secretKeyPart = /authorization|cookie|x-api-key|passw|passphrase|api[-_]?key|secret|token|private[-_]?key/i

/** Whether the JSON in a text may hold a key that `isSecretKey` knows. False is certain where the text has no escapes. */
export function mayHoldSecretKey(text: string): boolean {
  return secretKeyPart.test(text)
}

/** Whether what stands under this key of an object is a secret, whatever it looks like. */
export function isSecretKey(key: string): boolean {
  return secretKey.test(key)
}
