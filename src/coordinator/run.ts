import type { FromWorker, SteeringState } from '../control/messages.js';
import { type Clock, type EndPoint, systemClock, type TimerHandle } from '../core/index.js';
import { type Problem, SwarmError } from '../errors.js';
import { decideOutcome, type Outcome } from '../exit-codes.js';
import { clientsOf } from '../load/deal.js';
import { ClientSchedule } from '../load/stages.js';
import { stagesInRun, Timeline } from '../load/timeline.js';
import { auditOf } from '../metrics/audit.js';
import { seriesKey } from '../metrics/catalog.js';
import { formatDuration } from '../metrics/format.js';
import { faultWindowOf } from '../metrics/neighbours.js';
import { evaluateThreshold, shouldAbort } from '../metrics/threshold-outcome.js';
import type { Totals } from '../metrics/totals.js';
import { TotalsBuilder } from '../metrics/totals-builder.js';
import type { Plan } from '../scenario/plan.js';
import { type RunningTarget, TargetError } from '../targets/running-target.js';
import { startTarget } from '../targets/target.js';
import { correctionUs, measureOffset } from './clock-exchange.js';
import { Helm, type SteeringMark } from './helm.js';
import { collectFacts, type PreflightFacts, type PreflightFindings, preflight, preflightPorts } from './preflight.js';
import type { RunEvent, RunResult, ThresholdResult, WorkerResult } from './run-result.js';
import { type KeptSample, SampleBook } from './sample-book.js';
import { SilenceWatch } from './silence-watch.js';
import { SleepWatch } from './sleep-watch.js';
import type { Steering, SteeringCommand } from './steering.js';
import { WorkerLink } from './worker-link.js';

/** What a run tells its caller while it goes on, whenever a snapshot came or the status changed. */
export interface RunProgress {
  readonly status: 'starting' | 'connecting' | 'running' | 'draining' | 'stopping' | 'done';
  /** Plan time, which stands still while `begin: together` waits; in milliseconds. */
  readonly planMs: number;
  /** None before they are started. */
  readonly workers: readonly WorkerResult[];
  readonly totals: Totals;
  readonly thresholds: readonly ThresholdResult[];
  /** How far the run is from its plan by hand. */
  readonly steering: SteeringState;
  /** What happened, in order. */
  readonly events: readonly RunEvent[];
  /** What failed, and what bots logged: one case of each kind, in the order of their first. */
  readonly samples: Iterable<KeptSample>;
}

export interface RunOptions {
  /** Worker processes; by default as many as the cores and the clients call for. */
  readonly workers: number;
  /** Aborting it stops gracefully: no more sends, what is under way is heard, the result is complete. */
  readonly stop?: AbortSignal;
  /** Aborting it ends the run at once. */
  readonly abort?: AbortSignal;
  /** Pauses and scales the sends, adds and removes clients while the run goes on. */
  readonly steering?: Steering;
  /** A run whose generator was saturated has that outcome. */
  readonly strict?: boolean;
  /** Where it throws, the run is ended at once, and rejects with what was thrown. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Hears, before anything is started, what may not work; the events of the result have it too. */
  readonly onWarning?: (message: string) => void;
  readonly clock?: Clock;
}

/** From an agreement to the time that it is for, such as the start: every worker must have heard of it by then. */
const leadUs = 50_000;
/** Snapshots may be late by this much after the whole drain; a worker that says nothing for longer is lost. */
const abortLimitMs = 5_000;
/** A worker reports once a second. One that says nothing for so long is stuck, as by a bot that never comes to an end. */
const silenceLimitMs = 15_000;
/** Before the start a worker has its code to load, that of the user included, on a machine that may be busy with those of the others. */
const startLimitMs = 60_000;

/**
 * Plays a plan from beginning to end: starts the target and the workers, lets them start together, merges what they report, and ends
 * everything it started. Failures of the target and of workers are part of the result, not exceptions.
 * @throws SwarmError `preflight-failed` where the plan cannot fit this machine; then no client was started. Whatever `onProgress` or
 * `onWarning` throws, once everything that was started has ended.
 */
export async function run(plan: Plan, options: RunOptions): Promise<RunResult> {
  const facts = await collectFacts(options.workers, plan.load.localAddresses);
  const findings = preflight(plan, facts);
  failOn(findings);
  return new Run(plan, options, facts, findings.warnings).play();
}

