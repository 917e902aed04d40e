import { expect, it } from 'vitest'
import { isOwnGateway } from './own-gateway.ts'

it.each([
  { command: '/opt/Signalbox/signalbox', args: ['connect', '--client', 'cursor'] },
  { command: 'C:\\Signalbox\\signalbox.exe', args: ['connect'] },
  { command: 'node', args: ['/opt/signalbox/dist/node/cli.mjs', 'connect'] },
  { command: 'npx', args: ['signalbox', 'connect'] },
  { command: '/usr/bin/node', args: ['/home/ada/box/dist/node/cli.mjs', 'connect', '--client', 'zed'] },
  { command: 'C:\\node.exe', args: ['C:\\box\\cli\\main.ts', 'connect', '--client', 'zed'] },
  { url: 'http://127.0.0.1:7420/mcp' },
  { url: 'http://localhost:7420/mcp/p/work' },
  { command: 'npx', args: ['-y', 'mcp-remote', 'http://[::1]:7420/mcp'] },
])('knows our own gateway in %j', (entry) => {
  expect(isOwnGateway(entry, 7420)).toBe(true)
})

it.each([
  { command: 'connect' },
  { command: 'ssh-mcp', args: ['connect', 'signalbox'] },
  { command: 'node', args: ['/home/ada/signalbox-notes.js', 'connect'] },
  { url: 'http://127.0.0.1:7421/mcp' },
  { url: 'http://127.0.0.1:7420/mcpx' },
  { url: 'https://signalbox.example:7420/mcp' },
  { url: 'http://${HOST}/mcp' },
  { command: ['signalbox'], args: ['connect'] },
  { command: 'node', args: ['/home/ada/box/cli.mjs', 'connect'] },
])('takes %j for what it is', (entry) => {
  expect(isOwnGateway(entry, 7420)).toBe(false)
})
