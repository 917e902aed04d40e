import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** For tests: an npm registry on this machine with one package, `@demo/server` 1.2.0, whose program says which arguments it got. */
export async function openTestRegistry(): Promise<{ url: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-registry-'))
  await mkdir(join(folder, 'package'))
  const manifest = { name: '@demo/server', version: '1.2.0', bin: { 'demo-server': 'cli.js' } }
  await writeFile(join(folder, 'package', 'package.json'), JSON.stringify(manifest))
  const program = '#!/usr/bin/env node\nconsole.log(process.argv.slice(2).join(" "))\n'
  await writeFile(join(folder, 'package', 'cli.js'), program)
  execFileSync('tar', ['-czf', 'demo.tgz', 'package'], { cwd: folder })
  const server = createServer(async (request, response) => {
    const { port } = server.address() as AddressInfo
    if (request.url?.endsWith('.tgz')) return void response.end(await readFile(join(folder, 'demo.tgz')))
    const isKnown = decodeURIComponent(request.url ?? '') === '/@demo/server'
    const dist = { tarball: `http://127.0.0.1:${port}/demo.tgz` }
    const versions = { '1.2.0': { ...manifest, dist } }
    response.statusCode = isKnown ? 200 : 404
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(isKnown ? { name: manifest.name, 'dist-tags': { latest: '1.2.0' }, versions } : {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true })
    },
  }
}
