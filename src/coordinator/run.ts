import type { FromWorker } from '../control/messages.js';
import { type Clock, type EndPoint, systemClock } from '../core/index.js';
import type { Problem } from '../errors.js';
import { ClientSchedule } from '../load/stages.js';
import { stagesInRun, type Timeline, timelineOf } from '../load/timeline.js';
import { auditOf } from '../metrics/audit.js';
import { seriesKey } from '../metrics/catalog.js';
import { formatDuration } from '../metrics/format.js';
import { evaluateThreshold, shouldAbort } from '../metrics/threshold-outcome.js';
import type { Plan } from '../scenario/plan.js';
import { type RunningTarget, TargetError } from '../targets/running-target.js';
import { startTarget } from '../targets/target.js';
import { Announcer } from './announcer.js';
import { Crew } from './crew.js';
import { Ending, onAborted } from './ending.js';
import { Helm } from './helm.js';
import { judge } from './judgement.js';
import { Ledger } from './ledger.js';
import { collectFacts, type PreflightFacts, preflight, preflightPorts, requireFit } from './preflight.js';
import { RunLog } from './run-log.js';
import type { RunOptions, RunProgress } from './run-options.js';
import type { RunResult, ThresholdResult } from './run-result.js';
import type { SteeringCommand } from './steering.js';
import type { WorkerLink } from './worker-link.js';
import { describeLoss, describeStuck } from './worker-words.js';

/** From an agreement to the time that it is for, such as the start: every worker must have heard of it by then. */
const leadUs = 50_000;

/**
 * Plays a plan from beginning to end: starts the target and the workers, lets them start together, merges what they report, and ends
 * everything it started. Failures of the target and of workers are part of the result, not exceptions.
 * @throws SwarmError `preflight-failed` where the plan cannot fit this machine; then no client was started. Whatever `onProgress` or
 * `onWarning` throws, once everything that was started has ended.
 */
export async function run(plan: Plan, options: RunOptions): Promise<RunResult> {
  const facts = await collectFacts(options.workers, plan.load.localAddresses);
  const findings = preflight(plan, facts);
  requireFit(findings);
  return new Run(plan, options, facts, findings.warnings).play();
}

class Run {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #facts: PreflightFacts;
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #timeline: Timeline;
  readonly #log = new RunLog(() => this.#runUs());
  readonly #helm: Helm;
  readonly #crew: Crew;
  readonly #ending: Ending;
  readonly #announcer: Announcer;
  #endPoints: readonly EndPoint[] = [];
  #status: RunProgress['status'] = 'starting';
  #epochUs = 0;
  #begun = false;

