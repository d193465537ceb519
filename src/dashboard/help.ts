/** What the dashboard shows: a term of at most 15 columns and a sentence of at most 60 each, so that 80 columns hold them. */
export const helpLines = [
  ['q', 'stop: no more sends, replies are awaited. Again: at once'],
  ['?', 'show this help, and hide it'],
  ['connected', 'clients connected now, of those that the plan wants by now'],
  ['failed', 'connects that failed'],
  ['lost', 'connections that ended without the plan wanting it'],
  ['per second', 'the latest full second; the curve shows those before it'],
  ['response time', 'from when a packet was due to its reply: lateness counts'],
  ['service time', 'from when it was sent; all that a closed loop can know'],
  ['≥', 'at least: the percentile falls among unanswered packets'],
  ['packets/receive', 'how many packets one read carried'],
  ['packets/send', 'how many packets one write carried'],
  ['generator', 'strained, saturated: its own slowness shows in the numbers'],
  ['loop delay', 'how late this machine was, at most'],
  ['send lag', 'how much later than due packets were sent; likewise'],
] as const;
