import { Bot } from 'tcp-swarm';

interface Packets {
  text: { line: string };
  json: { value: unknown };
  bytes: { bytes: Uint8Array };
}

const samples = {
  text: { line: 'PING' },
  json: { value: { id: 7, big: 9007199254740993n, list: [null, 'a'] } },
  bytes: { bytes: Uint8Array.of(1, 2, 255) },
} satisfies Packets;

/** Sends a frame to a server that sends it back, and checks that it is the same, by each way of hearing it. */
export default class Frames extends Bot<Packets> {
  override async onStart(): Promise<void> {
    const format = this.options.format as keyof Packets;
    const sent = samples[format];
    const heard: object[] = [];
    this.on(format, (frame) => heard.push(frame));
    this.check('reply', same(await this.request(format, sent, format), sent));
    this.send(format, sent);
    this.check('expected', same(await this.expect(format), sent));
    this.check('heard', heard.length === 2 && heard.every((frame) => same(frame, sent)));
    if (format !== 'json') return;
    const [late, early] = [8, 9].map((id) => this.expect('json', { where: { '/id': id } }));
    this.send('json', { value: { id: 9 } });
    this.send('json', { value: { id: 8 } });
    this.check('told apart', same(await early, { value: { id: 9 } }) && same(await late, { value: { id: 8 } }));
  }
}

/** Every field sent is in what was heard, which may have more. */
function same(heard: object | undefined, sent: object): boolean {
  return show({ ...heard, ...sent }) === show({ ...heard });
}

function show(value: object): string {
  return JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? `${part}n` : part));
}
