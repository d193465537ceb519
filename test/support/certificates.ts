import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, as PEM texts. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** An authority, and what it has signed: a server for `game.example`, `localhost` and 127.0.0.1, and a client. */
export interface Certificates {
  readonly authority: Identity;
  readonly server: Identity;
  readonly client: Identity;
}

/** Servers with one thing wrong each, of the same authority. */
export interface FaultyCertificates extends Certificates {
  readonly expired: Identity;
  readonly notYetValid: Identity;
  readonly selfSigned: Identity;
  /** An authority that the first one signed, and a server that it has signed in turn, whose certificate has no chain behind it. */
  readonly intermediate: Identity;
  readonly indirect: Identity;
}

const serverNames = 'subjectAltName=DNS:game.example,DNS:localhost,IP:127.0.0.1';
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes certificates with openssl, new ones each time: authorities of two calls do not believe each other. */
export function makeCertificates(): Certificates {
  return inOffice((office) => makeSound(office));
}

/** The same, and servers that nobody should believe. */
export function makeFaultyCertificates(): FaultyCertificates {
  return inOffice((office) => {
    const sound = makeSound(office);
    return {
      ...sound,
      expired: office.sign('expired', serverNames, { from: '20200101000000Z', to: '20200201000000Z' }),
      notYetValid: office.sign('notYetValid', serverNames, { from: '20900101000000Z', to: '20900201000000Z' }),
      selfSigned: office.signItself('selfSigned'),
      intermediate: office.sign('intermediate', 'basicConstraints=critical,CA:true'),
      indirect: office.sign('indirect', serverNames, { by: 'intermediate' }),
    };
  });
}

function makeSound(office: Office): Certificates {
  return {
    authority: office.signItself('authority'),
    server: office.sign('server', serverNames),
    client: office.sign('client', 'extendedKeyUsage=clientAuth'),
  };
}

function inOffice<T>(work: (office: Office) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-certificates-'));
  try {
    return work(new Office(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A folder in which openssl signs certificates: NAME.pem, with its key in NAME.key. */
class Office {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    const section =
      'database = index.txt\nnew_certs_dir = .\nserial = serial\ndefault_md = sha256\npolicy = anything\n';
    this.#write('office.cnf', `[ca]\ndefault_ca = office\n[office]\n${section}[anything]\ncommonName = supplied\n`);
    this.#write('index.txt', '');
    this.#write('serial', '1000');
  }

  signItself(name: string): Identity {
    this.#openssl('req', '-x509', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`);
    return this.#identity(name);
  }

  /** Valid for a day from now, unless told otherwise. */
  sign(
    name: string,
    extensions: string,
    { from, to, by = 'authority' }: { from?: string; to?: string; by?: string } = {},
  ): Identity {
    this.#write('extensions', extensions);
    this.#openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const dates = from === undefined || to === undefined ? ['-days', '1'] : ['-startdate', from, '-enddate', to];
    const signer = ['-cert', `${by}.pem`, '-keyfile', `${by}.key`, '-config', 'office.cnf', '-extfile', 'extensions'];
    this.#openssl('ca', '-batch', '-notext', ...signer, ...dates, '-in', `${name}.csr`, '-out', `${name}.pem`);
    return this.#identity(name);
  }

  #identity(name: string): Identity {
    const read = (file: string): string => readFileSync(join(this.#folder, file), 'utf8');
    return { cert: read(`${name}.pem`), key: read(`${name}.key`) };
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text);
  }

  #openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { cwd: this.#folder, stdio: 'pipe' });
  }
}
