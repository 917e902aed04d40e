import { isIP } from 'node:net'
import { connect, type PeerCertificate } from 'node:tls'
import { AppError } from '../../shared/app-error.ts'

const certificateCodes =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|ERR_SSL_)/
const lookMs = 5000

type TlsError = Error & { code?: string }

export function isCertificateError(error: TlsError): boolean {
  return certificateCodes.test(error.code ?? '')
}

/**
 * Why a certificate was refused, in words: whose it is, how long it holds, who signed it. To see that, the server is asked
 * for it once more; nothing is sent over that connection, and nothing taken from it but the certificate.
 */
export async function certificateError(error: TlsError, url: URL, signal: AbortSignal): Promise<AppError> {
  const certificate = await certificateOf(url, AbortSignal.any([signal, AbortSignal.timeout(lookMs)]))
  const told = certificate === null ? [] : troubles(certificate, url.hostname, Date.now())
  const named = reasonOf(error)
  // Of several troubles the library names the first that it meets.
  if (told.length === 0 || (named.kind !== 'other' && !told.some(({ kind }) => kind === named.kind))) told.push(named)
  const { kind } = told[0]!
  const isDate = kind === 'expired' || kind === 'not_yet_valid'
  return new AppError(
    'certificate_refused',
    `The certificate of ${url.host} is not trusted: ${told.map(({ text }) => text).join(', and ')}`,
    {
      hint: isDate
        ? `The clock of this machine says ${day(Date.now())}; if that is right, ${mends[kind]}`
        : mends[kind],
      cause: error,
      data: { reasons: told.map((reason) => reason.kind), code: error.code ?? null },
    },
  )
}

type ReasonKind = 'expired' | 'not_yet_valid' | 'self_signed' | 'unknown_authority' | 'wrong_host' | 'other'

interface Reason {
  readonly kind: ReasonKind
  readonly text: string
}

const renew = 'tell whoever runs the server to renew it.'
const mends: Readonly<Record<ReasonKind, string>> = {
  expired: renew,
  not_yet_valid: renew,
  self_signed: 'If it is yours, name its file in NODE_EXTRA_CA_CERTS before Signalbox starts.',
  unknown_authority: 'If its authority is yours, name the file of that in NODE_EXTRA_CA_CERTS before Signalbox starts.',
  wrong_host: 'Correct `url` in mcp.json, or tell whoever runs the server.',
  other: 'Tell whoever runs the server.',
}

/** All that is wrong with a certificate as can be seen from itself. */
function troubles(certificate: PeerCertificate, host: string, now: number): Reason[] {
  const found: Reason[] = []
  const [from, to] = [Date.parse(certificate.valid_from), Date.parse(certificate.valid_to)]
  if (now > to) found.push({ kind: 'expired', text: `it expired on ${day(to)}` })
  if (now < from) found.push({ kind: 'not_yet_valid', text: `it holds only from ${day(from)}` })
  const names = namesOf(certificate)
  if (!names.some((name) => matches(name, host))) {
    found.push({ kind: 'wrong_host', text: `it is for ${names.slice(0, 4).join(', ') || 'nobody'}, not for ${host}` })
  }
  const isOwn = JSON.stringify(certificate.subject) === JSON.stringify(certificate.issuer)
  if (isOwn) found.push({ kind: 'self_signed', text: 'it is self-signed, so nobody vouches for it' })
  return found
}

function reasonOf({ code, message }: TlsError): Reason {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return { kind: 'expired', text: 'it has expired' }
    case 'CERT_NOT_YET_VALID':
      return { kind: 'not_yet_valid', text: 'it does not hold yet' }
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return { kind: 'self_signed', text: 'it is self-signed, so nobody vouches for it' }
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return { kind: 'unknown_authority', text: 'the authority that signed it is not known here' }
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return { kind: 'wrong_host', text: 'it is for another host' }
    default:
      return { kind: 'other', text: message }
  }
}

/** Null where it cannot be had: then the error that there was has to do. */
function certificateOf(url: URL, signal: AbortSignal): Promise<PeerCertificate | null> {
  const { promise, resolve } = Promise.withResolvers<PeerCertificate | null>()
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const servername = isIP(host) === 0 ? host : undefined
  const socket = connect({ host, port: Number(url.port || 443), servername, rejectUnauthorized: false })
  const stop = (): void => {
    socket.destroy()
    resolve(null)
  }
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  socket.once('secureConnect', () => {
    const certificate = socket.getPeerCertificate()
    socket.destroy()
    resolve(Object.keys(certificate).length === 0 ? null : certificate)
  })
  socket.once('error', stop)
  socket.once('close', () => signal.removeEventListener('abort', stop))
  return promise
}

function namesOf({ subjectaltname, subject }: PeerCertificate): string[] {
  const names = [...(subjectaltname ?? '').matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map((match) => match[1]!)
  return names.length > 0 ? names : [subject.CN].flat().filter((name) => name !== undefined)
}

function matches(name: string, host: string): boolean {
  const [own, asked] = [name.toLowerCase(), host.toLowerCase().replace(/^\[|\]$/g, '')]
  return own === asked || (own.startsWith('*.') && asked.slice(asked.indexOf('.')) === own.slice(1))
}

function day(ms: number): string {
  return new Date(ms).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
}
