/** How one side of a TLS connection proves who it is, and whom it believes. Texts are PEM; plain data, to be made once and used for every connect. */
export interface TlsOptions {
  /** The host name that is asked for (SNI) and that the server's certificate must have; by default the address connected to. */
  readonly serverName?: string;
  /** The certificates of the authorities to believe, in place of the system's. */
  readonly ca?: string;
  /** The certificate of this side, its chain behind it; with `key`. */
  readonly cert?: string;
  readonly key?: string;
  /** Whether a server that cannot be believed is refused; true by default. */
  readonly rejectUnauthorized?: boolean;
}

/** What a connection is made with, whoever waits for it. */
export interface SocketOptions {
  /** The address of this machine to connect from. */
  readonly localAddress?: string;
  /** Sends each write at once instead of waiting for more (TCP_NODELAY); true by default. */
  readonly noDelay?: boolean;
  /** Probes a peer that has been silent for so long (TCP keep-alive), in milliseconds, of which whole seconds count: 1 to 32,767. Absent: never. */
  readonly keepAliveMs?: number;
  /** Speaks TLS; absent: plain. */
  readonly tls?: TlsOptions;
}
