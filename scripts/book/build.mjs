// Builds the book into a site: node scripts/book/build.mjs SITE. mdBook makes the pages (docs/book/book.toml); what they
// need in order to come under the site's policy is done here, and then their links are checked.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWorker } from '../offline.mjs';
import { withPolicy } from '../policy.mjs';
import { PICTURES } from './chapter.mjs';
import { checkLinks, filesIn } from './links.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * A page of mdBook's at `place`, a path in the book: under the site's policy, without styles in its markup, in its language,
 * with a table of contents whose links start from the page, and with wide parts that the keyboard can scroll.
 */
export function finished(page, place) {
  const toRoot = '../'.repeat(place.split('/').length - 1);
  const contents = (list) =>
    list
      .replace(/<li class="chapter-item expanded ">(<li class="part-title">.*?<\/li>)<\/li>/g, '$1')
      .replace(/ href="([^"]*)"/g, (_, link) => ` href="${toRoot}${link}"${link === place ? ' aria-current="page"' : ''}`);
  return withPolicy(
    page
      .replace('<html lang="en">', place.startsWith('zh/') ? '<html lang="zh">' : '$&')
      .replace(/(<nav class="contents".*?>)(.*?)(<\/nav>)/s, (_, start, list, end) => start + contents(list) + end)
      .replace(/<th><\/th>/g, '<td></td>') // a heading without words
      .replace(/<pre>|<div class="(table-wrapper|formula)">/g, (tag) => tag.replace('>', ' tabindex="0">'))
      .replace(/(<t[hd]) style="text-align: (\w+)"/g, '$1 class="$2"'),
  );
}

/** What the policy would forbid. */
export const INLINE = /<style|<[a-z][^>]* style="|<script(?![^>]* src=)|<[a-z][^>]*\son\w+="/;

/** Removes what mdBook brings for a theme that the book does not use, and folders that are left empty. */
function sweep(book, named) {
  for (const file of filesIn(book)) if (!file.endsWith('.html') && !named.has(file)) rmSync(file);
  for (const entry of readdirSync(book, { withFileTypes: true }))
    if (entry.isDirectory() && !readdirSync(path.join(book, entry.name)).length) rmdirSync(path.join(book, entry.name));
}

/** The page of a site that has a book says where, for each language; its header shows that. */
export function withHelp(page) {
  const links = Object.entries({ en: 'index.html', zh: 'zh/index.html' }).map(
    ([lang, place]) => `    <link rel="help" hreflang="${lang}" href="./book/${place}">\n`,
  );
  return page.replace(/^ *<link rel="help".*\n/gm, '').replace(/^ *<\/head>/m, (end) => links.join('') + end);
}

async function build(site) {
  const book = path.join(site, 'book');
  execFileSync('mdbook', ['build', 'docs/book', '--dest-dir', book], {
    cwd: root,
    env: { ...process.env, MDBOOK_LOG: 'warn' },
    stdio: 'inherit',
  });
  rmSync(path.join(book, 'toc.html')); // for readers without scripts of mdBook's own theme
  mkdirSync(path.join(book, PICTURES), { recursive: true });
  for (const name of readdirSync(path.join(root, 'docs')).filter((one) => /\.(png|webp)$/.test(one)))
    cpSync(path.join(root, 'docs', name), path.join(book, PICTURES, name));
  const refused = [];
  for (const file of filesIn(book).filter((one) => one.endsWith('.html'))) {
    const place = path.relative(book, file).replaceAll(path.sep, '/');
    const page = finished(readFileSync(file, 'utf8'), place);
    writeFileSync(file, page);
    const [inline] = INLINE.exec(page) ?? [];
    if (inline) refused.push(`book/${place}: the site's policy forbids ${inline}`);
  }
  sweep(book, checkLinks(site, book).named);
  const { wrong: broken, pages } = checkLinks(site, book);
  const wrong = [...refused, ...broken];
  for (const one of wrong) console.error(`make: ${one}`);
  if (wrong.length) process.exit(1);
  const index = path.join(site, 'index.html');
  writeFileSync(index, withHelp(readFileSync(index, 'utf8')));
  await writeWorker(site); // index.html has changed
  console.log(`make: the book is in ${path.relative(process.cwd(), book)}, ${pages} pages, with no wrong link`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build(path.resolve(process.argv[2] ?? 'dist'));
