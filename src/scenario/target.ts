import { formatEndPoint } from '../core/index.js';
import { SwarmError } from '../errors.js';
import { didYouMean } from './hints.js';
import type { EmbeddedMode, TargetPlan } from './plan.js';

const embeddedModes: readonly EmbeddedMode[] = ['chat', 'move', 'echo'];
const embeddedTargets = embeddedModes.map((mode) => `embedded:${mode}`).join(', ');
const targetHint = `write tcp://host:port, host:port, [::1]:port, tls://host:port, unix:/path, or ${embeddedTargets}`;

/** What others call the schemes that there are. */
const schemesMeant: Readonly<Record<string, string>> = { ssl: 'tls', tcps: 'tls', tcp4: 'tcp', tcp6: 'tcp' };

/** A target as it is written: what `tls` and `serverFaults` say of it, and the folder that a socket is named from, stand elsewhere. */
export type ParsedTarget =
  | Exclude<TargetPlan, { kind: 'tls' | 'embedded' }>
  | { readonly kind: 'tls'; readonly host: string; readonly port: number }
  | { readonly kind: 'embedded'; readonly mode: EmbeddedMode };

/**
 * Reads `tcp://host:port`, `host:port`, `[::1]:port` (the tcp:// is optional there too), `tls://host:port`, `unix:/path` or
 * `embedded:` and a mode.
 * @throws SwarmError `target-invalid`, with a hint.
 */
export function parseTarget(text: string): ParsedTarget {
  const embedded = /^embedded:(.*)$/.exec(text);
  if (embedded !== null) return { kind: 'embedded', mode: parseMode(embedded[1]!) };
  const socket = /^unix:(?:\/\/(?=\/))?(.*)$/.exec(text);
  if (socket !== null) return { kind: 'unix', path: parseSocketPath(socket[1]!) };
  const scheme = /^([a-z][a-z0-9+.-]*):(?:\/\/|\/)/i.exec(text)?.[1];
  if (scheme !== undefined && scheme !== 'tcp' && scheme !== 'tls') {
    const meant = schemesMeant[scheme.toLowerCase()];
    const hint = meant === undefined ? targetHint : `did you mean \`${meant}${text.slice(scheme.length)}\`?`;
    throw invalid(`targets with ${scheme}: are not supported in this version of swarm`, hint);
  }
  const match = /^(?:(?:tcp|tls):\/\/)?(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]@]+))(?::(\d+))?\/?$/.exec(text);
  if (match === null) throw invalid(`\`${text}\` is not a target`, targetHint);
  const host = match[1] ?? match[2]!;
  if (match[3] === undefined)
    throw invalid(`the target \`${text}\` has no port`, `write ${text.replace(/\/$/, '')}:7777`);
  const port = Number(match[3]);
  if (port < 1 || port > 65_535) throw invalid(`${match[3]} is not a port`, 'ports are 1 to 65535');
  return { kind: scheme === 'tls' ? 'tls' : 'tcp', host, port };
}

function parseSocketPath(path: string): string {
  if (path === '') throw invalid('`unix:` names no socket', 'write unix:/run/server.sock');
  return path;
}

function parseMode(text: string): EmbeddedMode {
  const mode = embeddedModes.find((known) => known === text);
  if (mode !== undefined) return mode;
  throw invalid(`there is no embedded server \`${text}\``, didYouMean(text, embeddedModes, 'the embedded servers are'));
}

/** A target as the scenario writes it. */
export function formatTarget(target: ParsedTarget): string {
  if (target.kind === 'embedded') return `embedded:${target.mode}`;
  return target.kind === 'unix' ? formatEndPoint(target) : `${target.kind}://${formatEndPoint(target)}`;
}

function invalid(message: string, hint: string | undefined): SwarmError {
  return new SwarmError('target-invalid', message, hint === undefined ? {} : { hint });
}
