// The frame of the page: header, menu, status, the dialog Share, and what has no view of its own.

/** @param {import('../format.js').Formatters} f */
export default (f) => ({
  name: 'CAM Lucida',
  title: (/** @type {string} */ view) => `${view} – CAM Lucida`,
  promise: 'Everything is computed in this browser. Nothing is uploaded.',
  menu: 'Views',
  views: {
    board: 'Sticker board',
    bias: 'Investigate a bias',
    ask: 'Ask',
    caption: 'Caption',
    explain: 'Explain',
    compare: 'Compare',
    erase: 'Erase',
    trust: 'Can you trust it?',
    guess: 'Guess first',
    lessons: 'Lessons',
  },
  /** For narrow screens. */
  short: {
    board: 'Stickers',
    bias: 'Bias',
    ask: 'Ask',
    caption: 'Caption',
    explain: 'Explain',
    compare: 'Compare',
    erase: 'Erase',
    trust: 'Trust',
    guess: 'Guess',
    lessons: 'Lessons',
  },
  more: 'More',
  book: 'Book',
  language: 'Language',
  theme: 'Theme',
  themes: { auto: 'Automatic', light: 'Light', dark: 'Dark', projector: 'Projector' },

  device: {
    cpu: () => 'Computing on the CPU.',
    gpu: (/** @type {string} */ name) => `Computing on the ${name}.`,
    because: (/** @type {string} */ why) => `Computing on the CPU because ${why.replace(/\.$/, '')}.`,
  },
  /** Why it is not the GPU, by code. */
  why: /** @type {Record<string, ((failure: string) => string) | undefined>} */ ({
    'cpu-asked': () => 'the link asks for it',
    'no-webgpu': () => 'this browser does not offer WebGPU here',
    'no-adapter': () => 'WebGPU finds no usable graphics adapter',
    'no-timestamps': () => 'the graphics adapter lacks timestamp queries, which the engine needs',
    'software-adapter': () => 'the only graphics adapter is emulated in software, which would be slower',
    'gpu-failed': (failure) => `the GPU failed: ${failure}`,
  }),
  restarted: (/** @type {string} */ why) => `${why} The engine has restarted. Your picture, network and choices are still here.`,

  drop: 'Drop a picture, weights or class names to use them.',
  notKept: 'The browser could not keep the network for your next visit: it is out of space, or it does not allow that.',

  messages: 'Messages',
  working: 'Progress',
  cancel: 'Cancel',
  cancelled: 'Cancelled.',
  dismiss: 'Close this message',
  renewed: { there: 'A new version of this page is ready.', reload: 'Reload' },
  retry: 'Try again',
  phases: /** @type {Record<string, string>} */ ({
    wait: 'Working…',
    download: 'Downloading the network…',
    choose_device: 'Starting the engine…',
    start: 'Starting the engine…',
    load_model: 'Loading the weights…',
    load_language: 'Loading the weights…',
    open_picture: 'Opening the picture…',
    open_pixels: 'Opening the picture…',
    explain: 'Computing the heatmap…',
    explain_phrase: 'Computing the heatmaps of the words…',
    write_captions: 'Writing captions…',
    score_caption: 'Scoring the caption…',
    raw_map: 'Reading the values of the heatmap…',
    rank_pixels: 'Ranking the pixels…',
    measure_cover: 'Covering parts of the picture…',
    measure_curve: 'Exchanging the pixels…',
    load_fresh: 'Randomising the weights…',
    compare: 'Comparing the heatmaps…',
  }),
  steps: (/** @type {string} */ done, /** @type {string} */ total) => `${done} of ${total}`,
  computing: (/** @type {string} */ method) => `Computing ${method}…`,
  bytes: (/** @type {string} */ done) => `${done} so far`,
  bytesOf: (/** @type {string} */ done, /** @type {string} */ total) => `${done} of ${total}`,

  /** Headings of failures, by their code or else their kind. */
  failed: /** @type {Record<string, string>} */ ({
    image: 'The picture cannot be used.',
    weights: 'The weights cannot be used.',
    labels: 'The class names cannot be used.',
    address: 'Nothing can be downloaded from there.',
    preprocessing: 'The picture cannot be prepared like that.',
    device: 'The engine stopped.',
    request: 'This cannot be computed.',
    'out-of-memory': 'The network does not fit into memory.',
    view: 'This view did not load.',
    link: 'Part of the link is left out.',
    language: 'The language cannot be changed.',
    lesson: 'The lesson cannot be used.',
  }),
  unexpected: 'Something went wrong.',
  /** What the page itself cannot do, and what it says in its own words, by its code. */
  sentences: /** @type {Record<string, ((a: any) => string) | undefined>} */ ({
    'link-refused': (/** @type {{ refused: { name: string, found: string }[] }} */ { refused }) =>
      `The page ignores ${f.list(refused.map(({ name, found }) => `“${name}=${found}”`))} in the link, because it does not understand ${f.plural(refused.length, { one: 'it', other: 'them' })}.`,
    'view-unreachable': ({ view, offline }) =>
      offline
        ? `This device is offline, and “${view()}” was not loaded before. Connect to the internet, then try again.`
        : `The server did not send “${view()}”. Check the connection, then try again.`,
    'language-unreachable': ({ language, offline }) =>
      offline
        ? `This device is offline, and the words in ${language} were not loaded before. Connect to the internet, then try again.`
        : `The server did not send the words in ${language}. Check the connection, then try again.`,
    'label-count'(/** @type {{ labels: string, classes: string }} */ a) {
      const [names, classes] = [Number(a.labels), Number(a.classes)];
      const said = `${f.number(names)} class ${f.plural(names, { one: 'name', other: 'names' })}`;
      return `The file has ${said}, but the network has ${f.number(classes)} ${f.plural(classes, { one: 'class', other: 'classes' })}.`;
    },
    'labels-json': ({ cause }) => `Class names are a JSON list of names, or a JSON object of numbers and names (${cause}).`,
    'labels-empty': () => 'The file is empty. It must have a name for each class.',
    'labels-gap': ({ found, missing }) => `The file names class ${found}, but not class ${missing}.`,
  }),

  share: {
    open: 'Share',
    title: 'Share this page',
    close: 'Close',
    link: 'Link',
    copy: 'Copy',
    copyLink: 'Copy the link',
    copyFrame: 'Copy the code',
    copied: 'Copied.',
    notCopied: 'The browser does not allow copying here. Select the text and copy it yourself.',
    code: 'QR code of the link',
    codeTooLong: 'The link is too long for a QR code.',
    enlarge: 'Enlarge the QR code',
    shrink: 'Shrink the QR code',
    frame: 'Code to embed the page',
    frameHint: 'The embedded page leaves out its header and footer.',
    hide: 'Hide',
    hint: 'The link opens this view with the same choices.',
    hintOthers: 'The link opens this view with all other choices.',
    ownPicture: 'Your own picture stays on this device, so the link cannot show it.',
    ownModel: 'Your own network stays on this device, so the link cannot load it.',
    parts: {
      header: 'Header',
      nav: 'Menu of views',
      footer: 'Footer',
      lead: 'Introduction',
      axes: 'Choice of what is compared',
      picture: 'Choice of picture',
      network: 'Choice of network',
      classes: 'Choice of class',
      method: 'Choice of method',
      layers: 'Choice of layer',
      appearance: 'Appearance',
      save: 'Save',
      share: 'Share button',
      palette: 'What can be added',
      tools: 'Tools',
      sureness: 'How sure the network is',
      alternatives: 'Captions that it found',
      own: 'Your own caption',
      caption: 'Caption',
      questions: 'Questions and answers',
    },
  },
});
