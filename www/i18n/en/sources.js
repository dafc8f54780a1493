// Where pictures and networks are from.

/** @typedef {{ label: string, hair: string, tool: string }} Person */

/** @param {import('../format.js').Formatters} f */
export default (f) => {
  const networks = (/** @type {number} */ count) => `${f.number(count)} ${f.plural(count, { one: 'network', other: 'networks' })}`;
  const classes = (/** @type {number} */ count) => `${f.number(count)} ${f.plural(count, { one: 'class', other: 'classes' })}`;
  const layers = (/** @type {number} */ count) => `${f.number(count)} ${f.plural(count, { one: 'layer', other: 'layers' })}`;

  return {
    choosePicture: 'Choose a picture',
    pictureHint: 'You can also drop or paste pictures anywhere on this page.',
    formats: (/** @type {string[]} */ names) => `${f.either(names)}.`,
    pictureOpen: (/** @type {string} */ name, /** @type {string} */ width, /** @type {string} */ height) =>
      `${name}, ${width} × ${height} pixels`,

    camera: {
      open: 'Camera',
      title: 'Take a picture',
      preview: 'What the camera sees',
      starting: 'Your browser may ask whether this page may use the camera.',
      stays: 'The picture stays in this browser.',
      start: 'Start the camera',
      take: 'Take the picture',
      which: 'Which camera',
      nameless: (/** @type {number} */ number) => `Camera ${f.number(number)}`,
      cancel: 'Cancel',
      chooseFile: 'Choose a picture file',
      file: 'camera.jpg',
      trouble: {
        refused: 'This page may not use the camera. Allow it in your browser’s settings, or choose a picture file.',
        none: 'This device has no camera that the browser can use. Connect one, or choose a picture file.',
        gone: 'The camera that you chose is no longer connected. Start another one, or choose a picture file.',
        busy: 'The camera does not answer. Another program may be using it. Close that program, or choose a picture file.',
        ended: 'The camera stopped. It may be unplugged, switched off or no longer allowed. Start it again, or choose a picture file.',
        unavailable: 'The browser does not offer a camera on this page. Choose a picture file instead.',
      },
    },

    address: {
      open: 'Web address',
      label: 'Address of a picture',
      example: 'https://example.org/photo.jpg',
      hint: 'Some sites do not let other pages read their pictures. In that case, save the picture and choose the file.',
      fetch: 'Open',
    },

    samples: 'Sample pictures',
    sampleKinds: { scenes: 'Scenes of stickers', people: 'Drawn people' },
    noSamples: 'The sample pictures did not load.',
    again: 'Try again',
    scenes: /** @type {Record<string, string | undefined>} */ ({
      meadow: 'Cat, dog and bicycle',
      cats: 'Two cats and a tiger',
      street: 'A street',
      table: 'Fruit, pizza and cake',
      hiding: 'A cat behind a tree',
      upset: 'Upside down',
      single: 'A single cat',
    }),
    person: (/** @type {Person} */ { label, hair, tool }) => `A ${label} with ${hair} hair and a ${tool}`,

    ownPictures: 'Your pictures',
    compare: 'Compare them side by side',
    together: (/** @type {number} */ count) =>
      `You gave ${f.number(count)} pictures at once. The page explains the first one. Choose another one here.`,
    ownPicturesKept: 'The pictures you used last stay in this browser and survive a reload.',
    forget: 'Forget',
    forgotten: 'This browser no longer keeps your files.',

    embedded: {
      knows: /** @type {Record<string, ((classes: number) => string) | undefined>} */ ({
        scenes: (count) => `For scenes of ${f.number(count)} kinds of stickers`,
        people: () => 'For drawn doctors and nurses',
      }),
    },
    /** What networks know, by what they were trained on. */
    knows: /** @type {Record<string, (classes: number) => string>} */ ({
      scenes: (count) => `It knows ${f.number(count)} kinds of drawn stickers and has never seen a photograph.`,
      people: () => 'It tells drawn doctors from drawn nurses and knows nothing else.',
      photographs: (count) => `It knows photographs of ${f.number(count)} kinds of animals, plants and things.`,
    }),
    inUse: (/** @type {string} */ name, /** @type {number} */ classCount, /** @type {number} */ layerCount) =>
      `In use: ${name}, ${classes(classCount)}, ${layers(layerCount)}.`,
    from: (/** @type {string} */ title, /** @type {string} */ file) => `${title} from ${file}`,
    notKeptHere: 'This browser does not keep it.',
    /** Between two sentences. */
    gap: ' ',

    zoo: {
      title: (/** @type {number} */ count) => `Networks for photographs (${f.number(count)})`,
      keptTitle: 'Networks kept in this browser',
      label: 'Networks for photographs',
      hint: 'The page downloads each network once from its authors, and this browser keeps it.',
      classes,
      about: (/** @type {string} */ mebibytes) => `about ${mebibytes} MiB`,
      between: ' · ',
      used: 'in use',
      kept: 'kept',
      load: 'Load',
      loadOf: (/** @type {string} */ title, /** @type {string} */ size) => `Load ${title}, ${size}`,
      remove: 'Remove',
      removeOf: (/** @type {string} */ title) => `Remove ${title} from this browser`,
      keptInAll: (/** @type {number} */ count, /** @type {string} */ size) => `This browser keeps ${networks(count)} (${size}).`,
      clear: 'Remove all',
      removed: (/** @type {string} */ title) => `This browser no longer keeps ${title}.`,
      cleared: 'This browser no longer keeps any network.',
    },

    repository: {
      title: 'From Hugging Face or another site',
      name: 'Repository or address',
      hint: 'Write a repository as owner/name, or an address: of a folder, a weight file, or its page on Hugging Face or GitHub. A folder holds model.safetensors and config.json. An address on this site begins with ./',
      advanced: 'Advanced',
      revision: 'Branch, tag or commit',
      host: 'Server of the repositories',
      fetch: 'Load',
    },

    own: {
      title: 'Your own network',
      network: 'Architecture',
      recognise: 'Recognise it from the file',
      weights: 'Choose a weight file',
      labels: 'Class names (optional)',
      weightsHint: 'Choose or drop config.json, preprocessor_config.json and class names together with the weights, if you have them.',
      given: (/** @type {string[]} */ files) => `Chosen: ${f.list(files)}`,
      kept: 'It stays in this browser and survives a reload.',
      notKept: 'This browser keeps files of up to 64 MiB. After a reload, choose this one again.',
      state: 'Which network of the file',
      noState: 'Choose one',
      problem: 'What its outputs are',
      asFiles: 'What the files say',
      problems: /** @type {Record<string, string>} */ ({
        single: 'Scores of classes, of which a picture shows one',
        multiple: 'Scores of classes, of which a picture shows any number',
        value: 'Values, such as an age',
      }),
      variant: 'How it computes where its tensors do not tell',
      variants: /** @type {Record<string, string>} */ ({
        torchvision: 'As in torchvision',
        'caffe-strides': 'Strides as in Caffe’s ResNets',
        'cifar-strides': 'Without the first two strides, for CIFAR',
        'cifar-pool': 'With a pool behind the first 3×3 convolution, for CIFAR',
        'timm-pool': 'Pools behind its hidden layers, as timm’s VGG',
      }),
      renamed: {
        title: (/** @type {number} */ count) =>
          f.plural(count, {
            one: '1 tensor has another name in the file',
            other: `${f.number(count)} tensors have other names in the file`,
          }),
        file: 'In the file',
        name: 'In torchvision',
      },
      preprocessing: 'Preprocessing',
      preprocessingHint: 'Fill in only what the files do not say. An empty field means the file’s value, or else torchvision’s default.',
      fields: {
        size: 'Side of the input in pixels, or rows and columns',
        mean: 'Mean of red, green and blue',
        std: 'Standard deviation of red, green and blue',
        range: 'Values that mean and deviation are of',
        order: 'Order of the colours',
      },
      value_ranges: /** @type {Record<string, string>} */ ({ '0-1': '0 to 1', '0-255': '0 to 255, as in Caffe' }),
      channel_orders: /** @type {Record<string, string>} */ ({ rgb: 'Red, green, blue', bgr: 'Blue, green, red, as in OpenCV and Caffe' }),
      help: {
        title: 'Where do I get a weight file?',
        files:
          'PyTorch writes one when you save a state_dict or a checkpoint: .pth, .pt, .bin, .ckpt, .pth.tar or .safetensors. The architecture must be in the list above. Its tensors may have the names of torchvision, timm and other libraries, under any prefix.',
        python: 'For example, in Python:',
        code: 'Python code',
        copy: 'Copy the code',
        copied: 'The code is copied.',
        notCopied: 'The browser does not allow copying here. Select the code instead.',
        names:
          'Class names are a text file with one name per line, in the order of the class numbers. A table (CSV) or JSON with numbers and names works, too.',
      },
    },
    waitingForWeights: (/** @type {string[]} */ files) =>
      `${f.list(files)}: now choose the weight file that belongs to ${f.plural(files.length, { one: 'it', other: 'them' })}.`,
  };
};
