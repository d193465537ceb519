import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { compileAnswerMatch, compileOnMatch, matchKeys, type PacketContext } from './expectations.js';
import { frameSpeech } from './frames/index.js';
import type { Match, OnPlan } from './plan.js';
import type { Report } from './problem-list.js';
import { type Misfit, replyShape } from './reply-shape.js';
import type { ClientKindInput } from './schema.js';
import type { StepInput } from './step-schema.js';
import type { Answered, StepsCompiler } from './steps.js';

type OnInput = Collected<ClientKindInput>['on'];
type StepsInput = readonly (Collected<StepInput> | undefined)[];

/** An entry of `on`, in whichever of its two forms. */
interface Answer {
  readonly steps: StepsInput | undefined;
  /** Of the steps. */
  readonly path: Path;
  match(context: PacketContext, report: Report): Match | undefined;
}

/** The entries of `on`: by what they answer, or in a list. */
export function answersOf(input: OnInput, path: Path): readonly Answer[] {
  if (input === undefined) return [];
  if (!isList(input)) {
    return Object.entries(input).map(([name, steps]) => {
      const at = [...path, name];
      return { steps, path: at, match: (context, report) => compileOnMatch(name, context, at, report) };
    });
  }
  return input.flatMap((entry, i) => {
    if (entry === undefined) return [];
    const { match, steps } = entry;
    return {
      steps,
      path: [...path, i, 'steps'],
      match: (context, report) =>
        match === undefined ? undefined : compileAnswerMatch(match, context, [...path, i, 'match'], report),
    };
  });
}

function isList(input: NonNullable<OnInput>): input is Extract<OnInput, readonly unknown[]> {
  return Array.isArray(input);
}

/** The lists under `on`; those whose frame or packet is wrong, which is reported, are left out. */
export function compileAnswers(
  input: OnInput,
  path: Path,
  compiler: StepsCompiler,
  context: PacketContext,
  report: Report,
): readonly OnPlan[] {
  const misfit = input && formMisfit(input, context);
  if (misfit !== undefined) {
    report(path, misfit.message, { part: 'key', hint: misfit.hint });
    return [];
  }
  return answersOf(input, path).flatMap((answer) => {
    const match = answer.match(context, report);
    if (match === undefined || answer.steps === undefined) return [];
    const answered: Answered = { reply: replyShape(context.packets, [match]), fieldsRead: new Set() };
    const steps = compiler.steps(answer.steps, answer.path, answered);
    return [{ match, fields: [...answered.fieldsRead], steps }];
  });
}

/** Names go into keys, and what is more than a name into a list. */
function formMisfit(input: NonNullable<OnInput>, { packets }: PacketContext): Misfit | undefined {
  const wantsList = matchKeys(packets).includes('match');
  if (isList(input) === wantsList) return undefined;
  if (wantsList) {
    const message = `${frameSpeech(packets).protocol} has no names that could be keys`;
    return { message, hint: 'write a list: on: [ { match: any, steps: [ … ] } ]' };
  }
  return {
    message: 'a list of answers is for protocols of JSON or bytes',
    hint: 'write on: { S_Ping: [ { send: C_Pong } ] }',
  };
}
