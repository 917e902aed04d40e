import type { Guard } from './guard.ts'

const rules = { file: 'engine/outbound/target-rules.ts', suite: 'engine/outbound/target-rules.test.ts' }
const classes = { file: 'engine/outbound/address-class.ts', suite: 'engine/outbound/target-rules.test.ts' }
const sending = 'engine/outbound/outbound-client.test.ts'
const requests = { file: 'engine/tasks/task-requests.ts', suite: 'engine/tasks/task-requests.test.ts' }
const memory = { file: 'engine/store/agent-repo.ts', suite: 'engine/agents/agent-memory.test.ts' }

/** Guards of what goes out to others, and of what they ask for over REST. */
export const apiGuards: readonly Guard[] = [
  {
    name: 'addresses are judged after the lookup',
    file: 'engine/outbound/dial.ts',
    text: 'for (const address of addresses) judgeAddress(target, address, allowed)',
    without: '',
    suite: sending,
    test: 'a name with one address within the own network is refused whole',
  },
  {
    name: 'a redirect takes no credentials to another host',
    file: 'engine/outbound/exchange.ts',
    text: 'if (came !== null && came.origin !== target.url.origin) headers = anonymous(headers)',
    without: '',
    suite: sending,
    test: 'a redirect is judged like the first target',
  },
  {
    name: 'a redirect that changes the method is not followed',
    file: 'engine/outbound/exchange.ts',
    text: '|| !keepsMethod ||',
    without: '||',
    suite: sending,
    test: 'a redirect that would turn a POST into a GET is the answer',
  },
  {
    name: 'an answer is read up to its limit',
    file: 'engine/outbound/exchange.ts',
    text: 'if (bytes > maxBytes) {',
    without: 'if (bytes < 0) {',
    suite: sending,
    test: 'an answer over the limit is not read further',
  },
  {
    name: 'an allowed name does not lead to link-local addresses',
    file: 'engine/outbound/allowed-targets.ts',
    text: '&& isOfOwnNetwork(found)',
    without: '',
    suite: sending,
    test: 'an allowed name reaches the own network, but not where clouds keep their credentials',
  },
  {
    name: 'nothing is sent to who asked to be left in peace',
    file: 'engine/outbound/service-lane.ts',
    text: 'if (waitMs > this.#rules.longestWaitMs) {',
    without: 'if (waitMs < 0) {',
    suite: sending,
    test: 'sends nothing while a service wants to be left in peace for long',
  },
  {
    name: 'no redirect from https to http',
    file: 'engine/outbound/exchange.ts',
    text: "if (came?.protocol === 'https:' && target.url.protocol === 'http:') {",
    without: 'if (redirects < 0) {',
    suite: sending,
    test: 'over TLS the certificate must be one for the name',
  },
  {
    ...rules,
    name: 'only http and https are called',
    text: "url.protocol !== 'https:' && url.protocol !== 'http:'",
    without: 'false',
    test: 'refuses another scheme',
  },
  {
    ...rules,
    name: 'no credentials in an address',
    text: "url.username !== '' || url.password !== ''",
    without: 'false',
    test: 'refuses a name and a password',
  },
  {
    ...rules,
    name: 'an address is written as one',
    text: 'isIP(host) === 4 && !text',
    without: 'isIP(host) === 9 && !text',
    test: 'refuses a number for an address',
  },
  {
    ...rules,
    name: 'names of the own network are refused',
    text: 'if (privateNames.test(host))',
    without: 'if (host.length === 0)',
    test: 'refuses a private name',
  },
  {
    ...rules,
    name: 'only ports of web servers',
    text: 'if (!openPorts.has(port))',
    without: 'if (port < 0)',
    test: 'refuses the port of another service',
  },
  {
    ...classes,
    name: 'IPv6 addresses must be routed ones',
    text: "return address.match(globalUnicast) ? 'public' : 'reserved'",
    without: "return 'public'",
    test: 'the address ::7f00:1 is reserved',
  },
  {
    ...classes,
    name: 'IPv4 addresses in the last half of IPv6 ones',
    text: "if (isIsatap(address)) return 'embedded'",
    without: '',
    test: 'the address 2001:470:1::5efe:7f00:1 is embedded',
  },
  {
    ...requests,
    name: 'a callback is judged before there is a task',
    text: 'if (request.callback_url !== undefined) this.#parts.callbacks.check(request.callback_url)',
    without: '',
    suite: 'engine/callbacks/callbacks.test.ts',
    test: 'refuses http://169.254.169.254/ at once, and makes no task',
  },
  {
    ...requests,
    name: 'an idempotency key is for one request',
    text: 'if (standing.fingerprint !== mine.fingerprint) throw reused()',
    without: '',
    test: 'the same request with the same key makes one task',
  },
  {
    ...requests,
    name: 'a request under way is not answered twice',
    text: 'if (this.#underWay.has(key)) throw inUse()',
    without: '',
    test: 'a request that comes again before its answer is told to wait',
  },
  {
    ...memory,
    name: 'a state is compared as it is written',
    text: 'where agent_state.version = ${version}',
    without: 'where true',
    test: 'of many who write over the same version at once, one does',
  },
  {
    ...memory,
    name: 'a conversation is compared as it is written',
    text: 'version = coalesce(${version}, version) and',
    without: '',
    test: 'a conversation keeps its messages in their order',
  },
]
