// The preprocessor that mdBook calls (docs/book/book.toml): it reads the book as JSON and writes it with documents and formulas.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { documentOf, withDocument, withFormulas, withSources } from './chapter.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const chaptersOf = (items) => items.flatMap(({ Chapter }) => (Chapter ? [Chapter, ...chaptersOf(Chapter.sub_items)] : []));

if (process.argv[2] !== 'supports') {
  const [, book] = JSON.parse(readFileSync(0, 'utf8'));
  const chapters = chaptersOf(book.items);
  const places = Object.fromEntries(chapters.map(({ content, path: place }) => [documentOf(content), place]));
  for (const chapter of chapters) {
    const file = documentOf(chapter.content);
    chapter.content = withSources(withFormulas(chapter.content), read); // documents show their formulas in plain text
    if (!file) continue;
    chapter.content = withDocument(chapter.content, chapter.path, { file, text: read(file), places });
  }
  process.stdout.write(JSON.stringify(book));
}
