import type { TypeError as CelTypeError, ParseError } from '@marcbachmann/cel-js';
import type { Span } from '../packets/source-text.js';
import { unboundedPart } from './expression-bounds.js';
import { workOutConstants } from './expression-constants.js';
import { reasonOf } from './expression-reason.js';
import { childrenOf, type ExpressionNode, isNode, type MethodCall, methodCall, spanOf } from './expression-tree.js';
import { didYouMean } from './hints.js';
import type { ReplyShape } from './reply-shape.js';
import { type CelType, createScopeEnvironment, limits, type Scope, type ScopeEnvironment } from './scope.js';

/** What the expressions of one place may read beyond what all may, and what they do read of it. */
export interface ExpressionPlace {
  readonly send: boolean;
  readonly reply: ReplyShape | null;
  /** Filled with the fields of `reply` that expressions read. */
  readonly fieldsRead: Set<string>;
}

export type CheckedExpression =
  | {
      readonly ok: true;
      readonly type: string;
      /** What it gives, where it reads nothing of the run. */
      readonly constant?: unknown;
    }
  | { readonly ok: false; readonly message: string; readonly hint: string | undefined; readonly span: Span };

/** The columns of a kind's data: null where it has none, `any` where they are not known. */
export type Columns = readonly string[] | 'any' | null;

/** The environment variables of the run, and which of them expressions read. */
export interface EnvReads {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly read: Map<string, string>;
}

const celHint = 'an expression is one value in CEL: ${client.index + 1}, ${"bot-" + saved.name}';
const sizeHint = `it has at most ${limits.maxAstNodes} parts, and ${limits.maxDepth} within each other; a bot may do more`;

/** What constant parts are worked out in: they read nothing of it, and draw the least number. */
const anyScope: Scope = {
  client: { index: 0, kind: '' },
  send: { index: 0 },
  data: {},
  saved: {},
  env: {},
  random: { next: () => 0, int: (min) => min },
  stamp: { sender: 0, timeUs: 0 },
  reply: null,
};

const unexplained: CheckedExpression = { ok: false, message: '', hint: undefined, span: { start: 0, end: 0 } };

