import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { programFiles, startOptions } from './host.ts'

describe('starting the desktop', () => {
  it('takes the home from --home, else from SIGNALBOX_HOME, else from where the system keeps data', () => {
    expect(startOptions(['--home', 'here'], { SIGNALBOX_HOME: '/there' }).home).toBe(resolve('here'))
    expect(startOptions(['--home=/here'], {}).home).toBe(resolve('/here'))
    expect(startOptions([], { SIGNALBOX_HOME: '/there' }).home).toBe(resolve('/there'))
    expect(startOptions([], {}).home).toMatch(/signalbox/i)
  })

  it.each([
    [['--port', '0'], 0],
    [['--port=8080'], 8080],
    [['--port', 'x'], 7420],
    [['--port=70000'], 7420],
    [['--inspect=0', '--remote-debugging-port=0', '--no-sandbox'], 7420],
  ])('reads the port from %j: %d', (args, port) => {
    expect(startOptions(args, {}).port).toBe(port)
  })
})

describe("the program's own files", () => {
  it('lie in the checkout beside the built main', () => {
    const root = resolve('/signalbox')
    expect(programFiles(join(root, 'dist', 'node', 'desktop.mjs'), null, 'linux')).toEqual({
      storeWorker: join(root, 'dist', 'node', 'store-worker.mjs'),
      tokenCounter: join(root, 'dist', 'node', 'count-tokens.mjs'),
      samples: join(root, 'dist', 'node', 'samples'),
      templates: join(root, 'dist', 'node', 'templates'),
      cli: join(root, 'dist', 'node', 'cli.mjs'),
      node: join(root, 'node_modules', 'node', 'bin', 'node'),
      pageDir: join(root, 'dist', 'page'),
    })
  })

  it('lie outside the archive of a package when another process runs them', () => {
    const resources = resolve('/opt/Signalbox/resources')
    const main = join(resources, 'app.asar', 'dist', 'node', 'desktop.mjs')
    expect(programFiles(main, resources, 'win32')).toEqual({
      storeWorker: join(resources, 'terminal', 'dist', 'node', 'store-worker.mjs'),
      tokenCounter: join(resources, 'terminal', 'dist', 'node', 'count-tokens.mjs'),
      samples: join(resources, 'terminal', 'dist', 'node', 'samples'),
      templates: join(resources, 'terminal', 'dist', 'node', 'templates'),
      cli: join(resources, 'terminal', 'dist', 'node', 'cli.mjs'),
      node: join(resources, 'node', 'node.exe'),
      pageDir: join(resources, 'app.asar', 'dist', 'page'),
    })
  })
})
