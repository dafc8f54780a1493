// 简体中文。
import ask from '../../views/ask/zh.js';
import bias from '../../views/bias/zh.js';
import board from '../../views/board/zh.js';
import caption from '../../views/caption/zh.js';
import compare from '../../views/compare/zh.js';
import explain from '../../views/explain/zh.js';
import classes from './classes.js';
import engineErrors from './errors.js';
import page from './page.js';
import pageErrors from './page-errors.js';
import poster from './poster.js';
import scripts from './scripts.js';
import shapes from './shapes.js';
import sources from './sources.js';
import tables from './tables.js';

/** @param {import('../format.js').Formatters} f */
export default (f) => ({
  page: page(f),
  poster: poster(),
  sources: sources(f),
  errors: { ...engineErrors(f), ...pageErrors(f) },
  tables,
  classes,
  scripts: scripts(f),
  shapes: shapes(),
  board: board(f),
  bias: bias(f),
  ask: ask(f),
  caption: caption(f),
  explain: explain(f),
  compare: compare(f),
});
