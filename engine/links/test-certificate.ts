import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Whether certificates can be made here. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0

const configuration = `
[ca]
default_ca = own
[own]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = names
[names]
commonName = supplied
`

interface Wish {
  /** As openssl writes them: `IP:127.0.0.1,DNS:example.org`. */
  readonly names: string
  /** As `20200131000000Z`; of the whole century unless told. */
  readonly from?: string
  readonly to?: string
  /** Signed by an authority that nobody knows, not by itself. */
  readonly byAuthority?: boolean
}

/** For tests and figures: makes a certificate in a folder of its own below `folder`; the paths of its key and of itself. */
export async function makeCertificate(folder: string, wish: Wish): Promise<[key: string, certificate: string]> {
  const place = await mkdtemp(join(folder, 'tls-'))
  await writeFile(join(place, 'ca.cnf'), configuration)
  await writeFile(join(place, 'index'), '')
  await writeFile(join(place, 'names.cnf'), `subjectAltName=${wish.names}\n`)
  const openssl = (text: string): void => {
    execFileSync('openssl', text.split(' '), { cwd: place, stdio: 'ignore' })
  }
  const curve = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
  openssl(`req -new ${curve} -keyout key -out request -subj /CN=server`)
  if (wish.byAuthority) openssl(`req -x509 ${curve} -keyout ca.key -out ca.crt -subj /CN=Nobody -days 30`)
  const signer = wish.byAuthority ? '-cert ca.crt -keyfile ca.key' : '-selfsign -keyfile key'
  const dates = `-startdate ${wish.from ?? '20000101000000Z'} -enddate ${wish.to ?? '20991231000000Z'}`
  openssl(`ca -batch ${signer} -config ca.cnf -rand_serial -in request -out crt -extfile names.cnf -notext ${dates}`)
  return [join(place, 'key'), join(place, 'crt')]
}
