// Which of the files that were given together is what: their names tell.

const KINDS = {
  weights: /\.(safetensors|pth|pt|bin)$/i,
  // Browsers number what is downloaded twice.
  config: /^config( ?\(\d+\))?\.json$/i,
  preprocessor: /^preprocessor_config( ?\(\d+\))?\.json$/i,
  labels: /\.(txt|json)$/i,
};

/** `{ weights, config, preprocessor, labels, pictures }`, a list each. What has no such name is `rest`. */
export function sortFiles(files, rest = 'pictures') {
  const kindOf = ({ name }) => Object.keys(KINDS).find((kind) => KINDS[kind].test(name)) ?? rest;
  const sorted = { weights: [], config: [], preprocessor: [], labels: [], pictures: [] };
  for (const file of files) sorted[kindOf(file)].push(file);
  return sorted;
}
