import type { DisconnectReason } from '../core/index.js';
import { backoffMs } from '../load/backoff.js';
import { uniform } from '../load/distribution.js';
import { RandomStream } from '../load/random.js';
import type { Stay } from '../load/stages.js';
import { replannedStays } from '../load/steered-schedule.js';
import type { DisconnectedCause, OwnCause, Phase } from '../metrics/catalog.js';
import { counted } from '../metrics/format.js';
import type { Scope } from '../scenario/expressions.js';
import type { Range } from '../scenario/plan.js';
import { Audience } from './audience.js';
import type { ClientSession } from './client-session.js';
import { withCure } from './connect-cures.js';
import { Cursor, type Program } from './cursor.js';
import type { Driver } from './driver.js';
import type { ClientHost } from './host.js';
import { Inbox } from './inbox.js';
import type { Kind } from './kind.js';
import { OpenLoop } from './open-loop.js';
import type { ClientScope } from './scope.js';

export interface ClientOptions {
  /** Counts from 0 over all workers. */
  readonly index: number;
  /** Counts from 0 among the clients of its kind: its row of the kind's data. */
  readonly indexInKind: number;
  /** How many clients its kind has in the plan, at least one. */
  readonly kindClients: number;
  readonly kind: Kind;
  readonly host: ClientHost;
  /** When the plan wants it connected, in plan time. */
  readonly stays: readonly Stay[];
  readonly seed: number;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * `waiting` for its time to connect, or to reconnect · `connecting` · `starting`: in its start list · `started`: waits for the barrier ·
 * `playing`: `loop` and `every` run · `leaving`: hears what is still under way · `lost`: failed, or dropped before its time ·
 * `gone`: left as planned, for good.
 */
type State = 'waiting' | 'connecting' | 'starting' | 'started' | 'playing' | 'leaving' | 'lost' | 'gone';

const never = Number.POSITIVE_INFINITY;
/** So many sends without an effect, the first of them so long ago, are no coincidence. */
const silentSends = 3;
const silentForUs = 5_000_000;

/** One dummy client: its connection, its places in the lists of its kind, its variables and its random streams. */
export class Client {
  // What every packet needs stands first, in as few lines of the cache as it can: among a thousand clients each line comes from afar.
  readonly kind: Kind;
  readonly host: ClientHost;
  readonly inbox: Inbox;
  session: ClientSession | null = null;
  /** Null where lists say what the client does, and while it is not connected. */
  driver: Driver | null = null;
  #state: State = 'waiting';
  /** Sends since the last that had an effect, and when the first of them was made. */
  #silentSends = 0;
  #silentSinceUs = 0;

  /** For the scheduler. */
  ticket = -1;
  readonly index: number;
  readonly scope: ClientScope;
  readonly audience: Audience;
  readonly #openLoop: OpenLoop;
  readonly #seed: number;
  #stays: readonly Stay[];
  #stay = 0;
  /** When it was said that it is to be connected, where that was no sooner than it was to be. */
  #calledUs = 0;
  #lifetimeEndUs = never;
  /** When it is to come back within its stay; null where the stay itself says when to connect. */
  #comeBackUs: number | null = null;
  #cursors: Cursor[] = [];
  readonly #random: RandomStream;
  readonly #backoffs: RandomStream;
  readonly #sendCounts: number[];
  #connectDue: { readonly dueUs: number; readonly phase: Phase } = { dueUs: 0, phase: 0 };
  /** How often in a row it has tried to reconnect without finishing its start list. */
  #attempts = 0;
  #leavesToComeBack = false;
  #startReported = false;
  /** Why we ended the connection ourselves; null where the session's own reason counts. */
  #ownCause: OwnCause | null = null;
  /** What went wrong then, for the report. */
  #ownWords: string | null = null;

