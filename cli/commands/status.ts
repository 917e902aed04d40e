import type { Snapshot } from '../../shared/snapshot.ts'
import { withClient } from '../client.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell, type Output, type Tone } from '../output.ts'
import { duration, localTime, serverTable } from '../signs.ts'

export const status: Command = {
  name: 'status',
  usage: '',
  summary: 'What runs, and what needs attention',
  options: {},
  takes: [0, 0],
  async run({ home, output }) {
    await withClient(home, async (client, { info }) => {
      const snapshot = await client.app.snapshot()
      if (output.isJson) output.json({ ...info, ...snapshot })
      else printStatus(output, snapshot, info.pid)
    })
    return exitCodes.done
  },
}

function printStatus(output: Output, snapshot: Snapshot, pid: number): void {
  const { version, url, home, config, banner, attention, servers, day } = snapshot
  output.line(`Signalbox ${version} at ${url}, process ${pid}, since ${localTime(snapshot.started_at)}`)
  output.line(`Home ${home}`)
  if (banner !== null) output.line(output.toned('red', cell(banner.message)))
  if (config.problem !== null) {
    const { message, line, column } = config.problem
    output.line(output.toned('red', `${config.path}:${line}:${column}: ${cell(message)}`))
  }
  output.line('')
  if (attention.length === 0) output.line('Nothing needs attention.')
  for (const item of attention) {
    const server = item.server === null ? '' : `${cell(item.server)}: `
    output.line(`${output.toned(tones[item.severity], '!')} ${server}${cell(item.title)} ${cell(item.message)}`)
  }
  output.line('')
  if (servers.length > 0) serverTable(output, servers)
  const latency = day.p95_ms === null ? '' : `, 95 of 100 within ${duration(day.p95_ms)}`
  output.line('')
  output.line(
    `Last 24 hours: ${day.calls} calls, ${day.failed} failed${latency}. Running now: ${snapshot.running.length}.`,
  )
}

const tones: Readonly<Record<Snapshot['attention'][number]['severity'], Tone>> = {
  danger: 'red',
  caution: 'yellow',
  attention: 'bold',
}
