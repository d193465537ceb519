import { createPrivateKey, X509Certificate } from 'node:crypto';
import { FileProblem, readTextFile } from './files.js';

const maxPemBytes = 1024 * 1024;

/** How PKCS #8 and OpenSSL's older form say so: the error of a key that cannot be read has another code in each version of Node. */
const isEncrypted = /^-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m;

/**
 * The text of a file that begins with a certificate in PEM.
 * @throws FileProblem where the file cannot be read, or holds none.
 */
export function readCertificate(file: string): string {
  const pem = readTextFile(file, maxPemBytes);
  try {
    new X509Certificate(pem);
  } catch {
    throw new FileProblem('is no certificate in PEM', 'it begins with -----BEGIN CERTIFICATE-----');
  }
  return pem;
}

/**
 * The text of a file that holds a private key in PEM.
 * @throws FileProblem where the file cannot be read, holds none, or only one that is encrypted.
 */
export function readPrivateKey(file: string): string {
  const pem = readTextFile(file, maxPemBytes);
  try {
    createPrivateKey(pem);
  } catch {
    if (isEncrypted.test(pem)) {
      throw new FileProblem('needs a passphrase', 'take it away with openssl pkey -in key.pem -out plain.pem');
    }
    throw new FileProblem('is no private key in PEM', 'it begins with -----BEGIN PRIVATE KEY-----');
  }
  return pem;
}

/** Whether `key` is the private key of the first certificate of `cert`, both PEM texts. */
export function belongTogether(cert: string, key: string): boolean {
  return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
}
