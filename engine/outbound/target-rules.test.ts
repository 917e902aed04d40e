import { expect, test } from 'vitest'
import { allowedTargetSchema } from '../../shared/outbound.ts'
import { classOf } from './address-class.ts'
import { AllowedTargets } from './allowed-targets.ts'
import { readTarget } from './target-rules.ts'

const nothing = new AllowedTargets([])

test.each([
  ['8.8.8.8', 'public'],
  ['2606:4700::1111', 'public'],
  ['127.0.0.53', 'loopback'],
  ['::1', 'loopback'],
  ['10.255.255.255', 'private'],
  ['172.32.0.1', 'public'],
  ['fd00:ec2::254', 'private'],
  ['169.254.169.254', 'link_local'],
  ['fe80::1%eth0', 'link_local'],
  ['100.64.0.1', 'shared'],
  ['239.1.1.1', 'multicast'],
  ['0.0.0.0', 'unspecified'],
  ['255.255.255.255', 'reserved'],
  ['198.18.0.1', 'reserved'],
  ['::127.0.0.1', 'embedded'],
  ['::7f00:1', 'reserved'],
  ['fec0::1', 'reserved'],
  ['::ffff:8.8.8.8', 'embedded'],
  ['64:ff9b::a00:1', 'embedded'],
  ['2002:7f00:1::', 'embedded'],
  ['2001:470:1::5efe:7f00:1', 'embedded'],
  ['2001:470:1::200:5efe:7f00:1', 'embedded'],
  ['not an address', 'reserved'],
])('the address %s is %s', (address, found) => {
  expect(classOf(address)).toBe(found)
})

test.each([
  ['no URL', 'example.com/hook', 'not_a_url'],
  ['another scheme', 'ftp://example.com/', 'scheme'],
  ['a name and a password', 'https://me:secret@example.com/', 'credentials'],
  ['a number for an address', 'http://134744072/', 'disguised'],
  ['octal digits', 'http://010.8.8.8/', 'disguised'],
  ['a private name', 'http://printer.local/', 'private_name'],
  ['a dot at the end', 'http://localhost./', 'private_name'],
  ['the port of another service', 'http://example.com:6379/', 'port'],
  ['a loopback address', 'http://[::1]/', 'loopback'],
])('refuses %s', (_, url, reason) => {
  expect(() => readTarget(url, nothing)).toThrow(expect.objectContaining({ code: 'target_refused', data: { reason } }))
})

test('takes what is public', () => {
  for (const url of ['https://example.com/hook?a=b', 'http://8.8.8.8:8080/', 'https://[2606:4700::1111]/']) {
    expect(readTarget(url, nothing).url.href).toBe(url)
  }
})

test('a list allows hosts, ports and networks, and nothing by what it cannot read', () => {
  const entries = ['hooks.lan', 'localhost:9000', '192.168.1.0/24', '[::1]:9000', 'FD00::/8', '10.0.0.300', '1/8', ':1']
  const allowed = new AllowedTargets(entries)
  const isTaken = (url: string): boolean => {
    try {
      readTarget(url, allowed)
      return true
    } catch {
      // Refused: what this is to tell.
      return false
    }
  }
  const taken = ['http://hooks.lan/', 'http://hooks.lan:81/', 'http://localhost:9000/', 'http://192.168.1.9:22/']
  for (const url of [...taken, 'http://[::1]:9000/', 'http://[fd00::9]/'])
    expect([url, isTaken(url)]).toEqual([url, true])
  const refused = [
    'http://localhost/',
    'http://192.168.2.9/',
    'http://[::1]/',
    'http://1.2.3.4:81/',
    'http://a.hooks.lan/',
  ]
  for (const url of refused) expect([url, isTaken(url)]).toEqual([url, false])
})

test.each(['hooks.lan', 'localhost:9000', '192.168.1.0/24', '[::1]:9000', 'fd00::/8'])('%s can be allowed', (entry) => {
  expect(allowedTargetSchema.safeParse(entry).success).toBe(true)
})

test.each(['', 'http://hooks.lan/', 'a b', 'host:', 'host:99999999', '*'])('"%s" cannot be allowed', (entry) => {
  expect(allowedTargetSchema.safeParse(entry).success).toBe(false)
})
