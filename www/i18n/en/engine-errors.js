// What the engine's errors advise on the command line and the page does not offer: the same by the page's own words.
import explain from '../../views/explain/en.js';
import sources from './sources.js';
import tables from './tables.js';

/** @param {import('../format.js').Formatters} f */
export default (f) => {
  const { own } = sources(f);
  const { target, preprocess } = explain(f).method;
  const { logit, contrast, counterfactual, squash } = tables.titles;
  const titled = (/** @type {string} */ name) => /** @type {Record<string, string>} */ (tables.titles)[name] ?? name;

  return /** @type {Record<string, (a: Record<string, string>) => string>} */ ({
    'several-networks': ({ states }) =>
      `The file holds several networks, ${states}. Choose one of them under “${own.title}”, at “${own.state}”, or save it alone.`,
    'other-state': ({ unknown, states }) =>
      `Under ${unknown} the file holds a network that is not known, and under ${states} one that is. Choose the latter under “${own.title}”, at “${own.state}”, or save the state dict of one network.`,
    'input-channels': ({ channels }) =>
      `The network takes ${channels} channels, but a picture has 3, or 1 when it is made grey. This page explains pictures only. Choose weights of a network for colour or grey pictures, or explain numbers on the command line.`,
    'input-by-numbers': ({ channels }) =>
      `The network takes ${channels} channels, which no picture has. It explains numbers, on the command line.`,
    'preprocessing-mean-scale': ({ place, value }) =>
      `In ${place}, the mean ${value} is not one of values 0 to 1. Divide means and standard deviations of values 0 to 255 by 255, or choose “${own.value_ranges['0-255']}” under “${own.title}”, at “${own.fields.range}”.`,
    'order-assumed': () =>
      `Red is assumed to come first. Many networks, such as Caffe’s and OpenCV’s, take blue first, and no weight file tells it. State it under “${own.title}”, at “${own.fields.order}”.`,
    'card-prepares-otherwise': ({ stated, chosen }) =>
      `The network’s card says “${titled(stated)}”, but the picture was prepared by “${titled(chosen)}”. Scores and heatmap may be others than the card’s way gives. To follow the card, choose its way at “${preprocess}”.`,
    'several-states': ({ used, others }) =>
      `The file holds several networks, and ${used} is used. To use another of them, ${others}, choose it under “${own.title}”, at “${own.state}”.`,
    'one-output': () =>
      `The network has one output, which is taken to say yes or no: its sigmoid is the probability of yes. If it is a number, choose “${own.problems.value}” under “${own.title}”, at “${own.problem}”.`,
    'target-without-probability': () =>
      `The network gives values, which have no probabilities. At “${target}”, choose “${logit}”, which is the value.`,
    'cam-probability': () =>
      `CAM explains class scores before softmax or sigmoid. At “${target}”, choose “${logit}”, “${contrast}” or “${counterfactual}”.`,
    'cam-without-linear-head': () =>
      'CAM needs a network that ends in global average pooling and one linear layer, but this one does not. Choose Grad-CAM, which equals CAM where CAM is defined.',
    'cam-layer': ({ pooled, layer }) =>
      `CAM explains only the layer that is pooled, here “${pooled}”, not “${layer}”. Choose that layer, or Grad-CAM.`,
    'picture-aspect': ({ size, max }) =>
      `A picture of ${size} pixels is too elongated to keep its aspect ratio (at most ${max}:1). At “${preprocess}”, choose “${squash}”, or crop the picture.`,
    'picture-avif': () => 'The file is AVIF, and this browser does not read it. Save the picture as PNG or JPEG.',
    'picture-heic': () =>
      'The file is HEIC, as iPhones write it, and this browser does not read it. Save the picture as JPEG. For further photos, choose Settings › Camera › Formats › Most Compatible on the phone.',
    'picture-dicom': () =>
      'The file is DICOM, a medical picture with its patient’s data. Export the picture as PNG of 16 bits, for example with the program dcm2pnm. The page then lets you choose its window.',
    'picture-as-weights': () =>
      'This is a picture, not a weight file. Choose it as the picture, and a safetensors file or a state dict of PyTorch as the weights.',
    'network-classifies': ({ title, network }) => `${title} (${network}) scores classes and knows no words. Use it in another view.`,
    'network-answers': ({ title, network }) =>
      `${title} (${network}) needs a question about the picture. Choose a network that scores classes.`,
    'network-describes': ({ title, network }) => `${title} (${network}) writes captions. Choose a network that scores classes.`,
  });
};
