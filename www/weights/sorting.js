// Which of the files that were given together is what: their names tell.

/** @typedef {{ weights: File[], config: File[], preprocessor: File[], labels: File[], pictures: File[] }} Sorted */

/** How the names of weight files end: safetensors, and what scripts that train with PyTorch call theirs. */
const WEIGHTS = ['.safetensors', '.pth', '.pt', '.bin', '.ckpt', '.pkl', '.pickle', '.pth.tar', '.pt.tar'];
/** How the names of files of class names end. */
const LABELS = ['.txt', '.json', '.csv', '.tsv'];

/** What inputs for these files offer. A system may know only the last part of `.pth.tar`. */
export const ACCEPTED = { weights: [...WEIGHTS, '.tar', ...LABELS].join(), labels: LABELS.join() };

const ending = (/** @type {string[]} */ all) => new RegExp(`(${all.map((one) => one.replaceAll('.', '\\.')).join('|')})$`, 'i');

const KINDS = /** @type {Record<'weights' | 'config' | 'preprocessor' | 'labels', RegExp>} */ ({
  weights: ending(WEIGHTS),
  // Browsers number what is downloaded twice.
  config: /^config( ?\(\d+\))?\.json$/i,
  preprocessor: /^preprocessor_config( ?\(\d+\))?\.json$/i,
  labels: ending(LABELS),
});

/** Whether a name, or the path of an address, is that of a weight file. */
export const isWeightFile = (/** @type {string} */ name) => KINDS.weights.test(name);

/**
 * What has no such name is `rest`.
 * @param {Iterable<File>} files
 * @param {keyof Sorted} rest
 */
export function sortFiles(files, rest = 'pictures') {
  const kinds = /** @type {(keyof typeof KINDS)[]} */ (Object.keys(KINDS));
  /** @type {Sorted} */
  const sorted = { weights: [], config: [], preprocessor: [], labels: [], pictures: [] };
  for (const file of files) {
    const picture = file.type.startsWith('image/') ? /** @type {const} */ ('pictures') : rest;
    sorted[kinds.find((kind) => KINDS[kind].test(file.name)) ?? picture].push(file);
  }
  return sorted;
}