/** Checks the expressions of one kind of client, whose data and saved values have types of their own. */
export class TypedExpressions {
  readonly #columns: Columns;
  readonly #saved: ReadonlyMap<string, CelType | 'dyn'>;
  readonly #env: EnvReads;
  readonly #explains: boolean;
  /** By the shape of the reply, for what is sent and for all else. */
  readonly #environments = {
    send: new Map<ReplyShape | null, ScopeEnvironment>(),
    other: new Map<ReplyShape | null, ScopeEnvironment>(),
  };

  /** `explains`: whether anybody reads why an expression has no type; the search for what was meant may take longer than the check. */
  constructor(columns: Columns, saved: ReadonlyMap<string, CelType | 'dyn'>, env: EnvReads, explains = true) {
    this.#columns = columns;
    this.#saved = saved;
    this.#env = env;
    this.#explains = explains;
  }

  /** The type of an expression, or why it has none. */
  check(source: string, place: ExpressionPlace): CheckedExpression {
    const { cel, bind } = this.#environment(place);
    const checked = cel.check(source);
    if (!checked.valid) return this.#explains ? this.#explain(source, checked.error!, place) : unexplained;
    const ast = cel.parse(source).ast as unknown as ExpressionNode;
    const unbounded = unboundedPart(ast);
    if (unbounded !== undefined) {
      const { node, message, hint } = unbounded;
      return { ok: false, message, hint, span: spanOf(node) };
    }
    const misread = this.#walk(ast, place);
    if (misread !== undefined) return misread;
    const constants = workOutConstants(ast, (part) => cel.evaluate(part, bind(anyScope)));
    if (!constants.failed) return { ok: true, type: checked.type!, constant: constants.value };
    const { node, error } = constants;
    return {
      ok: false,
      message: `this always fails: ${reasonOf(error)}`,
      hint: constantHint(error),
      span: spanOf(node),
    };
  }

  #environment({ send, reply }: ExpressionPlace): ScopeEnvironment {
    const environments = this.#environments[send ? 'send' : 'other'];
    const known = environments.get(reply);
    if (known !== undefined) return known;
    const columns = this.#columns;
    const isKnown = columns !== null && columns !== 'any';
    const data = isKnown ? new Map(columns.map((column) => [column, 'string' as const])) : columns;
    const environment = createScopeEnvironment({ send, data, saved: this.#saved, reply });
    environments.set(reply, environment);
    return environment;
  }

  /** Notes what an expression reads of the environment and of the reply; gives the first thing that it must not do. */
  #walk(node: ExpressionNode, place: ExpressionPlace): CheckedExpression | undefined {
    const wrong = (message: string, hint: string): CheckedExpression => ({
      ok: false,
      message,
      hint,
      span: spanOf(node),
    });
    if (methodCall(node)?.name === 'matches') {
      return wrong(
        'matches() is not supported',
        'compare with ==, contains(), startsWith() or endsWith(); patterns stand in `expect`',
      );
    }
    const call = replyCall(node);
    if (call !== undefined) return this.#walkCall(call, place);
    const variable = fieldAccess(node);
    if (variable?.name === 'env') {
      const { field } = variable;
      const value = this.#env.values[field];
      if (value === undefined)
        return wrong(`the environment variable ${field} is not set`, `set it, as in ${field}=… swarm run …`);
      this.#env.read.set(field, value);
      return undefined;
    }
    if (variable?.name === 'reply') {
      place.fieldsRead.add(variable.field);
      return undefined;
    }
    if (node.op === 'id' && node.args === 'env')
      return wrong('`env` alone is not a value', 'name the variable: env.HOME');
    if (node.op === 'id' && node.args === 'reply')
      return wrong('`reply` alone is not a value', 'name one of its fields');
    return this.#walkAll(childrenOf(node.args), place);
  }

  #walkAll(nodes: readonly ExpressionNode[], place: ExpressionPlace): CheckedExpression | undefined {
    for (const node of nodes) {
      const problem = this.#walk(node, place);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  /** A function of the reply: what it asks for by a text that stands there is known to be read, and is looked at. */
  #walkCall({ name, args }: MethodCall, place: ExpressionPlace): CheckedExpression | undefined {
    const method = place.reply?.methods.find(({ signature }) => signature.startsWith(`${name}(`));
    const [first] = args;
    if (first?.op === 'value' && typeof first.args === 'string') {
      const misfit = method?.misfit?.(first.args);
      if (misfit !== undefined) return { ok: false, ...misfit, span: spanOf(first) };
      place.fieldsRead.add(first.args);
    }
    return this.#walkAll(args, place);
  }

  #explain(source: string, error: Partial<ParseError | CelTypeError>, place: ExpressionPlace): CheckedExpression {
    const span = error.range ?? { start: 0, end: source.length };
    const problem = (message: string, hint?: string): CheckedExpression => ({ ok: false, message, hint, span });
    // The library gives up with a bare Error where it cannot choose an operator for what has no type, such as an item of `[]`.
    if (error.summary === undefined)
      return problem(
        'the types in this expression cannot be told',
        'give every list an item, or write dyn(…) around it',
      );
    const last = error.summary.split(': ').at(-1) ?? '';
    switch (error.code) {
      case 'unknown_variable':
        return problem(...this.#unknownVariable(last, place));
      case 'no_such_key':
        return problem(...this.#unknownField(error.node as unknown as ExpressionNode | undefined, last, place));
      case 'no_such_overload':
        return problem(`\`${last}\` does not work`, 'convert one side: int(…), double(…) or string(…)');
      case 'no_matching_overload': {
        const call =
          /'(.*)'/
            .exec(error.summary)?.[1]
            ?.replace(/^Random\./, 'random.')
            .replace(/^Reply\./, 'reply.') ?? last;
        return problem(`there is no function ${call}`, functionsHint(call, place));
      }
      case 'unexpected_token':
        return problem(last === 'EOF' ? 'the expression ends too early' : `\`${last}\` is not expected here`, celHint);
      case 'limit_exceeded':
        return problem('the expression is too large', sizeHint);
      default:
        return problem(error.summary.charAt(0).toLowerCase() + error.summary.slice(1), celHint);
    }
  }

  #unknownVariable(name: string, place: ExpressionPlace): Explanation {
    if (name === 'stamp')
      return [
        '`${stamp}` stands alone, in what a send step with `broadcast` sends',
        'write ${stamp}, and nothing else in the braces',
      ];
    if (name === 'data') return ['this kind of client has no data', 'name a CSV file: data: users.csv'];
    if (name === 'reply')
      return ['there is no reply here', '`reply` is for save and check, and for the answers under `on`'];
    if (name === 'send' && place.reply !== null) {
      const why = 'by the time of the reply the client may have sent again';
      return ['`send` cannot be read once the reply came', `read it in \`with\` and \`where\`: ${why}`];
    }
    if (name === 'send') return ['nothing is sent here', '`send` is for the values that a send step sends'];
    const known = ['client', 'saved', 'env', 'random'];
    if (place.send) known.push('send');
    if (place.reply !== null) known.push('reply');
    if (this.#columns !== null) known.push('data');
    return [`there is no variable \`${name}\``, didYouMean(name, known, 'text stands in quotes; the variables are')];
  }

  #unknownField(node: ExpressionNode | undefined, field: string, place: ExpressionPlace): Explanation {
    const variable = node && fieldAccess(node)?.name;
    switch (variable) {
      case 'saved': {
        const message = `\`saved.${field}\` is never saved by this kind of client`;
        return [
          message,
          didYouMean(field, [...this.#saved.keys()], 'it saves') ??
            `save it first: save: { ${field}: … } beside \`expect\``,
        ];
      }
      case 'data': {
        const columns = this.#columns === 'any' ? [] : (this.#columns ?? []);
        return [`the data has no column \`${field}\``, didYouMean(field, columns, 'its columns are')];
      }
      case 'reply': {
        const { fields = [], methods = [] } = place.reply ?? {};
        const known = [
          ...fields.map(({ name }) => name),
          ...methods.map(({ signature }) => signature.replace(/:.*/, '')),
        ];
        return [`the reply has no field \`${field}\``, didYouMean(field, known, 'it has')];
      }
      case 'client':
        return [`\`client\` has no field \`${field}\``, didYouMean(field, ['index', 'kind'], 'its fields are')];
      case 'send':
        return ['`send` has the field `index` alone'];
    }
    if (node !== undefined && isGroupsAccess(node))
      return [`the pattern has no group \`${field}\``, `name it: (?P<${field}>…)`];
    return [`there is no field \`${field}\``];
  }
}

/** The cure for a constant part that fails. */
function constantHint(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'division_by_zero' || code === 'modulo_by_zero') return 'divide by another number';
  return 'it reads nothing of the run, so it would fail each time: change its values';
}