  constructor({ index, indexInKind, kindClients, kind, host, stays, seed, env }: ClientOptions) {
    this.index = index;
    this.kind = kind;
    this.host = host;
    this.#seed = seed;
    this.#stays = stays;
    this.#random = RandomStream.of(seed, 'script', index);
    this.#backoffs = RandomStream.of(seed, 'backoff', index);
    this.#openLoop = new OpenLoop(this, { seed, index, indexInKind, kindClients });
    this.inbox = new Inbox(this);
    this.audience = new Audience(this);
    this.#sendCounts = new Array<number>(kind.requests).fill(0);
    this.scope = {
      client: { index, kind: kind.name },
      send: { index: 0 },
      data: kind.dataRow(indexInKind),
      saved: {},
      env,
      random: this.#random,
      stamp: { sender: index, timeUs: 0 },
      reply: null,
    };
    if (stays.length === 0) this.#state = 'gone';
  }

  get connecting(): boolean {
    return this.#state === 'connecting';
  }

  get lost(): boolean {
    return this.#state === 'lost';
  }

  /** The plan may still connect it. */
  get expected(): boolean {
    return this.#state === 'waiting';
  }

  /** `loop` and `every` run: it may be given something to send. */
  get playing(): boolean {
    return this.#state === 'playing';
  }

  /** Lists may go on. */
  get mayAct(): boolean {
    return this.session !== null && this.#state !== 'leaving' && this.host.sending;
  }

  // ── for the scheduler and the worker ──

  /** When the client is to be woken first. */
  get firstWakeUs(): number {
    return this.#nextWakeUs();
  }

