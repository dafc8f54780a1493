// Checks the links of built pages: node scripts/book/links.mjs SITE [FOLDER]. Each file and each anchor that a page of the folder
// names must be in the site. Other sites are not asked.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const plain = (text) => text.replace(/&(amp|lt|gt|quot|#x27|#39);/g, (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'");
const valuesOf = (page, names) =>
  [...page.matchAll(/<[a-z][\w-]*(?:\s+[\w:-]+(?:="[^"]*")?)+\s*\/?>/g)].flatMap(([tag]) =>
    [...tag.matchAll(/\s([\w:-]+)="([^"]*)"/g)].filter(([, name]) => names.includes(name)).map(([, , value]) => plain(value)),
  );

/** All files below a folder. */
export const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

/**
 * What is wrong with the links of the pages in `folder`, in words; `named` are the files that they name. An anchor is looked for
 * in pages of the folder only.
 */
export function checkLinks(site, folder = site) {
  const pages = new Map(
    filesIn(folder)
      .filter((file) => file.endsWith('.html'))
      .map((file) => [file, readFileSync(file, 'utf8')]),
  );
  const anchors = new Map([...pages].map(([file, page]) => [file, valuesOf(page, ['id'])]));
  const [wrong, named] = [[], new Set()];
  for (const [file, page] of pages) {
    const say = (words) => wrong.push(`${path.relative(site, file)}: ${words}`);
    const ids = anchors.get(file);
    for (const id of new Set(ids.filter((one, i) => ids.indexOf(one) !== i))) say(`two elements have the id "${id}"`);
    for (const link of valuesOf(page, ['href', 'src'])) {
      if (/^[a-z]+:/.test(link)) continue;
      const [address, anchor] = link.split('#').map(decodeURIComponent);
      const target = address ? path.resolve(path.dirname(file), address.split('?')[0]) : file;
      const within = !address.startsWith('/') && target.startsWith(path.resolve(site) + path.sep);
      if (!within || !existsSync(target) || !statSync(target).isFile()) say(`there is no file ${link}`);
      else if (anchor && anchors.has(target) && !anchors.get(target).includes(anchor)) say(`there is no anchor ${link}`);
      named.add(target);
    }
  }
  return { wrong, named, pages: pages.size };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [site = 'dist', folder = site] = process.argv.slice(2).map((one) => path.resolve(one));
  const { wrong, named, pages } = checkLinks(path.resolve(site), path.resolve(folder));
  for (const one of wrong) console.error(one);
  console.log(`${pages} pages, ${named.size} files named, ${wrong.length} wrong links`);
  process.exitCode = wrong.length ? 1 : 0;
}