  constructor(plan: Plan, options: RunOptions, facts: PreflightFacts, warnings: readonly string[]) {
    this.#plan = plan;
    this.#options = options;
    this.#facts = facts;
    this.#clock = options.clock ?? systemClock;
    this.#ledger = new Ledger(plan, options.workers, this.#clock);
    this.#timeline = timelineOf(new ClientSchedule(plan.load.stages), plan.load);
    this.#helm = new Helm({ plan, timeline: this.#timeline, problemsOf: (larger) => this.#problemsOf(larger) });
    this.#crew = new Crew(this.#clock, {
      onMessage: (worker, message) => this.#hear(worker, message),
      onLost: (worker) => this.#lose(worker),
      onStuck: (worker, sign) => this.#log.note('workerLost', describeStuck(worker, sign, plan)),
      onHeldUp: (fromUs, toUs) => this.#stoodStill(fromUs, toUs),
    });
    this.#ending = new Ending(this.#crew, this.#log, this.#clock);
    this.#announcer = new Announcer(options.onProgress, () => this.#ending.now());
    for (const warning of warnings) this.#warn(warning);
  }

  async play(): Promise<RunResult> {
    let server: RunResult['server'] = null;
    let target: RunningTarget | undefined;
    try {
      this.#announce();
      this.#announcer.rethrow();
      target = await startTarget(this.#plan);
      const ports = preflightPorts(this.#plan, target.endPoints, this.#facts);
      requireFit(ports);
      for (const warning of [...target.warnings, ...ports.warnings]) this.#warn(warning);
      target.onDied((message) => this.#log.note('targetLost', message));
      this.#endPoints = target.endPoints;
      await this.#playClients();
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      this.#log.note('targetUnreachable', `${error.message}; nothing was sent`);
      this.#log.reckonWith('noClientConnected');
    } finally {
      this.#ending.close();
      const gone = this.#crew.end();
      server = (await target?.stop()) ?? null;
      await gone;
    }
    const result = this.#result(server);
    this.#announcer.rethrow();
    return result;
  }

  async #playClients(): Promise<void> {
    const { workers, stop, abort, steering } = this.#options;
    this.#crew.fork(workers, this.#plan, this.#endPoints);
    const unlisten = [
      onAborted(stop, () => this.#stop('stopped', 'the run was stopped by the user')),
      onAborted(abort, () => this.#abort()),
    ];
    await this.#crew.ready();
    await this.#crew.compareClocks('clockAtStart');
    // Before the start, which announces itself: who waited for it may steer at once.
    const unfollow = steering?.follow((command) => this.#steer(command));
    this.#start();
    await this.#crew.finished();
    unfollow?.();
    await this.#crew.compareClocks('clockAtEnd');
    for (const end of unlisten) end();
    judge(this.#ledger.totals, this.#crew.workers, this.#log);
  }

  #start(): void {
    this.#epochUs = this.#clock.nowUs() + leadUs;
    this.#crew.start(this.#epochUs);
    if (this.#status === 'stopping') this.#ending.tellToStop();
    else this.#setStatus('connecting');
  }

  #runUs(): number {
    return this.#epochUs === 0 ? 0 : this.#clock.nowUs() - this.#epochUs;
  }

  // ── what workers say ──

  #hear(worker: WorkerLink, message: FromWorker): void {
    switch (message.type) {
      case 'snapshot':
        this.#ledger.add(message, this.#runUs());
        this.#followPlan();
        this.#checkThresholds();
        this.#ending.ifDeserted();
        this.#announce();
        break;
      case 'finished':
        this.#ending.ifDeserted();
        break;
      case 'started':
        this.#beginWhenAllStarted();
        break;
      case 'failed':
        this.#log.reckonWith('internal');
        this.#log.note('internal', `worker ${worker.index} failed: ${message.stack || message.message}`);
        worker.kill();
        break;
    }
  }

  /** Workers play and measure by themselves, and what they say meanwhile waits in their channels: only what is decided here comes late. */
  #stoodStill(fromUs: number, toUs: number): void {
    if (!this.#crew.started) return;
    const forMs = (toUs - fromUs) / 1000;
    this.#log.note(
      'warning',
      `the coordinating process stood still for ${formatDuration(forMs)}, as after Ctrl-Z; workers that were not stopped with it went on, but no threshold was looked at`,
      fromUs - this.#epochUs,
    );
  }

  /** A worker that is gone has nothing more to wait for; the others go on, and the run says so. */
  #lose(worker: WorkerLink): void {
    this.#log.reckonWith('workerLost');
    const runUs = this.#runUs();
    // Whom the user stopped before they began is no loss.
    const clients = this.#status === 'stopping' ? 0 : worker.clients;
    this.#ledger.lose(worker.index, { clients, phase: this.#timeline.phaseAt(runUs) }, runUs);
    this.#log.note('workerLost', describeLoss(worker, this.#plan));
    this.#beginWhenAllStarted();
    this.#announce();
  }

  #beginWhenAllStarted(): void {
    if (this.#begun || !this.#crew.started || this.#timeline.opened) return;
    if (!this.#crew.workers.every((worker) => worker.started || worker.lost)) return;
    this.#begun = true;
    this.#timeline.open(this.#runUs() + leadUs);
    this.#crew.tell({ type: 'begin', atUs: this.#timeline.beginUs });
  }

  #followPlan(): void {
    const runUs = this.#runUs();
    if (this.#status === 'connecting' && this.#ledger.totals.counter('connects', {}, 'wholeRun') > 0)
      this.#status = 'running';
    if (this.#status === 'running' && runUs >= this.#timeline.endUs) this.#status = 'draining';
  }

  #checkThresholds(): void {
    for (const { threshold, ...outcome } of this.#thresholdResults()) {
      if (!shouldAbort(threshold, outcome, this.#ledger.totals)) continue;
      this.#stop(
        'thresholdAbort',
        `the threshold ${seriesKey(threshold)} ${threshold.source} failed, and asks to stop then`,
      );
    }
  }

  // ── what the user wants ──

  /** Obeys a command in all workers at one time; false where it changes nothing. */
  #steer(command: SteeringCommand): boolean {
    if (this.#status !== 'connecting' && this.#status !== 'running') return false;
    const atUs = this.#runUs() + leadUs;
    const answer = this.#helm.take(command, atUs);
    if (answer === null) return false;
    if (answer.kind === 'done') {
      this.#crew.tell({ type: 'control', atUs, ...this.#helm.state });
      this.#log.mark(answer.mark);
    } else if (this.#log.events.at(-1)?.message !== answer.message) {
      this.#log.note('warning', answer.message);
    }
    this.#announce();
    return answer.kind === 'done';
  }

  #problemsOf(plan: Plan): readonly Problem[] {
    return [...preflight(plan, this.#facts).problems, ...preflightPorts(plan, this.#endPoints, this.#facts).problems];
  }

  #stop(kind: 'stopped' | 'thresholdAbort', message: string): void {
    if (this.#status === 'stopping' || this.#status === 'draining') return;
    this.#ending.stop(kind, message);
    this.#setStatus('stopping');
  }

  #abort(): void {
    this.#ending.abort();
    this.#setStatus('stopping');
  }

  // ── what came of it ──

  #result(server: RunResult['server']): RunResult {
    const thresholds = this.#thresholdResults();
    // Undecided is no pass: a build must not turn green on a bound that unanswered packets left open.
    if (thresholds.some(({ ok }) => ok !== true)) this.#log.reckonWith('thresholdsFailed');
    if (this.#options.strict && auditOf(this.#ledger.totals).verdict === 'saturated') this.#log.reckonWith('saturated');
    this.#setStatus('done');
    const { workers } = this.#crew;
    return {
      plan: this.#plan,
      totals: this.#ledger.totals,
      thresholds,
      outcome: this.#log.outcome,
      stages: stagesInRun(this.#plan.load.stages, this.#timeline),
      events: this.#log.events,
      steered: this.#helm.actions,
      errorSamples: this.#ledger.samples.mostFrequent(),
      workers: workers.map(({ result }) => result),
      silentClients: workers.flatMap(({ silent }) => silent).sort((a, b) => a - b),
      server,
    };
  }

  #thresholdResults(): ThresholdResult[] {
    return this.#plan.thresholds.map((threshold) => ({
      threshold,
      ...evaluateThreshold(threshold, this.#ledger.totals),
    }));
  }

  #warn(message: string): void {
    this.#options.onWarning?.(message);
    this.#log.note('warning', message);
  }

  #setStatus(status: RunProgress['status']): void {
    this.#status = status;
    this.#announce();
  }

  #announce(): void {
    this.#announcer.tell(() => this.#progress());
  }

  #progress(): RunProgress {
    return {
      status: this.#status,
      planMs: Math.max(0, this.#timeline.toPlanMs(this.#runUs())),
      workers: this.#crew.workers.map(({ result }) => result),
      totals: this.#ledger.totals,
      thresholds: this.#thresholdResults(),
      steering: this.#helm.state,
      events: this.#log.events,
      samples: this.#ledger.samples.kinds,
    };
  }
}
