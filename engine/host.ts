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
  /** Folder of the sample servers' programs, `notes` and `workbench`; absolute. */
  readonly samples: string
  /** A Node that may run sample servers and managed installs, absolute path. */
  readonly node: string
  /** The environment that servers' environments are made from. */
  readonly env: Readonly<NodeJS.ProcessEnv>
  /** The person's home folder, where other programs keep their files. */
  readonly userHome: string
  readonly platform: NodeJS.Platform
  /** Holder of `${secret:NAME}`; null where there is none yet. */
  readonly vault: SecretVault | null
}

/** Reads secrets by name. Asynchronous, because Electron's safeStorage is. */
export interface SecretVault {
  get(name: string): Promise<string | null>
}
