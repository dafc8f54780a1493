// What a chapter of the book may say besides Markdown. `{{#document PATH}}` is a document of the repository, links included;
// `{{#source PATH}}`, a file of code as it is. `$…$` and `$$…$$` are TeX formulas. They become MathML: it needs no script, no font
// and no style, so the site's policy need not allow any.
import path from 'node:path';
import temml from 'temml';

const DOCUMENT = /^\{\{#document (\S+?)\}\}$/m;
const SOURCE = /^\{\{#source (\S+?)\}\}$/gm;
const CODE = '^(`{3,})[^]*?^\\1`*$|`[^`\\n]+`';
/** Pictures of documents; the book has them in this folder. */
const PICTURE = /\.(png|webp|svg)$/;
export const PICTURES = 'pictures';

/** The path of the document that a chapter includes; undefined where it includes none. */
export const documentOf = (chapter) => DOCUMENT.exec(chapter)?.[1];

/**
 * The chapter at `place` with its document, whose `text` is there. `places` says which chapter has which document. A link to
 * a file that the book does not have becomes plain text.
 */
export function withDocument(chapter, place, { file, text, places }) {
  const toBook = (target) => path.posix.relative(path.posix.dirname(place), target) || path.posix.basename(target);
  const linked = outsideCode(text, /(!?)\[((?:`[^`]*`|[^\]`])*)\]\(([^)\s]+)\)/, (whole, picture, words, target) => {
    if (/^([a-z]+:|#)/.test(target)) return whole;
    const [address, anchor] = target.split('#');
    const found = path.posix.join(path.posix.dirname(file), address);
    if (picture && PICTURE.test(found)) return `![${words}](${toBook(`${PICTURES}/${path.posix.basename(found)}`)})`;
    return places[found] ? `[${words}](${toBook(places[found])}${anchor ? `#${anchor}` : ''})` : words;
  });
  return chapter.replace(DOCUMENT, () => linked.trimEnd());
}

/** The chapter with the files of code that it shows; `read` gives the text of each. */
export const withSources = (chapter, read) =>
  chapter.replace(SOURCE, (_, file) => `\`\`\`${path.posix.extname(file).slice(1)}\n${read(file).trimEnd()}\n\`\`\``);

/** Markdown with its formulas as MathML. */
export function withFormulas(markdown) {
  return outsideCode(markdown, /\$\$([^$]+)\$\$|\$([^$\n]+)\$/, (whole, block, inline) =>
    block ? `\n<div class="formula">\n${mathML(block, true)}\n</div>\n` : mathML(inline, false),
  );
}

/** MathML that no Markdown reader takes for Markdown. */
function mathML(tex, displayMode) {
  const written = temml.renderToString(tex.trim(), { displayMode, throwOnError: true, strict: true });
  return written
    .replace(/ style="[^"]*"/g, '') // the policy forbids them; book.css says what they would
    .replace(/>([^<]+)</g, (_, text) => `>${text.replace(/[*_`[\]|\\~$!]/g, (sign) => `&#${sign.charCodeAt(0)};`)}<`);
}

/** `text.replace(pattern, give)`, but for fenced code and code within lines that the pattern does not begin before. */
function outsideCode(text, pattern, give) {
  return text.replace(new RegExp(`${CODE}|${pattern.source}`, 'gm'), (whole, fence, ...groups) =>
    whole.startsWith('`') ? whole : give(whole, ...groups),
  );
}
