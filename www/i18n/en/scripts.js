// What errors advise authors who call the API or place `<cam-lucida>`: they write options and addresses, and have no page to choose in.
import errors from './errors.js';

const SERVER = 'a server that lets other sites read it (Access-Control-Allow-Origin)';

/** @param {import('../format.js').Formatters} f */
export default (f) => {
  const byHand = (/** @type {string} */ wanted) =>
    wanted === 'image'
      ? `Give the picture as a Blob, or the address of ${SERVER}.`
      : `Give the network as { weights: Blob }, or the address of ${SERVER}.`;
  const fetched = Object.entries(errors(f, byHand)).filter(([code]) => code.startsWith('fetch-'));

  return {
    errors: /** @type {Record<string, ((a: any) => string) | undefined>} */ ({
      ...Object.fromEntries(fetched),
      'fetch-offline': ({ path }) => `${path} did not load: this device is offline.`,
      'index-offline': () => 'The list of networks did not load: this device is offline. A network’s address or Blob needs no list.',
      'index-unreachable': () => 'The list of networks did not load. Check the connection, and that the site has models/index.json.',
      'index-status': ({ status }) => `The list of networks did not load (${status}). Check that the site has models/index.json.`,
      'index-broken': () => 'The server sent something else in place of models/index.json, the list of networks.',
      'samples-offline': () => 'The sample pictures did not load: this device is offline.',
      'samples-unreachable': () => 'The sample pictures did not load. Check the connection, or give a picture of your own.',
      'sample-unknown': ({ name }) => `The site has no sample picture “${name}”. Give another name, or an address.`,
      'network-unknown': ({ name }) =>
        `The site has no network “${name}”. Give the name of one in models/index.json, OWNER/REPOSITORY of Hugging Face, or an address.`,
      'method-missing': ({ method }) => `There is no method “${method}”.`,
      'file-unreadable': ({ file, cause }) =>
        `The browser can no longer read ${file ? `“${file}”` : 'the file'} (${cause}). It may have been moved or changed, or the browser has no room left for it.`,
      'address-empty': () => 'The address is empty. Give OWNER/REPOSITORY of Hugging Face, or an address.',
      'several-networks': ({ states }) =>
        `The file holds several networks, ${states}. Name one of them by the option state of { weights }, or save it alone.`,
      'other-state': ({ unknown, states }) =>
        `Under ${unknown} the file holds a network that is not known, and under ${states} one that is. Name the latter by the option state of { weights }, or save the state dict of one network.`,
      'preprocessing-mean-scale': ({ place, value }) =>
        `In ${place}, the mean ${value} is not one of values 0 to 1. Divide means and standard deviations of values 0 to 255 by 255, or set the option range of { weights } to “0-255”.`,
      'order-assumed': () =>
        'Red is assumed to come first. Many networks, such as Caffe’s and OpenCV’s, take blue first, and no weight file tells it. Set the option order of { weights } to “rgb” or “bgr”.',
      'several-states': ({ used, others }) =>
        `The file holds several networks, and ${used} is used. To use another of them, ${others}, name it by the option state of { weights }.`,
      'card-prepares-otherwise': ({ stated, chosen }) =>
        `The network’s card prepares pictures by “${stated}”, but “${chosen}” was used. Scores and heatmap may be others than the card’s way gives. To follow the card, set preprocess to “${stated}”.`,
      'target-without-probability': () =>
        'The network gives values, which have no probabilities. Set target to “logit”, which is the value.',
      'cam-probability': () =>
        'CAM explains class scores before softmax or sigmoid. Set target to “logit”, “contrast:ID” or “counterfactual”.',
      'picture-aspect': ({ size, max }) =>
        `A picture of ${size} pixels is too elongated to keep its aspect ratio (at most ${max}:1). Set preprocess to “squash”, or crop the picture.`,
      'picture-dicom': () =>
        'The file is DICOM, a medical picture with its patient’s data. Export the picture as PNG of 16 bits, for example with the program dcm2pnm.',
      'picture-as-weights': () =>
        'This is a picture, not a weight file. Give it as the picture, and a safetensors file or a state dict of PyTorch as the weights.',
      'network-classifies': ({ title, network }) => `${title} (${network}) scores classes and knows no words.`,
      'network-answers': ({ title, network }) =>
        `${title} (${network}) needs a question about the picture. Give a network that scores classes.`,
      'network-describes': ({ title, network }) => `${title} (${network}) writes captions. Give a network that scores classes.`,
      'engine-missing': ({ message }) => `The engine did not load (${message}). Check the connection, and where the package’s files are.`,
    }),
  };
};
