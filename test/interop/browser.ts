import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** Nothing leaves the machine, and nothing is kept. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--remote-debugging-pipe',
];

type Params = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export interface Viewport {
  /** In CSS pixels. */
  readonly width: number;
  readonly dark?: boolean;
  readonly paper?: boolean;
}

/** Chromium with one page in it, steered over a pipe by its DevTools protocol; ended when the test is over, however that ends. */
export class Browser implements AsyncDisposable {
  /** What the page asked for, by URL, and what it or the browser complained of. */
  readonly requests: string[] = [];
  readonly complaints: string[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'swarm-browser-'));
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #heard: { readonly method: string; readonly resolve: () => void }[] = [];
  #session: string | undefined;
  #lastId = 0;
  #rest = '';

  private constructor(program: string) {
    this.#process = spawn(program, [...flags, `--user-data-dir=${this.#folder}`], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    this.#exited = once(this.#process, 'exit');
    (this.#process.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => this.#take(text));
  }

  static async start(program: string): Promise<Browser> {
    const browser = new Browser(program);
    const { targetId } = await browser.#ask<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
    const attached = { targetId, flatten: true };
    const { sessionId } = await browser.#ask<{ sessionId: string }>('Target.attachToTarget', attached);
    browser.#session = sessionId;
    for (const domain of ['Page', 'Network', 'Runtime', 'Log']) await browser.#ask(`${domain}.enable`);
    return browser;
  }

  /** Runs in every page before its own scripts. */
  async prepare(source: string): Promise<void> {
    await this.#ask('Page.addScriptToEvaluateOnNewDocument', { source });
  }

  /** Opens a file as a window, or paper, of this kind shows it, and waits until it is drawn. */
  async open(url: string, { width, dark = false, paper = false }: Viewport): Promise<void> {
    const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: width < 500 };
    await this.#ask('Emulation.setDeviceMetricsOverride', metrics);
    const features = [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }];
    await this.#ask('Emulation.setEmulatedMedia', { media: paper ? 'print' : '', features });
    const loaded = new Promise<void>((resolve) => this.#heard.push({ method: 'Page.loadEventFired', resolve }));
    await this.#ask('Page.navigate', { url });
    await loaded;
    if (paper) await this.evaluate("dispatchEvent(new Event('beforeprint'))");
    await this.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  }

  /** What an expression comes to in the page, once it is settled; it must survive JSON. */
  async evaluate<T>(expression: string): Promise<T> {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.#ask<{ result: { value: T }; exceptionDetails?: unknown }>(
      'Runtime.evaluate',
      asked,
    );
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #ask<T>(method: string, params: Params = {}): Promise<T> {
    const id = ++this.#lastId;
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    (this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result as T);
        else reject(new Error(`${method}: ${error.message}`));
      });
      void this.#exited.then(() => reject(new Error(`${method}: the browser has ended`)));
    });
  }

  /** Messages are JSON, each with a zero byte after it. */
  #take(text: string): void {
    const parts = (this.#rest + text).split('\0');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) this.#hear(JSON.parse(part) as Message);
  }

  #hear(message: Message): void {
    const { id, method, params = {} } = message;
    if (id !== undefined) {
      this.#waiting.get(id)?.(message);
      this.#waiting.delete(id);
    }
    const index = this.#heard.findIndex((waiting) => waiting.method === method);
    if (index !== -1) this.#heard.splice(index, 1)[0]?.resolve();
    if (method === 'Network.requestWillBeSent') this.requests.push((params.request as { url: string }).url);
    if (method === 'Log.entryAdded' || method === 'Runtime.exceptionThrown' || method === 'Runtime.consoleAPICalled') {
      this.complaints.push(JSON.stringify(params));
    }
  }
}
