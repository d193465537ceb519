// Plays a scenario from code and prints what came of it: node run-a-plan.js quickstart 5s
import { exitCodes, loadScenario, run } from 'tcp-swarm';

const [scenario = 'quickstart', duration = '5s'] = process.argv.slice(2);
const { plan } = loadScenario(scenario, { env: process.env, overrides: { duration } });

const { outcome, totals } = await run(plan, {
  workers: 1,
  onProgress: ({ status, planMs }) => console.log(`${status} at ${(planMs / 1000).toFixed(1)} s`),
});

console.log(`connects: ${totals.counter('connects', {}, 'wholeRun')}`);
console.log(`packets received: ${totals.counter('packets_received', {}, 'wholeRun')}`);
const p99 = totals.trend('broadcast_time')?.percentile(99);
if (p99 !== undefined) console.log(`broadcast time p99: ${p99.atLeast ? '≥ ' : ''}${p99.value} ms`);
console.log(exitCodes[outcome].sentence);
process.exitCode = exitCodes[outcome].code;
