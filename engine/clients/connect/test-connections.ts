import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import {
  type ConnectPlace,
  type ConnectPreview,
  type ConnectRequest,
  type ConnectTarget,
  connectRequestSchema,
} from '../../../shared/connect-contract.ts'
import type { ServerId } from '../../../shared/ids.ts'
import { parseEntry } from '../../config/parse-entry.ts'
import { temporaryHost } from '../../test-host.ts'
import { Connections } from './connections.ts'

export const served = [parseEntry('git' as ServerId, 1, { command: 'git-mcp', args: ['-v'] })]

/** A file of Cursor's as a person has it. */
export const written =
  '{\n  // mine\n  "mcpServers": {\n    "git": { "command": "git-mcp", "args": ["-v"] },\n    "x": { "command": "x" }\n  }\n}\n'

type Asked = Partial<ConnectRequest> & Pick<ConnectRequest, 'program'>

export function request(asked: Asked): ConnectRequest {
  return connectRequestSchema.parse(asked)
}

export function target(program: ConnectTarget['program'] = 'cursor'): ConnectTarget {
  return { program, scope: 'user', folder: null }
}

/** A machine of a person for each test of the file, and the connections on it. */
export class ConnectionsBench {
  host!: Awaited<ReturnType<typeof temporaryHost>>
  connections!: Connections
  /** Where Signalbox serves; null while it does not. */
  url: string | null = null

  constructor() {
    beforeEach(async () => {
      this.host = await temporaryHost({ platform: 'linux', env: {} })
      this.url = 'http://127.0.0.1:7420'
      this.connections = this.reopened()
    })
    afterEach(() => this.host[Symbol.asyncDispose]())
  }

  reopened(): Connections {
    return new Connections({ host: this.host, served: () => served, url: () => this.url })
  }

  readonly at = (...path: string[]): string => join(this.host.userHome, ...path)
  readonly cursorFile = (): string => this.at('.cursor', 'mcp.json')

  readonly put = (text: string | Buffer, ...path: string[]): string => {
    mkdirSync(dirname(this.at(...path)), { recursive: true })
    writeFileSync(this.at(...path), text)
    return this.at(...path)
  }

  readonly connect = async (asked: Asked): Promise<ConnectPreview> => {
    const preview = await this.connections.preview(request(asked))
    const { before_hash, after_hash } = preview
    await this.connections.write({ ...request(asked), before_hash, after_hash })
    return preview
  }

  readonly place = async (program: ConnectTarget['program'] = 'cursor', scope = 'user'): Promise<ConnectPlace> => {
    const programs = await this.connections.programs()
    return programs.find(({ id }) => id === program)!.places.find((one) => one.scope === scope)!
  }
}
