import { nearest } from '../nearest.js';
import { catalog, type MetricName } from './catalog.js';

/** What k6 and others call metrics that have another name here. */
const otherNames: ReadonlyMap<string, readonly MetricName[]> = new Map([
  ['http_req_duration', ['response_time', 'service_time']],
  ['http_req_waiting', ['response_time', 'service_time']],
  ['grpc_req_duration', ['response_time', 'service_time']],
  ['latency', ['response_time', 'service_time']],
  ['rtt', ['response_time', 'service_time']],
  ['http_req_connecting', ['connect_time']],
  ['ws_connecting', ['connect_time']],
  ['http_req_tls_handshaking', ['tls_handshake_time']],
  ['http_req_failed', ['errors']],
  ['http_reqs', ['packets_sent']],
  ['ws_msgs_sent', ['packets_sent']],
  ['ws_msgs_received', ['packets_received']],
  ['dropped_iterations', ['dropped_sends']],
  ['vus', ['clients']],
]);

/** Words in common with more metrics than these say nothing. */
const mostListed = 5;

/** The cure for a metric that there is not: what it is called here, the nearest name, or those that it has a word in common with. */
export function metricMeant(name: string): string {
  const all = '`swarm metrics` lists all there are';
  const other = otherNames.get(name.toLowerCase());
  if (other !== undefined) return `that is ${listed(other)} here; ${all}`;
  const names = Object.keys(catalog);
  const near = nearest(name, names);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  const words = name.toLowerCase().split(/[^a-z]+/);
  const related = names.filter((known) => known.split('_').some((word) => words.includes(word)));
  return related.length === 0 || related.length > mostListed ? all : `there is ${listed(related)}; ${all}`;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(' or ');
}
