import type { ServerId } from '../../shared/ids.ts'
import { type LogLine, logLevels } from '../../shared/log.ts'

const servers = ['filesystem', 'github', 'memory', 'playwright', 'sentry'] as ServerId[]
const texts = [
  'Secure MCP Filesystem Server running on stdio',
  'tools/call read_text_file path=/home/ada/src/web/package.json id=8818',
  'config: org=\u001b[36macme\u001b[0m region=\u001b[36mde\u001b[0m retries=3 timeout=10000',
  '[browser] page slow: main thread blocked for 912 ms while waiting for getByRole button Save',
  'TimeoutError: locator.click: Timeout 5000 ms exceeded',
]

/** The line with this number; always the same. */
export function lineAt(seq: number): LogLine {
  return {
    seq,
    at: new Date(1_795_000_000_000 + seq * 7).toISOString(),
    server: servers[Math.floor(seq / 3) % servers.length]!,
    run_id: null,
    stream: 'stderr',
    level: logLevels[(seq * 7) % 5]!,
    level_guessed: false,
    text: `${texts[seq % texts.length]} #${seq}`,
  }
}
