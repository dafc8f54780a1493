// English. What the engine's own tables and errors say comes from the engine itself.
import ask from '../../views/ask/en.js';
import bias from '../../views/bias/en.js';
import board from '../../views/board/en.js';
import caption from '../../views/caption/en.js';
import compare from '../../views/compare/en.js';
import explain from '../../views/explain/en.js';
import page from './page.js';
import poster from './poster.js';
import scripts from './scripts.js';
import shapes from './shapes.js';
import sources from './sources.js';
import engineErrors from './engine-errors.js';
import errors from './errors.js';
import tables from './tables.js';

/** @param {import('../format.js').Formatters} f */
export default (f) => ({
  page: page(f),
  poster: poster(),
  sources: sources(f),
  errors: /** @type {Record<string, ((a: Record<string, any>) => string) | undefined>} */ ({ ...engineErrors(f), ...errors(f) }),
  tables: /** @type {any} */ (tables),
  /** Names of classes; English is what the networks' files say. */
  classes: /** @type {Record<string, string | undefined>} */ ({}),
  scripts: scripts(f),
  shapes: shapes(),
  board: board(f),
  bias: bias(f),
  ask: ask(f),
  caption: caption(f),
  explain: explain(f),
  compare: compare(f),
});
