// Gives what was chosen in the menu Save: files to the visitor, a picture or a link to the clipboard.
import { t } from '../i18n/index.js';
import { copy } from '../save/clipboard.js';
import { giveFile } from './look.js';

/**
 * What came of it, in words; undefined where it failed, which the view's status tells.
 * @param {import('./view.js').ViewElement<any, any>} view
 * @param {import('./save.js').What} what
 * @param {object} of
 * @param {string} of.link
 * @param {boolean} of.own whether the link leaves out files of somebody's own
 * @param {() => Promise<{ name: string, blob: Blob }[]>} of.files makes them; of several, the first is copied
 * @returns {Promise<(() => string) | undefined>}
 */
export async function give(view, what, { link, own, files }) {
  const words = () => t().explain.save;
  if (what === 'copyLink') {
    const copied = await copy(link);
    return () => (copied ? words()[own ? 'copiedLinkOwn' : 'copiedLink'] : words().notCopied);
  }
  if (what === 'copyPicture') {
    const copied = await copy(files().then(([{ blob }]) => blob));
    return () => (copied ? words().copiedPicture : words().notCopied);
  }
  const made = await view.status.attempt(files);
  for (const { blob, name } of made ?? []) giveFile(view, blob, name);
  return made && (() => words().saved(made.map(({ name }) => name)));
}