  wake(nowUs: number): number {
    if (this.#comeBackUs !== null && nowUs >= this.#stayEndUs()) this.#afterLeaving(nowUs);
    if (this.#state === 'waiting' && this.host.sending && nowUs >= this.#joinUs()) this.#connect(this.#joinUs());
    if (this.mayAct && nowUs >= this.#leaveUs()) this.leave(nowUs < this.#stayEndUs());
    // From the last, because one that ends leaves the list, and one that begins is added to its end.
    for (let i = this.#cursors.length - 1; i >= 0; i--) {
      const cursor = this.#cursors[i];
      if (cursor !== undefined && cursor.wakeAtUs <= nowUs) cursor.resume(this);
    }
    this.#openLoop.sendOne(nowUs, this.#sendsUntilUs());
    this.driver?.wake(nowUs, this.#sendsUntilUs());
    if (nowUs >= this.inbox.nextDeadlineUs) this.inbox.expire(nowUs);
    return this.#nextWakeUs();
  }

  /** The barrier has opened: who has finished its start list begins at `atUs`. */
  onBarrierOpened(atUs: number): void {
    if (this.#state === 'started') this.#play(atUs);
    this.host.wakeAt(this, this.#nextWakeUs());
  }

  /** The rates have changed: what has not been sent yet is due at another time, and the pauses of a loop end at another. */
  onRatesChanged(): void {
    this.#openLoop.reschedule();
    this.driver?.reschedule();
    for (const cursor of this.#cursors) {
      const { pausedFromUs, pausedForUs } = cursor;
      if (pausedForUs >= 0) cursor.wakeAtUs = this.host.rateFactor.waitedUs(pausedFromUs, pausedForUs);
    }
    this.host.wakeAt(this, this.#nextWakeUs());
  }

  /** From `atMs` of plan time on, which is `atUs`, it is to be connected as `stays` says. */
  replan(stays: readonly Stay[], atMs: number, atUs: number): void {
    this.#stays = replannedStays(this.#stays, stays, atMs);
    if (this.#stays[this.#stay]?.joinMs === atMs) this.#calledUs = atUs;
    // Who is lost and removed is missed no more, and may be added again.
    if (this.#state === 'lost' && this.#stayEndUs() <= atUs) {
      this.#stay++;
      this.#state = 'gone';
    }
    if (this.#state === 'waiting' || this.#state === 'gone') {
      this.#state = this.#stay < this.#stays.length ? 'waiting' : 'gone';
    }
    // Nobody waits at the barrier for those who will not come before it.
    if (this.#joinUs() === never) this.#reportStarted();
    this.host.wakeAt(this, this.#nextWakeUs());
  }

  /** Makes, of each kind of open-loop send, one that was due by `nowUs`: whether there was any. */
  sendOverdue(nowUs: number): boolean {
    const untilUs = this.#sendsUntilUs();
    const hasSent = this.#openLoop.sendOne(nowUs, untilUs);
    return this.driver?.sendOverdue(nowUs, untilUs) === true || hasSent;
  }

  /** The run's sends end at `nowUs`: what was due before and is not made is dropped. What a driver would have sent nobody knows. */
  endSends(nowUs: number): void {
    this.#openLoop.dropOverdue(nowUs, this.#sendsUntilUs());
    this.#openLoop.stop();
  }

  /** Ends the connection at once; what is still waited for stays unanswered. */
  abort(): void {
    this.#stay = this.#stays.length;
    if (this.#state === 'waiting') this.#state = 'gone';
    this.#ownCause = 'planned';
    this.session?.disconnect();
  }

  // ── connecting and leaving ──

  #connect(dueUs: number): void {
    const phase = this.host.timeline.phaseAt(dueUs);
    const { meters } = this.kind;
    this.#state = 'connecting';
    this.#comeBackUs = null;
    this.#ownCause = null;
    this.#ownWords = null;
    meters.errors.count(phase);
    const session = this.kind.makeSession(this);
    this.#connectDue = { dueUs, phase };
    this.host.connect(this, session, (code, message) => {
      meters.connectFailures(code).add(1, phase);
      meters.errors.hit(phase);
      this.sample(`connect_failures ${code}`, withCure(code, message));
      this.#lose();
    });
  }

  /** The TLS handshake took `handshakeUs`; `onConnected` follows. */
  onSecure(handshakeUs: number): void {
    this.kind.meters.handshakeTime.record(handshakeUs, this.#connectDue.phase);
  }

  onConnected(session: ClientSession): void {
    const nowUs = this.host.nowUs();
    const { dueUs, phase } = this.#connectDue;
    const { meters, plan, start, makeDriver } = this.kind;
    meters.connects.add(1, phase);
    meters.connectTime.record(nowUs - dueUs, phase);
    this.session = session;
    this.host.countConnected(1);
    this.#state = 'starting';
    this.#lifetimeEndUs = plan.lifetimeMs === null ? never : nowUs + this.draw(plan.lifetimeMs) * 1000;
    session.begin();
    // What it begins with may have been its end.
    if (!session.connected) return;
    if (makeDriver !== null) {
      this.driver = makeDriver(this, this.#seed);
      this.driver.start();
    } else {
      const cursor = new Cursor(start);
      this.#cursors = [cursor];
      cursor.run(this);
    }
    this.host.wakeAt(this, this.#nextWakeUs());
  }

  /**
   * Leaves as planned: sends nothing more, hears what is still under way, then closes. `comesBack`: connects again at once,
   * for what is left of its stay.
   */
  leave(comesBack = false): void {
    if (this.session === null || this.#state === 'leaving') return;
    this.driver?.leave();
    // A driver that failed over its goodbye is gone already.
    if (this.session === null) return;
    this.#state = 'leaving';
    this.audience.leave(this.host.nowUs());
    this.#leavesToComeBack = comesBack;
    this.#openLoop.stop();
    this.#reportStarted();
    this.onSettled();
  }

  /** A list failed: drops the connection, before its time. `words` say why, for the report. */
  fail(cause: OwnCause, words: string): void {
    this.#ownCause = cause;
    this.#ownWords = words;
    this.session?.disconnect();
  }

  onDisconnected(session: ClientSession, reason: DisconnectReason): void {
    if (this.session !== session) return;
    const nowUs = this.host.nowUs();
    const phase = this.host.timeline.phaseAt(nowUs);
    // A server may hang up on a client that has nothing left to do.
    const finished = this.kind.endsWithStart && (this.#state === 'started' || this.#state === 'playing');
    const cause = finished ? 'planned' : (this.#ownCause ?? reason.cause);
    const { meters } = this.kind;
    this.session = null;
    this.host.countConnected(-1);
    this.#cursors = [];
    this.driver?.stop();
    this.driver = null;
    this.inbox.drop(nowUs);
    this.audience.leave(nowUs);
    this.#silentSends = 0;
    meters.disconnects(cause).add(1);
    if (reason.unconsumedBytes !== undefined) this.#countUnfinished(reason.unconsumedBytes, cause, phase);
    if (reason.cause === 'protocol') meters.protocolErrors(reason.code ?? 'unknown').add(1);
    if (cause === 'planned') {
      this.#afterLeaving(nowUs);
    } else {
      // What made a list fail has been counted; a connection that breaks by itself is a failure of its own.
      if (this.#ownCause === null) meters.countFailure(phase);
      this.sample(`disconnects ${cause}`, this.#ownWords ?? describe(reason));
      this.#lose();
    }
    this.host.wakeAt(this, this.#nextWakeUs());
  }

  /** The server closed inside a packet, of which so many bytes had come. */
  #countUnfinished(bytes: number, cause: DisconnectedCause, phase: Phase): void {
    const { meters } = this.kind;
    meters.protocolErrors('unfinished-packet').add(1);
    // Any other end is a failure itself.
    if (cause === 'planned') meters.countFailure(phase);
    this.sample(
      'protocol_errors unfinished-packet',
      `the connection ended inside a packet: ${counted(bytes, 'byte')} of it had come`,
    );
  }

  /** Lost before its time: for good, or until it reconnects. */
  #lose(): void {
    const { reconnect } = this.kind.plan;
    const wasLeaving = this.#state === 'leaving';
    this.#state = 'lost';
    this.#reportStarted();
    if (reconnect === null || wasLeaving || !this.host.sending) return;
    const waitMs = backoffMs(reconnect, this.#attempts++, this.#backoffs.next());
    this.#comeBackUs = this.host.nowUs() + waitMs * 1000;
    this.#state = 'waiting';
    this.host.wakeAt(this, this.#nextWakeUs());
  }

  #afterLeaving(nowUs: number): void {
    this.#openLoop.stop();
    this.#comeBackUs = null;
    this.#attempts = 0;
    if (this.#leavesToComeBack && this.host.sending) {
      this.#leavesToComeBack = false;
      this.#comeBackUs = nowUs;
      this.#state = 'waiting';
      return;
    }
    this.#stay++;
    this.#state = this.#stay < this.#stays.length && this.host.sending ? 'waiting' : 'gone';
  }

  #joinUs(): number {
    const stay = this.#stays[this.#stay];
    if (stay === undefined) return never;
    return this.#comeBackUs ?? Math.max(this.#calledUs, this.host.timeline.toRunUs(stay.joinMs));
  }

  #leaveUs(): number {
    return Math.min(this.#lifetimeEndUs, this.#stayEndUs());
  }

  /** Past where the plan has no more of it. */
  #stayEndUs(): number {
    const stay = this.#stays[this.#stay];
    return stay === undefined ? 0 : this.host.timeline.leaveUs(stay.leaveMs);
  }

  // ── lists ──

  onListEnd(cursor: Cursor): void {
    this.#cursors.splice(this.#cursors.indexOf(cursor), 1);
    if (cursor.program.role === 'start') this.onStartDone();
  }

  /** The start list, or what a driver does in its place, is done. */
  onStartDone(): void {
    this.session?.onStartDone();
    // A fault that begins now may end the connection.
    if (this.session === null) return;
    this.#state = 'started';
    this.#attempts = 0;
    this.audience.join(this.host.nowUs());
    this.#reportStarted();
    const { timeline } = this.host;
    if (timeline.opened) this.#play(Math.max(this.host.nowUs(), timeline.beginUs));
  }

  /** Keeps one case of a kind of failure, so that the report can show the words beside the count. */
  sample(failure: string, message: string | (() => string)): void {
    this.host.sample(this.kind.sampleName(failure), message);
  }

  /** Draws from a range of the scenario, with the client's own random stream. */
  draw(range: Range): number {
    return uniform(range, this.#random);
  }

  /** Lets `cursor` stand still until `untilUs`. */
  sleep(cursor: Cursor, untilUs: number): void {
    cursor.wakeAtUs = untilUs;
    this.host.wakeAt(this, untilUs);
  }

  /** Lets `cursor` stand still for `forUs`, or, in a loop, as long as that comes to while the pace is steered. */
  pause(cursor: Cursor, forUs: number): void {
    const nowUs = this.host.nowUs();
    if (cursor.program.role !== 'loop') {
      this.sleep(cursor, nowUs + forUs);
      return;
    }
    cursor.pausedFromUs = nowUs;
    cursor.pausedForUs = forUs;
    this.sleep(cursor, this.host.rateFactor.waitedUs(nowUs, forUs));
  }

  /** How often request `slot` was sent before; counts it. */
  nextSendIndex(slot: number): number {
    const index = this.#sendCounts[slot] as number;
    this.#sendCounts[slot] = index + 1;
    return index;
  }

  #play(atUs: number): void {
    const { loop } = this.kind;
    this.#state = 'playing';
    this.#openLoop.start(atUs);
    this.driver?.play(atUs);
    this.host.onPlaying(this);
    if (loop !== null) {
      const cursor = new Cursor(loop);
      this.#cursors.push(cursor);
      // The cursor stands before its first step until then: waking resumes it there.
      cursor.at = -1;
      cursor.wakeAtUs = atUs;
    }
    this.host.wakeAt(this, this.#nextWakeUs());
  }

  /** Open-loop sends are due until then; those of a lost client too, and count as dropped. */
  #sendsUntilUs(): number {
    return Math.min(this.#stayEndUs(), this.host.timeline.endUs);
  }

  #reportStarted(): void {
    if (this.#startReported) return;
    this.#startReported = true;
    this.host.onStarted(this);
  }

  /** Plays an `on` list for the packet that came. */
  answer(program: Program, reply: Scope['reply']): void {
    if (!this.mayAct) return;
    const cursor = new Cursor(program);
    cursor.reply = reply;
    this.#cursors.push(cursor);
    cursor.run(this);
  }

  /** Something was sent that is to have a visible effect: a reply, or a broadcast of our own. */
  onEffectAwaited(nowUs: number): void {
    if (this.#silentSends++ === 0) this.#silentSinceUs = nowUs;
  }

  /** It had one. */
  onEffect(): void {
    this.#silentSends = 0;
  }

  /** Connected, and yet nothing that it sent of late had any effect. */
  isSilent(nowUs: number): boolean {
    if (this.#silentSends < silentSends || this.session === null || this.kind.playFaults !== null) return false;
    // While its sends are paused it could not show that it is all right.
    const pacedUs = this.host.rateFactor.waitedUs(this.#silentSinceUs, silentForUs);
    return nowUs > Math.max(pacedUs, this.#silentSinceUs + silentForUs);
  }

  /** Something that was waited for has come, or will not come any more: who leaves may be free to go. */
  onSettled(): void {
    if (this.#state !== 'leaving' || this.inbox.waiting > 0) return;
    this.#ownCause = 'planned';
    this.session?.end();
  }

  #nextWakeUs(): number {
    let nextUs = this.inbox.nextDeadlineUs;
    if (!this.host.sending) return nextUs;
    if (this.#state === 'waiting') nextUs = Math.min(nextUs, this.#joinUs());
    // Who has not come yet within its stay comes, however late; for who was there it may end before.
    if (this.#state === 'waiting' && this.#comeBackUs !== null) nextUs = Math.min(nextUs, this.#stayEndUs());
    if (this.mayAct) nextUs = Math.min(nextUs, this.#leaveUs());
    if (this.driver !== null) nextUs = Math.min(nextUs, this.driver.nextWakeUs(this.#sendsUntilUs()));
    for (const { wakeAtUs } of this.#cursors) nextUs = Math.min(nextUs, wakeAtUs);
    return Math.min(nextUs, this.#openLoop.nextDueUs(this.#sendsUntilUs()));
  }
}

function describe({ cause, code, error }: DisconnectReason): string {
  const message = error?.message ?? code ?? endings[cause] ?? `the connection ended: ${cause}`;
  // TLS 1.3 refuses a client's certificate only once the connection stands.
  return code?.startsWith('ERR_SSL_') ? withCure(code, message) : message;
}

/** What ended a connection, in words, where the system has no message for it. */
const endings: Partial<Record<DisconnectReason['cause'], string>> = {
  remote: 'the server closed the connection',
  local: 'swarm closed the connection',
};
