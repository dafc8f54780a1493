// Which of the files that were given together is what: their names tell.

/** @typedef {{ weights: File[], config: File[], preprocessor: File[], labels: File[], pictures: File[] }} Sorted */

const KINDS = /** @type {Record<'weights' | 'config' | 'preprocessor' | 'labels', RegExp>} */ ({
  weights: /\.(safetensors|pth|pt|bin)$/i,
  // Browsers number what is downloaded twice.
  config: /^config( ?\(\d+\))?\.json$/i,
  preprocessor: /^preprocessor_config( ?\(\d+\))?\.json$/i,
  labels: /\.(txt|json)$/i,
});

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