function failOn({ problems }: PreflightFindings): void {
  if (problems.length === 0) return;
  throw new SwarmError('preflight-failed', 'The plan does not fit this machine; no client was started.', { problems });
}

class Run {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #facts: PreflightFacts;
  readonly #clock: Clock;
  readonly #totals: TotalsBuilder;
  readonly #timeline: Timeline;
  readonly #events: RunEvent[] = [];
  readonly #outcomes = new Set<Outcome>();
  readonly #samples = new SampleBook();
  readonly #helm: Helm;
  #workers: WorkerLink[] = [];
  #endPoints: readonly EndPoint[] = [];
  #status: RunProgress['status'] = 'starting';
  #epochUs = 0;
  #begun = false;
  #abortLimit: TimerHandle | undefined;
  #silence: SilenceWatch<WorkerLink> | undefined;
  readonly #sleep: SleepWatch;
  /** What `onProgress` threw; it is not called again. */
  #thrown: { readonly error: unknown } | undefined;

  constructor(plan: Plan, options: RunOptions, facts: PreflightFacts, warnings: readonly string[]) {
    this.#plan = plan;
    this.#options = options;
    this.#facts = facts;
    this.#totals = new TotalsBuilder({
      workers: options.workers,
      thresholds: plan.thresholds,
      faults: faultWindowOf(plan.kinds),
    });
    this.#clock = options.clock ?? systemClock;
    this.#sleep = new SleepWatch(this.#clock);
    const schedule = new ClientSchedule(plan.load.stages);
    this.#timeline = new Timeline({
      totalMs: schedule.totalMs,
      warmupMs: plan.load.warmupMs,
      rampDownMs: schedule.rampDownMs,
      barrierMs: plan.load.begin === 'together' ? schedule.firstPeakMs : null,
    });
    this.#helm = new Helm({ plan, timeline: this.#timeline, problemsOf: (larger) => this.#problemsOf(larger) });
    for (const warning of warnings) this.#warn(warning);
  }

  async play(): Promise<RunResult> {
    let server: RunResult['server'] = null;
    let target: RunningTarget | undefined;
    try {
      this.#announce();
      this.#rethrow();
      target = await startTarget(this.#plan);
      const ports = preflightPorts(this.#plan, target.endPoints, this.#facts);
      failOn(ports);
      for (const warning of [...target.warnings, ...ports.warnings]) this.#warn(warning);
      target.onDied((message) => this.#happened('targetLost', message));
      await this.#runWorkers(target);
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      this.#happened('targetUnreachable', `${error.message}; nothing was sent`);
      this.#outcomes.add('noClientConnected');
    } finally {
      this.#silence?.stop();
      this.#abortLimit?.cancel();
      for (const worker of this.#workers) worker.end();
      server = (await target?.stop()) ?? null;
      await Promise.all(this.#workers.map((worker) => worker.exited));
    }
    const result = this.#result(server);
    this.#rethrow();
    return result;
  }

  async #runWorkers(target: RunningTarget): Promise<void> {
    const { workers: count, stop, abort, steering } = this.#options;
    this.#endPoints = target.endPoints;
    const { maxClients } = this.#plan.load;
    this.#workers = Array.from(
      { length: count },
      (_, index) => new WorkerLink(index, clientsOf(index, count, maxClients)),
    );
    for (const worker of this.#workers) {
      worker.onMessage((message) => this.#hear(worker, message));
      worker.onLost(() => this.#lose(worker));
      worker.send({
        type: 'init',
        worker: worker.index,
        workers: count,
        plan: this.#plan,
        endPoints: this.#endPoints,
      });
    }
    const onStop = (): void => this.#stop('stopped', 'the run was stopped by the user');
    const onAbort = (): void => this.#abort();
    stop?.addEventListener('abort', onStop, { once: true });
    abort?.addEventListener('abort', onAbort, { once: true });
    if (stop?.aborted) onStop();
    if (abort?.aborted) onAbort();
    this.#watchSilence(startLimitMs);
    await Promise.all(this.#workers.map((worker) => worker.ready));
    await this.#eachWorker(async (worker) => {
      worker.clockAtStart = await measureOffset(worker, this.#clock);
    });
    // Before the start, which announces itself: who waited for it may steer at once.
    const unfollow = steering?.follow((command) => this.#steer(command));
    this.#start();
    this.#watchSilence(silenceLimitMs);
    await Promise.all(this.#workers.map((worker) => worker.finished));
    unfollow?.();
    await this.#eachWorker(async (worker) => {
      worker.clockAtEnd = await measureOffset(worker, this.#clock);
    });
    stop?.removeEventListener('abort', onStop);
    abort?.removeEventListener('abort', onAbort);
    this.#judgeTarget();
  }

  #start(): void {
    this.#epochUs = this.#clock.nowUs() + leadUs;
    for (const worker of this.#workers) {
      worker.start(this.#epochUs + correctionUs(worker.clockAtStart));
    }
    if (this.#status === 'stopping') this.#tellToStop('graceful');
    else this.#setStatus('connecting');
  }

  /** One after the other: workers that answer at once would wait for each other. */
  async #eachWorker(work: (worker: WorkerLink) => Promise<void>): Promise<void> {
    for (const worker of this.#workers) await work(worker);
  }

  #runUs(): number {
    return this.#epochUs === 0 ? 0 : this.#clock.nowUs() - this.#epochUs;
  }

  // ── what workers say ──

  #hear(worker: WorkerLink, message: FromWorker): void {
    this.#silence?.heard(worker);
    switch (message.type) {
      case 'snapshot':
        this.#totals.add(message.snapshot, process.memoryUsage.rss());
        this.#noteSleep();
        for (const sample of message.samples) this.#samples.add(sample, message.snapshot.toUs / 1000);
        this.#followPlan();
        this.#checkThresholds();
        this.#endIfDeserted();
        this.#announce();
        break;
      case 'finished':
        this.#endIfDeserted();
        break;
      case 'started':
        this.#beginWhenAllStarted();
        break;
      case 'failed':
        this.#outcomes.add('internal');
        this.#happened('internal', `worker ${worker.index} failed: ${message.stack || message.message}`);
        worker.kill();
        break;
    }
  }

  #noteSleep(): void {
    const forMs = this.#sleep.take();
    if (forMs > 0) this.#totals.standstills.add({ fromMs: this.#runUs() / 1000, forMs });
  }

  #watchSilence(limitMs: number): void {
    this.#silence?.stop();
    this.#silence = new SilenceWatch(this.#workers, this.#clock, limitMs, {
      onSilent: (worker) => this.#endStuck(worker, `has said nothing for ${limitMs / 1000} s`),
      onHeldUp: (fromUs, toUs) => this.#stoodStill(fromUs, toUs),
    });
  }

  /** Nothing but a signal reaches a worker whose event loop is stuck; what follows from its loss follows. */
  #endStuck(worker: WorkerLink, sign: string): void {
    this.#happened(
      'workerLost',
      `worker ${worker.index} (pid ${worker.pid}) ${sign} and is ended: its process is stuck${runsUserCode(this.#plan) ? ', as by a bot or a transform that never comes to an end' : ''}`,
    );
    worker.kill();
  }

  /** Workers play and measure by themselves, and what they say meanwhile waits in their channels: only what is decided here comes late. */
  #stoodStill(fromUs: number, toUs: number): void {
    if (this.#epochUs === 0) return;
    const forMs = (toUs - fromUs) / 1000;
    this.#happened(
      'warning',
      `the coordinating process stood still for ${formatDuration(forMs)}, as after Ctrl-Z; workers that were not stopped with it went on, but no threshold was looked at`,
      fromUs - this.#epochUs,
    );
  }

  /** A worker that is gone has nothing more to wait for; the others go on, and the run says so. */
  #lose(worker: WorkerLink): void {
    this.#outcomes.add('workerLost');
    const runUs = this.#runUs();
    const { index, pid, clients } = worker;
    // Whom the user stopped before they began is no loss.
    const unheard = { clients: this.#status === 'stopping' ? 0 : clients, phase: this.#timeline.phaseAt(runUs) };
    const count = this.#totals.lose(index, unheard);
    const words = `worker ${index} was lost with its clients`;
    if (count > 0) this.#samples.add({ kind: 'disconnects worker', message: words, count }, runUs / 1000);
    this.#happened(
      'workerLost',
      `worker ${index} (pid ${pid}) was lost with its ${clients} clients${endOf(worker, this.#plan)}; what it had not reported is missing`,
    );
    this.#beginWhenAllStarted();
    this.#announce();
  }

  #beginWhenAllStarted(): void {
    if (this.#begun || this.#epochUs === 0 || this.#timeline.opened) return;
    if (!this.#workers.every((worker) => worker.started || worker.lost)) return;
    this.#begun = true;
    this.#timeline.open(this.#runUs() + leadUs);
    for (const worker of this.#workers) worker.send({ type: 'begin', atUs: this.#timeline.beginUs });
  }

  #followPlan(): void {
    const runUs = this.#runUs();
    if (this.#status === 'connecting' && this.#totals.counter('connects', {}, 'wholeRun') > 0) this.#status = 'running';
    if (this.#status === 'running' && runUs >= this.#timeline.endUs) this.#status = 'draining';
  }

  // ── by hand ──

  /** Obeys a command in all workers at one time; false where it changes nothing. */
  #steer(command: SteeringCommand): boolean {
    if (this.#status !== 'connecting' && this.#status !== 'running') return false;
    const atUs = this.#runUs() + leadUs;
    const answer = this.#helm.take(command, atUs);
    if (answer === null) return false;
    if (answer.kind === 'done') {
      for (const worker of this.#workers) worker.send({ type: 'control', atUs, ...this.#helm.state });
      this.#mark(answer.mark);
    } else if (this.#events.at(-1)?.message !== answer.message) {
      this.#happened('warning', answer.message);
    }
    this.#announce();
    return answer.kind === 'done';
  }

  /** A mark that has grown by a step takes its own place, also where something else has happened since. */
  #mark({ atUs, steps, message }: SteeringMark): void {
    const known = steps > 1 ? this.#events.findLastIndex(({ kind }) => kind === 'steered') : -1;
    if (known === -1) this.#happened('steered', message, atUs);
    else this.#events[known] = { ...this.#events[known]!, message };
  }

  #problemsOf(plan: Plan): readonly Problem[] {
    return [...preflight(plan, this.#facts).problems, ...preflightPorts(plan, this.#endPoints, this.#facts).problems];
  }

  // ── ending early ──

  #stop(kind: 'stopped' | 'thresholdAbort', message: string): void {
    if (this.#status === 'stopping' || this.#status === 'draining') return;
    // What is heard after the stop may let a threshold hold again: the run was cut short all the same.
    this.#outcomes.add(kind === 'stopped' ? 'stopped' : 'thresholdsFailed');
    this.#happened(kind, message);
    this.#tellToStop('graceful');
    this.#setStatus('stopping');
  }

  #abort(): void {
    this.#outcomes.add('stopped');
    this.#happened('aborted', 'the run was ended at once by the user');
    this.#endNow();
    this.#setStatus('stopping');
  }

  #endNow(): void {
    if (this.#abortLimit !== undefined) return;
    this.#tellToStop('now');
    this.#abortLimit = this.#clock.setTimer(abortLimitMs, () => {
      for (const worker of this.#workers)
        if (!worker.over) this.#endStuck(worker, `has not left for ${abortLimitMs / 1000} s`);
    });
  }

  /** Workers that have not started yet hear of a graceful stop right after the start; at once means at once. */
  #tellToStop(mode: 'graceful' | 'now'): void {
    const started = this.#epochUs !== 0;
    for (const worker of this.#workers) {
      if (started) worker.send({ type: 'stop', mode });
      else if (mode === 'now') worker.dismiss();
    }
  }

  /** Workers whose clients were removed by hand wait for the user to add some again: not where the target is lost to all others. */
  #endIfDeserted(): void {
    const waiting = this.#workers.filter((worker) => !worker.over);
    if (!this.#workers.some(({ fate }) => fate === 'lost') || !waiting.every(({ vacant }) => vacant)) return;
    for (const worker of waiting) worker.send({ type: 'stop', mode: 'graceful' });
  }

  #checkThresholds(): void {
    for (const { threshold, ...outcome } of this.#thresholdResults()) {
      if (!shouldAbort(threshold, outcome, this.#totals)) continue;
      this.#stop(
        'thresholdAbort',
        `the threshold ${seriesKey(threshold)} ${threshold.source} failed, and asks to stop then`,
      );
    }
  }

  // ── what came of it ──

  #judgeTarget(): void {
    const connects = this.#totals.counter('connects', {}, 'wholeRun');
    const failures = this.#totals.counter('connect_failures', {}, 'wholeRun');
    const survivors = this.#workers.filter((worker) => !worker.lost && worker.clients > 0);
    if (this.#totals.counter('bot_errors', {}, 'wholeRun') > 0) this.#outcomes.add('botFailed');
    if (this.#totals.counter('transform_errors', {}, 'wholeRun') > 0) this.#outcomes.add('transformFailed');
    if (connects === 0 && failures > 0) {
      this.#happened('targetUnreachable', `not one of ${failures} connects succeeded`);
      this.#outcomes.add('noClientConnected');
    } else if (survivors.some(({ fate }) => fate === 'lost') && survivors.every(({ fate }) => fate !== 'stayed')) {
      this.#happened('targetLost', 'no client is connected any more, and none will reconnect');
      this.#outcomes.add('targetLost');
    }
  }

  #result(server: RunResult['server']): RunResult {
    const thresholds = this.#thresholdResults();
    // Undecided is no pass: a build must not turn green on a bound that unanswered packets left open.
    if (thresholds.some(({ ok }) => ok !== true)) this.#outcomes.add('thresholdsFailed');
    if (this.#options.strict && auditOf(this.#totals).verdict === 'saturated') this.#outcomes.add('saturated');
    this.#setStatus('done');
    return {
      plan: this.#plan,
      totals: this.#totals,
      thresholds,
      outcome: decideOutcome(this.#outcomes),
      stages: stagesInRun(this.#plan.load.stages, this.#timeline),
      events: this.#events,
      steered: this.#helm.actions,
      errorSamples: this.#samples.mostFrequent(),
      workers: this.#workers.map(resultOf),
      silentClients: this.#workers.flatMap(({ silent }) => silent).sort((a, b) => a - b),
      server,
    };
  }

  #thresholdResults(): ThresholdResult[] {
    return this.#plan.thresholds.map((threshold) => ({ threshold, ...evaluateThreshold(threshold, this.#totals) }));
  }

  #happened(kind: RunEvent['kind'], message: string, atUs = this.#runUs()): void {
    this.#events.push({ atMs: Math.max(0, atUs / 1000), kind, message });
  }

  #warn(message: string): void {
    this.#options.onWarning?.(message);
    this.#happened('warning', message);
  }

  #setStatus(status: RunProgress['status']): void {
    this.#status = status;
    this.#announce();
  }

  #announce(): void {
    if (this.#thrown !== undefined) return;
    try {
      this.#options.onProgress?.(this.#progress());
    } catch (error) {
      // Mostly called from where a worker is heard: nobody there could catch it.
      this.#thrown = { error };
      this.#endNow();
    }
  }

  #progress(): RunProgress {
    return {
      status: this.#status,
      planMs: Math.max(0, this.#timeline.toPlanMs(this.#runUs())),
      workers: this.#workers.map(resultOf),
      totals: this.#totals,
      thresholds: this.#thresholdResults(),
      steering: this.#helm.state,
      events: this.#events,
      samples: this.#samples.kinds,
    };
  }

  #rethrow(): void {
    if (this.#thrown !== undefined) throw this.#thrown.error;
  }
}

