import type { FuzzTarget } from '../target.js';
import { inlineBodies, pdlBodies, protoBodies } from './frames.js';
import { framing } from './framing.js';
import { inline, pdl, proto } from './packet-files.js';
import { report } from './reports.js';
import { expression, scenario } from './scenarios.js';
import { bytePatterns, json, linePatterns } from './texts.js';

/** Every parser of foreign bytes, by the name of its corpus. */
export const targets: Readonly<Record<string, FuzzTarget>> = {
  framing,
  'pdl-bodies': pdlBodies,
  'inline-bodies': inlineBodies,
  'proto-bodies': protoBodies,
  json,
  'byte-patterns': bytePatterns,
  'line-patterns': linePatterns,
  pdl,
  proto,
  inline,
  scenario,
  expression,
  report,
};
