import { seededRandom } from '../seeded-random.ts'

/** What each text tries to run: it tells the page's own witness. */
const run = 'ran(1)'

const payloads: readonly string[] = [
  `<script>${run}</script>`,
  `<img src=x onerror=${run}>`,
  `<svg onload=${run}>`,
  `<svg><script>${run}</script></svg>`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<iframe src="javascript:parent.${run}"></iframe>`,
  `<a href="javascript:${run}">here</a>`,
  `<a href="https://evil.example/">here</a>`,
  `<details open ontoggle=${run}>`,
  `<body onload=${run}>`,
  `<style>@import "https://evil.example/x.css"</style>`,
  `<link rel=stylesheet href=https://evil.example/x.css>`,
  `<base href="https://evil.example/">`,
  `<meta http-equiv=refresh content="0;url=https://evil.example/">`,
  `<form action=https://evil.example/><button>go`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${run}>`,
  `"><script>${run}</script>`,
  `' onmouseover=${run} x='`,
  `" autofocus onfocus=${run} x="`,
  `javascript:${run}`,
  `JaVaScRiPt:${run}//`,
  `java\tscript:${run}`,
  `data:text/html,<script>parent.${run}</script>`,
  `vbscript:${run}`,
  `[here](javascript:${run})`,
  `![x](https://evil.example/x.png)`,
  `[here](https://evil.example/ "x")`,
  `<https://evil.example/>`,
  `https://evil.example/?a=b`,
  `www.evil.example`,
  `{{constructor.constructor('${run}')()}}`,
  `\${${run}}`,
  `<%= ${run} %>`,
  `</script><script>${run}</script>`,
  `--><script>${run}</script>`,
  `]]><script>${run}</script>`,
  `</textarea><script>${run}</script>`,
  `</title><script>${run}</script>`,
  `&lt;script&gt;${run}&lt;/script&gt;`,
  `\\u003cscript\\u003e${run}\\u003c/script\\u003e`,
  `\x1b[31mred\x1b[0m`,
  `\x1b]8;;javascript:${run}\x07here\x1b]8;;\x07`,
  `\x1b]8;;https://evil.example/\x1b\\here\x1b]8;;\x1b\\`,
  `\x1b]52;c;ZXZpbA==\x07`,
  `\x1b]0;a new title\x07`,
  `\x1b[2J\x1b[H`,
  `\x9b31mred`,
  `abc\u202efdp.exe`,
  `\u2066\u2067over\u2069`,
  `zero\u200bwidth\u200d\ufeff`,
  `over\rwritten`,
  `nul\0inside`,
  `__proto__`,
  `constructor`,
  `../../../etc/passwd`,
  `%3Cscript%3E${run}%3C/script%3E`,
]

const frames: readonly ((payload: string) => string)[] = [
  (payload) => payload,
  (payload) => `words before ${payload} and behind`,
  (payload) => payload.toUpperCase(),
  (payload) => payload.replaceAll('<', '<\0'),
  (payload) => payload.repeat(3),
  (payload) => `${payload}${'x'.repeat(20_000)}`,
  (payload) => `\x1b[1m${payload}`,
  (payload) => `${payload}\u202e`,
]

/** A word at the front of each text, by which it is found on the page. */
export const markOf = (index: number): string => `m${String(index).padStart(4, '0')}q`

/** So many hostile texts, each payload at least once where there is room, the rest by the seed. */
export function hostileTexts(count: number, seed: number): string[] {
  const next = seededRandom(seed)
  const rest = [...payloads]
  return Array.from({ length: count }, (_, index) => {
    const isFirstTime = rest.length > 0
    const from = isFirstTime ? rest : payloads
    const place = Math.floor(next() * from.length)
    const payload = isFirstTime ? rest.splice(place, 1)[0]! : payloads[place]!
    const frame = isFirstTime ? frames[0]! : frames[Math.floor(next() * frames.length)]!
    return `${markOf(index)} ${frame(payload)}`
  })
}

/** As a server may be named: at most 200 characters, none of them a control. */
export function asServerId(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a name may not hold
  return text.replaceAll(/[\u0000-\u001f\u007f]/g, '').slice(0, 200)
}

/** As the hostile server names the tool of a text. */
export const asToolName = (text: string): string => text.slice(0, 120)

/** As a client may be named: at most 80 characters, no comma and no control. */
export const asClientName = (text: string): string => asServerId(text).replaceAll(',', '').slice(0, 80).trim()

/** As a folder on a PATH, with a mark of its own: it stands on the page of every server. */
export const asFolder = (text: string): string => `/f${text.replaceAll(/[\0\n:]/g, '').slice(1, 200)}`
