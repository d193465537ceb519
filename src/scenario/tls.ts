import type { TlsOptions } from '../core/index.js';
import { isAddress } from './addresses.js';
import type { Collected } from './collect.js';
import { FileProblem, type ScenarioFiles } from './files.js';
import { belongTogether, readCertificate, readPrivateKey } from './pem.js';
import type { ProblemList } from './problem-list.js';
import type { ScenarioInput } from './schema.js';

type TlsFile = 'ca' | 'cert' | 'key';

const nouns: Readonly<Record<TlsFile, string>> = {
  ca: 'the certificate',
  cert: 'the certificate',
  key: 'the key',
};

/**
 * How clients of a `tls://` target shake hands. Its host's name is the name that the server must have, unless the scenario gives another;
 * where the host is an address, the certificate must have that.
 */
export function compileTls(
  input: Collected<ScenarioInput['tls']>,
  host: string,
  files: ScenarioFiles,
  problems: ProblemList,
): TlsOptions | undefined {
  const serverName = input?.serverName ?? (isAddress(host) ? undefined : host);
  if (input?.serverName !== undefined && isAddress(input.serverName)) {
    return problems.report(['tls', 'serverName'], `\`${input.serverName}\` is an address, not the name of a server`, {
      hint: 'write the host name that the certificate has',
    });
  }
  const pems: { -readonly [File in TlsFile]?: string } = {};
  for (const key of ['ca', 'cert', 'key'] as const) {
    const named = input?.[key];
    const file = named === undefined ? undefined : files.locate(named, ['tls', key]);
    const pem = file === undefined ? undefined : readPem(key, file, problems);
    if (pem !== undefined) pems[key] = pem;
  }
  for (const [has, lacks] of [
    ['cert', 'key'],
    ['key', 'cert'],
  ] as const) {
    if (input?.[has] === undefined || input[lacks] !== undefined || problems.has(['tls', lacks])) continue;
    return problems.report(['tls', has], `\`${lacks}\` is missing`, {
      part: 'key',
      hint: `${has} and ${lacks} go together`,
    });
  }
  if (problems.has(['tls'])) return undefined;
  if (pems.cert !== undefined && pems.key !== undefined && !belongTogether(pems.cert, pems.key)) {
    return problems.report(['tls', 'key'], 'the key does not belong to the certificate of `cert`', {
      hint: 'name the key that the certificate was made with',
    });
  }
  return { ...(serverName !== undefined && { serverName }), ...pems, rejectUnauthorized: input?.insecure !== true };
}

function readPem(key: TlsFile, file: string, problems: ProblemList): string | undefined {
  try {
    return key === 'key' ? readPrivateKey(file) : readCertificate(file);
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return problems.report(['tls', key], `${nouns[key]} ${file} ${error.message}`, { hint: error.hint });
  }
}
