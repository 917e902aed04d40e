import type { TextSyntax } from '../../engine/clients/decode-text.ts'
import type { Row } from './places.ts'

/** A way in which people's files differ. */
export const variants = [
  'comments and unknown keys',
  'CRLF',
  'byte order mark',
  'trailing commas',
  'all of these',
  'no servers yet',
  'no line end at the end',
  'no file',
] as const
export type Variant = (typeof variants)[number]

/** Names of the servers in each text that has any. */
export const serverNames = ['one', 'two']

/** A file as somebody may have it, for one place; null: none. */
export function textFor({ key, program }: Row, syntax: TextSyntax, variant: Variant): string | null {
  if (variant === 'no file') return null
  const isAll = variant === 'all of these'
  const hasServers = variant !== 'no servers yet'
  const comma = variant === 'trailing commas' || isAll ? ',' : ''
  const text = {
    jsonc: () => jsonText(key, hasServers, comma, program === 'zed'),
    toml: () => tomlText(key[0]!, hasServers, comma),
    yaml: () => yamlText(key[0]!, hasServers, comma),
  }[syntax]()
  const ended = variant === 'no line end at the end' ? text.replace(/\n$/, '') : text
  const lines = variant === 'CRLF' || isAll ? ended.replaceAll('\n', '\r\n') : ended
  return variant === 'byte order mark' || isAll ? `\uFEFF${lines}` : lines
}

function jsonText(key: readonly string[], hasServers: boolean, comma: string, isZed: boolean): string {
  const pad = (depth: number) => '\t'.repeat(depth)
  const inner = pad(key.length + 1)
  const entries = [
    `${inner}// why one`,
    `${inner}"one": { "command": "one-mcp", "args": ["-v"${comma}], "x-unknown": { "deep": [1, 2.50, null] } }, // first`,
    `${inner}"two": {`,
    `${inner}\t"command": "two-mcp", /* in the middle */`,
    ...(isZed ? [`${inner}\t"source": "custom",`] : []),
    `${inner}\t"env": { "A": "\\u00e9//not a comment" }${comma}`,
    `${inner}}${comma} // last`,
    `${inner}// "off": { "command": "off-mcp" }`,
    '',
  ]
  const open = key.map((name, depth) => `${pad(depth + 1)}${JSON.stringify(name)}: {`)
  const close = key.map((_name, depth) => `${pad(key.length - depth)}}${comma}`)
  const body = hasServers ? [...open, ...entries, ...close] : [`${pad(1)}"other": []${comma}`]
  return ['// mine', '{', `${pad(1)}"theme": "dark", // unknown here`, ...body, '}', '// end', ''].join('\n')
}

function tomlText(key: string, hasServers: boolean, comma: string): string {
  const servers = [
    '',
    '# why one',
    `[${key}.one] # first`,
    'command = "one-mcp"',
    'args = [',
    '  "-v", # loud',
    `  '#not a comment'${comma}`,
    ']',
    '',
    `[${key}."two"]`,
    "command = 'two-mcp'",
    'env = { A = "[mcp_servers.signalbox]" }',
    '# last words of two',
    '',
    '[profiles.fast]',
    'model = """',
    `[${key}.three]`,
    '"""',
  ]
  return ['# mine', 'model = "o9" # the model', ...(hasServers ? servers : []), '# end', ''].join('\n')
}

function yamlText(key: string, hasServers: boolean, comma: string): string {
  const servers = [
    `${key}: # all of them`,
    '    # why one',
    '    one:',
    '        type: stdio',
    '        enabled: true',
    '        cmd: one-mcp # first',
    `        args: ["-v", '#not a comment'${comma}]`,
    '        x-unknown:',
    '        - 1',
    '        - {a: b}',
    '    two:',
    '        type: stdio',
    '        cmd: two-mcp',
    '        note: |',
    '          signalbox:',
    '            nothing',
    '',
    '# between',
  ]
  return ['# mine', 'GOOSE_MODE: auto # as it is', ...(hasServers ? servers : []), "other: 'it''s'", '# end', ''].join(
    '\n',
  )
}
