// What the page itself raises, by its code; the engine's errors are English sentences already, but for those of engine-errors.js.
import { firstOf } from '../refused.js';

/** What to do in the page where a server does not give it a file. */
const inPage = (/** @type {string} */ wanted) =>
  ({
    image: 'Save the picture on your device, then choose the file.',
    lesson: 'Ask its author for a server that lets other sites read it.',
  })[wanted] ?? 'Download the file yourself, then choose it under “Your own network”.';

/** @param {import('../format.js').Formatters} f */
export default (f, byHand = inPage) => {
  const notLoaded = (/** @type {string} */ path) => `${path} did not load`;
  const because = (/** @type {number} */ status, /** @type {string} */ wanted) => {
    if (status === 401) return `the server asks you to sign in, or the repository does not exist. Check the name. ${byHand(wanted)}`;
    if (status === 403) return `the server does not give it to everyone. You may have to accept its terms first. ${byHand(wanted)}`;
    if (status === 404 || status === 410) return 'the file does not exist. Check the address.';
    if (status === 429) return 'the server has had too many requests. Wait a few minutes, then try again.';
    if (status >= 500) return 'the server has a problem. Try again later.';
    return 'the server refuses the request. Check the address.';
  };

  return /** @type {Record<string, (a: any) => string>} */ ({
    'fetch-offline': ({ path, wanted }) =>
      `${notLoaded(path)}: this device is offline. ${
        {
          image: 'You can still use the sample pictures and your own files.',
          lesson: 'The lessons of this site still work after a first visit.',
        }[/** @type {string} */ (wanted)] ?? 'Networks that this browser keeps still work.'
      }`,
    'fetch-redirected': ({ path, host, wanted }) =>
      `${notLoaded(path)}: ${host} redirects to another site, which does not let this page read it. ${byHand(wanted)}`,
    'fetch-forbidden': ({ path, host, wanted }) =>
      `${notLoaded(path)}: ${host} answers, but does not let other sites read its files (no CORS header). ${byHand(wanted)}`,
    'fetch-unreachable': ({ path, host }) =>
      `${notLoaded(path)}: ${host} cannot be reached. Check the address and the connection, then try again.`,
    'fetch-status': ({ path, status, wanted }) => `${notLoaded(path)} (${status}): ${because(status, wanted)}`,
    'fetch-web-page': ({ path, host, wanted }) =>
      `${path} is a web page, not ${{ image: 'a picture', lesson: 'a lesson' }[/** @type {string} */ (wanted)] ?? 'a weight file'}${host ? `: the server redirected to ${host}` : ''}. The server may ask you to sign in, or the address may lead to a page about the file. ${byHand(wanted)}`,
    'fetch-too-large': ({ path, bytes, limit }) =>
      `${path} is ${f.bytes(bytes)} or larger. The page loads files of up to ${f.bytes(limit)}.`,
    'fetch-size': ({ path, found, expected }) =>
      `${path} has ${f.number(found)} bytes instead of ${f.number(expected)}. The download is incomplete, or the file is another version. Try again.`,
    'fetch-digest': ({ path }) =>
      `${path} is not the file that was published: its SHA-256 differs. The page does not use it. Try again later.`,
    'fetch-cut': ({ path, bytes }) => `${notLoaded(path)}: the connection broke after ${f.number(bytes)} bytes. Try again.`,
    'fetch-stalled': ({ path, bytes }) => `${notLoaded(path)}: nothing has come for a minute, after ${f.number(bytes)} bytes. Try again.`,
    'fetch-not-stored': ({ path, bytes, cause }) =>
      `${notLoaded(path)}: the browser has no room to store its ${f.bytes(bytes)} (${cause}). Free some disk space, or close other tabs, then try again.`,
    'fetch-lfs-pointer': ({ path }) =>
      `${path} is a Git LFS pointer, not the file itself. Use the address that the site gives for downloading.`,
    'fetch-no-weights': ({ title, files }) =>
      `${title} has neither ${files.join(' nor ')}. Check the name. If its weight file has another name, ${byHand('weights').replace(/^D/, 'd')}`,

    'address-empty': () => 'Write a repository as owner/name, or an address.',
    'address-repository': ({ found }) =>
      `“${found}” is not a repository. A repository is owner/name; an address begins with https://, or with ./ on this site.`,
    'address-hub': ({ found, what }) =>
      `“${found}” ${
        /** @type {Record<string, string>} */ ({
          datasets: 'is a data set of Hugging Face, not a network.',
          spaces: 'is an application (a Space) of Hugging Face, not a network. Its page names the networks that it uses.',
          owner: 'names no repository.',
          folder: 'names a folder of a repository. Give the address of the weight file in it.',
        })[what] ?? 'is a page of Hugging Face, but not that of a network.'
      }${what === 'folder' ? '' : ' Write the repository of a network as owner/name.'}`,
    'address-foreign': ({ found, what }) =>
      what === 'up'
        ? `“${found}” has “..” in its path, which leads to another place. Write that place out.`
        : `“${found}” is ${
            /** @type {Record<string, string>} */ ({
              text: 'a text',
              picture: 'a picture',
              gguf: 'a GGUF file, as llama.cpp reads',
              onnx: 'an ONNX file',
              keras: 'an HDF5 file, as Keras writes',
              tensorflow: 'a file of TensorFlow',
              flax: 'a file of Flax',
              coreml: 'a file of Core ML',
              github: 'a page of GitHub that is about no file',
            })[what] ?? 'no weight file'
          }. Give the address of a weight file: safetensors, or a checkpoint of PyTorch.`,
    'address-revision': ({ found }) => `“${found}” is not a revision. Write a branch, a tag or a commit, such as main.`,
    'address-unreadable': ({ found }) =>
      found ? `“${found}” is not an address. Write one that begins with https://` : 'Write an address that begins with https://',
    'address-password': () =>
      'The address holds a name or a password, which links and messages would give away. Take out what stands before the @.',

    'lesson-unknown': ({ name, known }) => `There is no lesson “${name}”. There are ${f.list(known)}.`,
    'lesson-address': ({ name }) => `“${name}” is not an address of a lesson. Write one that begins with https://, or a file of this site.`,
    'lesson-broken': ({ path, problems }) =>
      `${path} is not a lesson yet. ${f.plural(problems.length, { one: 'One thing is', other: `${f.number(problems.length)} things are` })} wrong.`,

    'index-offline': () => 'The list of networks did not load: this device is offline. You can still use your own network.',
    'index-unreachable': () => 'The list of networks did not load. Check the connection, then reload the page.',
    'index-status': ({ status }) => `The list of networks did not load (${status}). Reload the page to try again.`,
    'index-broken': () =>
      'The server sent something else in place of models/index.json, the list of networks. You can still use your own network.',

    'samples-offline': () => 'The sample pictures did not load: this device is offline. You can still choose a picture of your own.',
    'samples-unreachable': () => 'The sample pictures did not load. Check the connection, or choose a picture of your own.',
    'sample-unknown': ({ name }) => `The page has no sample picture “${name}”. Choose another one.`,
    'network-unknown'({ name, known = [] }) {
      const { shown, more } = firstOf(known);
      const there = shown.length ? ` It has ${f.list([...shown, ...(more ? [`${more} more`] : [])])}.` : '';
      return `The page has no network “${name}”.${there} Choose another one.`;
    },
    'own-picture-missing': ({ name }) =>
      `“${name}” is somebody’s own picture, and links do not carry pictures. Choose the file, or another picture.`,
    'own-network-missing': ({ name }) =>
      `“${name}” is somebody’s own network, and links do not carry networks. Choose the file, or another network.`,

    'several-files': ({ files }) => `You gave ${f.list(files)} together, but the page can use only one of them. Choose one.`,
    'entered-size': ({ min, max }) =>
      `The input’s side is one whole number of pixels from ${f.number(min)} to ${f.number(max)}, or two: rows and columns.`,
    'entered-mean': ({ found }) => `“${found}” is not a mean. Write three numbers for red, green and blue, such as 0.485, 0.456, 0.406.`,
    'entered-std': ({ found }) =>
      `“${found}” is not a standard deviation. Write three numbers above 0 for red, green and blue, such as 0.229, 0.224, 0.225.`,

    'class-missing': ({ name, id }) => `This network has no class ${name === null ? `number ${id}` : `“${name}”`}.`,
    'layer-missing': ({ layer }) => `This network has no layer “${layer}”.`,
    'layer-unused': ({ method }) => `${method} looks at no layer.`,
    'contrast-unsigned': ({ method }) => `${method} gives no signed map of two classes.`,
    'option-missing': ({ name, found }) => `There is no ${name} “${found}”.`,
    'method-missing': ({ method }) => `The page has no method “${method}”.`,

    'picture-unusable': () => 'This is not a picture, or another site does not let this page read it.',

    'profile-ignored': () =>
      'The picture has an ICC profile, but this browser does not tell the page its colours in sRGB. The numbers in the file are taken for sRGB.',

    'file-unreadable': ({ file, cause }) =>
      `The browser can no longer read ${file ? `“${file}”` : 'the file'} (${cause}). It may have been moved or changed. Choose it again.`,
    'text-too-large': ({ file, bytes, limit }) =>
      `“${file}” is ${f.bytes(bytes)}. A card or a list of class names may be up to ${f.bytes(limit)}.`,
    'picture-too-large': ({ file, bytes, limit }) => `“${file}” is ${f.bytes(bytes)}. A picture may be up to ${f.bytes(limit)}.`,

    'engine-disposed': () => 'This engine was disposed of. Load another one.',
    'kernel-silent': ({ path }) => `The kernel did not send ${path}. Wait until it is idle, then run the cell again.`,
    'engine-missing': ({ message }) => `The engine did not load (${message}). Check the connection and reload the page.`,
    'engine-renewed': () => 'The site was renewed while this page was open. Reload the page.',
    'engine-trapped': ({ message }) => `The engine failed (${message}).`,
    'call-not-understood': ({ name }) => `The engine does not understand what it is asked${name ? ` (${name})` : ''}. Reload the page.`,
    'call-not-sent': ({ name, cause }) => `The engine cannot be asked this (${name}: ${cause}). Give numbers, texts, lists and files only.`,
    'worker-refused': ({ origin }) =>
      `The page does not let the engine start. Its Content-Security-Policy must allow \`worker-src blob:\`, \`script-src ${origin} 'wasm-unsafe-eval'\` and \`connect-src ${origin}\`.`,
    'too-much-at-once': () => 'The engine’s memory does not hold all that this takes. Choose a smaller picture or network.',
    'worker-failed': () => 'The engine’s worker ended unexpectedly.',
    'gpu-lost': ({ message }) => `The browser lost the GPU${message ? ` (${message})` : ''}.`,
    'gpu-refused': ({ message }) => `The GPU refused a computation (${message}).`,
  });
};
