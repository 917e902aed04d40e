import { echoServer } from './echo-server.ts'
import { type Subject, startListening } from './subject.ts'

/** No gateway and no server behind it: HTTP alone. */
export const floor: Subject = { name: 'HTTP floor', start: () => startListening('bench/gateway/floor.ts') }

/** The least that a gateway can do. */
export const bareForwarder: Subject = {
  name: 'bare forwarder',
  start: (servers) =>
    startListening('bench/gateway/bare-forwarder.ts', [
      ...['--backends', String(servers), '--', process.execPath, echoServer],
    ]),
}

/** No gateway: the SDK's server, called directly. */
export const sdkServer: Subject = {
  name: "the SDK's stateful server",
  start: () => startListening('bench/gateway/sdk-server.ts'),
}
