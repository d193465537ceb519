import { describe, expect, it } from 'vitest';
import { NumberedReplies } from '../../src/client/numbered-replies.js';
import type { PendingReply } from '../../src/client/replies.js';

function entry(number: number, state: PendingReply['state'] = 'waiting'): PendingReply {
  // What the step expects does not matter to where it waits.
  return { number, state, next: null } as PendingReply;
}

describe('replies that are found by a number', () => {
  it('are found in any order, and then no more', () => {
    const replies = new NumberedReplies();
    const entries = [entry(0), entry(1), entry(2)];
    for (const each of entries) replies.add(each);
    expect(replies.find(1)).toBe(entries[1]);
    replies.shift(1);
    expect([0, 1, 2, 3].map((number) => replies.find(number))).toEqual([entries[0], undefined, entries[2], undefined]);
  });

  it('wait in order where more are under way than there are numbers', () => {
    const replies = new NumberedReplies();
    const laps = [entry(7), entry(7), entry(7)];
    for (const each of laps) replies.add(each);
    const seen: PendingReply[] = [];
    replies.forEach((each) => {
      seen.push(each);
    });
    expect(seen).toEqual(laps);
    for (const each of laps) {
      expect(replies.find(7)).toBe(each);
      replies.shift(7);
    }
    expect(replies.find(7)).toBeUndefined();
  });

  it('leave a tombstone for a late reply, until the number is used again', () => {
    const replies = new NumberedReplies();
    const late = entry(7);
    replies.add(late);
    late.state = 'expired';
    expect(replies.find(7)).toBe(late);
    const next = entry(7);
    replies.add(next);
    expect(replies.find(7)).toBe(next);
  });

  it('are all forgotten at the end of the connection', () => {
    const replies = new NumberedReplies();
    replies.add(entry(7));
    replies.clear();
    expect(replies.find(7)).toBeUndefined();
  });
});
