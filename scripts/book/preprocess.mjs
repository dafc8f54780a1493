// The preprocessor that mdBook calls (docs/book/book.toml): it reads the book as JSON and writes it with documents and formulas.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { documentOf, withDocument, withFormulas } from './chapter.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** The items of the book with their chapters complete. `places` says which chapter has which document. */
function complete(items, places) {
  return items.flatMap((item) => {
    const chapter = item.Chapter;
    if (!chapter) return [item];
    const document = documentOf(chapter.content);
    if (document?.optional && !existsSync(path.join(root, document.file))) return [];
    const sub_items = complete(chapter.sub_items, places);
    const formulas = withFormulas(chapter.content); // documents show their formulas in plain text
    if (!document) return [{ Chapter: { ...chapter, sub_items, content: formulas } }];
    const text = readFileSync(path.join(root, document.file), 'utf8');
    return [{ Chapter: { ...chapter, sub_items, content: withDocument(formulas, chapter.path, { ...document, text, places }) } }];
  });
}

const chaptersOf = (items) => items.flatMap(({ Chapter }) => (Chapter ? [Chapter, ...chaptersOf(Chapter.sub_items)] : []));

if (process.argv[2] !== 'supports') {
  const [, book] = JSON.parse(readFileSync(0, 'utf8'));
  const documents = chaptersOf(book.items).map((chapter) => [documentOf(chapter.content), chapter.path]);
  const places = Object.fromEntries(documents.filter(([found]) => found).map(([{ file }, place]) => [file, place]));
  process.stdout.write(JSON.stringify({ ...book, items: complete(book.items, places) }));
}
