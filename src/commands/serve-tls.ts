import type { ServerTlsOptions } from '../core/index.js';
import { SwarmError } from '../errors.js';
import { FileProblem } from '../scenario/files.js';
import { belongTogether, readCertificate, readPrivateKey } from '../scenario/pem.js';

/** The options of `swarm serve` that make it speak TLS: PEM files. */
export interface ServeTlsOptions {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  /** The authorities that clients must have a certificate of. */
  readonly tlsCa?: string;
}

/**
 * Reads the files; undefined where the server is to be plain.
 * @throws SwarmError `tls-incomplete` or `tls-file-invalid`.
 */
export function readServerTls({ tlsCert, tlsKey, tlsCa }: ServeTlsOptions): ServerTlsOptions | undefined {
  if (tlsCert === undefined && tlsKey === undefined && tlsCa === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new SwarmError('tls-incomplete', `${tlsCert === undefined ? '--tls-cert' : '--tls-key'} is missing.`, {
      hint: 'A server that speaks TLS needs --tls-cert and --tls-key; --tls-ca asks for the certificates of clients too.',
    });
  }
  const cert = read('--tls-cert', tlsCert, readCertificate);
  const key = read('--tls-key', tlsKey, readPrivateKey);
  if (!belongTogether(cert, key)) {
    throw new SwarmError('tls-file-invalid', `--tls-key: ${tlsKey} is not the key of the certificate in ${tlsCert}.`, {
      hint: 'Name the key that the certificate was made with.',
    });
  }
  return { cert, key, ...(tlsCa !== undefined && { clientCa: read('--tls-ca', tlsCa, readCertificate) }) };
}

function read(option: string, file: string, readFile: (file: string) => string): string {
  try {
    return readFile(file);
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    throw new SwarmError('tls-file-invalid', `${option}: ${file} ${error.message}`, {
      ...(error.hint !== undefined && { hint: error.hint }),
    });
  }
}