function resultOf({ index, pid, lost, clients, clockAtStart, clockAtEnd }: WorkerLink): WorkerResult {
  const clock = { atStart: clockAtStart, atEnd: clockAtEnd, correctedUs: correctionUs(clockAtStart) };
  return { index, pid, lost, clients, clock };
}

const moreMemory = 'use more workers, fewer clients, or NODE_OPTIONS=--max-old-space-size=<MiB>';

/** How a worker's process ended, as a clause; where the plan has code of the user's, also that this may have done it. */
function endOf({ exit, killed }: WorkerLink, plan: Plan): string {
  if (exit === null) return '';
  if (exit.signal === 'SIGABRT') return `; it was ended by SIGABRT, as where its heap is full: ${moreMemory}`;
  if (exit.signal === 'SIGKILL' && !killed) return '; it was ended by SIGKILL, as by the system where memory runs out';
  if (exit.signal !== null) return `; it was ended by ${exit.signal}`;
  if (exit.code === null) return '; it could not be started';
  const perhaps = runsUserCode(plan) ? ', as where the code of a bot or of a transform calls process.exit' : '';
  return `; it ended with exit code ${exit.code}${perhaps}`;
}

function runsUserCode({ kinds, protocol }: Plan): boolean {
  return protocol.transform !== null || kinds.some(({ bot }) => bot !== null);
}
