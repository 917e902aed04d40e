import type { Failure } from '../shared/app-error.ts'

/**
 * What a face gives to the engine. The engine never learns which face it has: everything that differs between the
 * desktop, the browser and a container stands here.
 */
export interface Host {
  /** Folder of all data, absolute; made if missing. */
  readonly home: string
  /** Of the program, from package.json. */
  readonly version: string
  /** The module that a store's worker thread runs; absolute path. */
  readonly storeWorker: string
  /** The program that counts tokens, run by `node`; absolute path. */
  readonly tokenCounter: string
  /** Folder of the sample servers' programs, `notes` and `workbench`; absolute. */
  readonly samples: string
  /** Folder of the templates of servers of one's own, `typescript` and `python`; absolute. */
  readonly templates: string
  /** The terminal face's program, which `node` runs; absolute. Other programs start it as their bridge to us. */
  readonly cli: string
  /** A Node that may run sample servers and managed installs, absolute path. */
  readonly node: string
  /** The environment that servers' environments are made from. */
  readonly env: Readonly<NodeJS.ProcessEnv>
  /** The person's home folder, where other programs keep their files. */
  readonly userHome: string
  readonly platform: NodeJS.Platform
  /** Holder of `${secret:NAME}`; null where there is none yet. */
  readonly vault: SecretVault | null
  /** What has the system start the program when its user logs in; absent where nothing can. */
  readonly loginItem?: LoginItem
}

export interface LoginItem {
  isSet(): Promise<boolean>
  set(on: boolean): Promise<void>
}

/** Who keeps the key that secrets are sealed with: the system's key store, or a file beside them. */
export type VaultKeeper = 'system' | 'key_file'

/** Holds secrets by name. Asynchronous, because Electron's safeStorage is. */
export interface SecretVault {
  readonly keeper: VaultKeeper
  /** Why nothing can be read or stored now; null when it can. */
  problem(): Promise<Failure | null>
  /** Of all that are stored, sorted; whether each can be opened is seen by `get`. */
  names(): Promise<string[]>
  /** Null where there is none. Throws `secret_unreadable` when it is there and cannot be opened. */
  get(name: string): Promise<string | null>
  /** Throws `vault_unprotected` and the like rather than store what is not protected. */
  set(name: string, value: string): Promise<void>
  /** False where there was none. */
  delete(name: string): Promise<boolean>
}
