/** The library: load a scenario, play its plan from code, read what came of it. */
export { type AnyPackets, Bot, type ExpectOptions } from './bot/bot.js';
export { NoReply } from './bot/no-reply.js';
export type { BotCounter, BotMetrics, BotRandom, BotStamp, BotTrend, Pace, Seat } from './bot/seat.js';
export { checkUserCode } from './commands/check-user-code.js';
export type { SteeringState } from './control/messages.js';
export { run } from './coordinator/run.js';
export type { RunOptions, RunProgress } from './coordinator/run-options.js';
export type { RunEvent, RunResult, ThresholdResult, WorkerResult } from './coordinator/run-result.js';
export type { KeptSample } from './coordinator/sample-book.js';
export { type SteeredAction, Steering } from './coordinator/steering.js';
export { type Problem, SwarmError } from './errors.js';
export { exitCodes, type Outcome } from './exit-codes.js';
export type { Quantile, Totals, TrendSummary } from './metrics/totals.js';
export { readReport } from './report/read.js';
export type { Report } from './report/report.js';
export { loadScenario } from './scenario/load.js';
export type { Plan } from './scenario/plan.js';
export type { Transform, TransformContext, TransformedPacket } from './transform/transform.js';
