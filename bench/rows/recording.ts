import { runToEnd } from '../harness/child.js';
import { type Row, subject } from '../harness/row.js';

export const recording: Row = {
  name: 'recording',
  what: 'recording one latency',
  unit: 'ns',
  goals: [{ what: 'ns', read: (median) => median(subject), atMost: 100 }],
  async prepare({ builds }) {
    return {
      contenders: builds.map(({ name, folder }) => ({
        name,
        async run() {
          const { lines } = await runToEnd(process.execPath, [`${folder}bench/programs/record.js`]);
          return (lines[0] as { readonly nanoseconds: number }).nanoseconds;
        },
      })),
      close: async () => {},
    };
  },
};
