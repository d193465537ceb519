import { compileCode } from './code.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import type { ScenarioFiles } from './files.js';
import type { Framings } from './framing.js';
import type { TransformPlan } from './plan.js';
import type { ProblemList } from './problem-list.js';
import type { TransformInput } from './schema.js';

const path: Path = ['protocol', 'transform'];

/** What the bytes of each connection go through, null for nothing; undefined where something is wrong, which is reported. */
export function compileTransform(
  input: Collected<TransformInput> | undefined,
  framings: Framings | undefined,
  files: ScenarioFiles,
  problems: ProblemList,
): TransformPlan | null | undefined {
  if (input === undefined) return problems.has(path) ? undefined : null;
  const { module, options, covers = 'body' } = typeof input === 'string' ? { module: input } : input;
  const cures = (other: string) =>
    typeof input === 'string' ? `{ module: ${input}, covers: ${other} }` : `covers: ${other}`;
  if (framings !== undefined) checkCovers(covers, framings, cures, problems);
  if (module === undefined) return undefined;
  const at = typeof input === 'string' ? path : [...path, 'module'];
  const code = compileCode('the transform', module, options, at, files, problems);
  return code && { ...code, covers };
}

/** Only a stream needs no frames, and what stands behind a length needs a length. `cures`: how to say what is to be covered instead. */
function checkCovers(
  covers: TransformPlan['covers'],
  { send, receive }: Framings,
  cures: (covers: string) => string,
  problems: ProblemList,
): void {
  if (covers === 'stream') return;
  const kinds = [send.kind, receive.kind];
  const at = [...path, 'covers'];
  if (kinds.includes('raw')) {
    problems.report(at, `\`covers: ${covers}\` is about frames, and the framing raw has none`, {
      hint: `write ${cures('stream')}`,
    });
  } else if (covers === 'afterLength' && kinds.some((kind) => kind !== 'length')) {
    problems.report(at, '`covers: afterLength` is about frames with a length field, and these have none', {
      hint: `write ${cures('body')} or ${cures('stream')}`,
    });
  }
}