/** The functions of the variable that a call is of; undefined where they are not ours. */
function functionsHint(call: string, { reply }: ExpressionPlace): string | undefined {
  if (call.startsWith('random.')) return 'random has int(min, max), double(), string(length) and choice([a, b])';
  if (!call.startsWith('reply.') || reply === null || reply.methods.length === 0) return undefined;
  return `reply has ${reply.methods.map(({ signature }) => signature.replace(/:.*/, '')).join(', ')}`;
}

type Explanation = [message: string, hint?: string | undefined];

/** `variable.field` or `variable['field']`, where `node` is that. */
function fieldAccess(node: ExpressionNode): { readonly name: string; readonly field: string } | undefined {
  if ((node.op !== '.' && node.op !== '[]') || !Array.isArray(node.args)) return undefined;
  const [object, key] = node.args as readonly unknown[];
  if (!isNode(object) || object.op !== 'id' || typeof object.args !== 'string') return undefined;
  if (typeof key === 'string') return { name: object.args, field: key };
  return isNode(key) && key.op === 'value' && typeof key.args === 'string'
    ? { name: object.args, field: key.args }
    : undefined;
}

/** `reply.name(args)`, where `node` is that. */
function replyCall(node: ExpressionNode): MethodCall | undefined {
  const call = methodCall(node);
  return call?.receiver.op === 'id' && call.receiver.args === 'reply' ? call : undefined;
}

/** `reply.groups.name`, where `node` is that. */
function isGroupsAccess(node: ExpressionNode): boolean {
  const object = Array.isArray(node.args) ? (node.args as readonly unknown[])[0] : undefined;
  const access = isNode(object) ? fieldAccess(object) : undefined;
  return access?.name === 'reply' && access.field === 'groups';
}
