// Messages that mean no good, from a seed. For node and for a page: the function that makes them needs nothing around it.

/**
 * Makes messages to the engine's worker: calls of which something is wrong nearly always. `kept` has the ids of a `model`, models
 * of `language`, a `picture` and an `explanation`, the model's `network`, a `layer` of it, and its weight `file`. Those that are calls
 * (`call`) have no numbers yet. Beside `message` there are its means: `anything`, and `changed`, a value with something else in one place.
 */
export function hostileMessages(seed, kept) {
  let state = seed >>> 0;
  // Mulberry32.
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(random() * count);
  const pick = (list) => list[below(list.length)];

  const NUMBERS = [0, 1, 2, 3, 7, 9, 10, 64, 255, 1000, 65_535, 65_536, 1e6, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 1e300];
  const ODD = [-1, -0, -(2 ** 31), 0.5, 1e-300, NaN, Infinity, -Infinity];
  const TEXTS = [
    ...[
      '',
      ' ',
      '0',
      '-1',
      'NaN',
      'null',
      '__proto__',
      'constructor',
      'toString',
      'then',
      '\0',
      '\ud800',
      '\u202e',
      '<img src=x>',
      '{}',
      '[',
      '{"a":',
    ],
    ...[
      'grad-cam',
      'rise',
      'ablation-cam',
      'occlusion',
      'guided-backprop',
      'logit',
      'probability',
      'contrast:3',
      'contrast:99999999999',
      'mean',
      'max',
    ],
    ...['squash', 'crop', 'pad', 'blur', 'turbo', 'blend', 'heatmap', 'raw', 'features.0', 'features.18', 'layer4', 'head'],
    ...[
      'mobilenet_v2_x0_25',
      'resnet18',
      'film_shapes',
      'single-label',
      'value',
      'cpu',
      'gpu',
      'unit',
      'bgr',
      'what color is the hydrant?',
      'a red car',
    ],
  ];
  const SETTINGS = ['samples', 'patch', 'stride', 'seed', 'steps', 'max_channels', 'sigma', 'keep', 'masks', 'cells', '__proto__'];
  const text = () => (random() < 0.03 ? pick(TEXTS).repeat(below(3000)) : pick(TEXTS));
  const number = () => (random() < 0.3 ? pick(ODD) : pick(NUMBERS));
  const deep = (levels) => {
    let value = [];
    for (let i = 0; i < levels; i++) value = random() < 0.9 ? [value] : { value };
    return value;
  };
  const detached = () => {
    const bytes = new Uint8Array(8);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    return bytes;
  };
  /** What no message can carry is left out: the page cannot post it. */
  const OTHERS = [
    () => null,
    () => undefined,
    () => true,
    () => false,
    () => 10n ** 20n,
    () => new Date(8.64e15),
    () => /a/g,
    () => new Map([['method', 'grad-cam']]),
    () => new Set([1, 2]),
    () => new Error('no'),
    () => new Uint8Array(below(64)),
    () => new Uint8ClampedArray(below(64)),
    () => new Float32Array(2),
    () => new BigUint64Array(2),
    () => new ArrayBuffer(16),
    () => new DataView(new ArrayBuffer(4)),
    () => new Blob(['PK\u0003\u0004']),
    () => Object.assign([], { length: 2 ** 32 - 1 }),
    () => ({ length: 2 ** 32 - 1 }),
    () => deep(pick([2, 50, 400])),
    () => Array.from({ length: below(200) }, number),
    () => Object.fromEntries(Array.from({ length: below(50) }, (_, i) => [`${text().slice(0, 20)}${i}`, number()])),
  ];
  const anything = (depth = 2) => {
    const kind = random();
    if (kind < 0.3) return number();
    if (kind < 0.55) return text();
    if (kind < 0.85 || depth === 0) return pick(OTHERS)();
    if (kind < 0.93) return Array.from({ length: below(4) }, () => anything(depth - 1));
    return Object.fromEntries(Array.from({ length: below(4) }, () => [text().slice(0, 20), anything(depth - 1)]));
  };

  const id = () => pick([kept.model, ...kept.language, kept.picture, kept.explanation]);
  const how = () => ({
    ...{ method: pick(['grad-cam', 'score-cam', 'rise']), layers: [], merge: 'mean', smooth: random() < 0.1, preset: null },
    settings: random() < 0.5 ? {} : { [pick(SETTINGS)]: number() },
    ...{ classes: pick([[], [1], [[1, 2]], [3, 4]]), target: 'logit', preprocess: 'squash', view: pick([null, 1, 32]) },
  });
  const files = () => ({ network: kept.network, config: null, size: [32, 32] });
  const memory = () => ({ models: 2 ** 28, files: 2 ** 26, pictures: 2 ** 26, explanations: 2 ** 26 });
  /** Of each call, arguments that are right. */
  const RIGHT = {
    choose_device: () => [pick(['cpu', null])],
    load_model: () => [files(), kept.file, below(5)],
    load_language: () => [{}, kept.file, below(5)],
    load_fresh: () => [kept.model, { count: below(5), seed: below(5) }, kept.file, 1],
    explain: () => [kept.model, kept.picture, how()],
    decompose: () => [kept.model, kept.picture, { ...how(), method: 'grad-cam', classes: [1] }],
    explain_phrase: () => [
      pick(kept.language),
      kept.picture,
      { tokens: [3, 4, 5], first: 0, last: below(4), how: { ...how(), classes: [] } },
    ],
    ask: () => [pick(kept.language), 'what color is the hydrant?'],
    bind_word: () => [pick(kept.language), [3, 4, 5], below(4)],
    read_caption: () => [pick(kept.language), 'a red car'],
    write_captions: () => [pick(kept.language), kept.picture, { preprocess: 'squash', beam: 1 + below(3) }],
    score_caption: () => [pick(kept.language), kept.picture, { preprocess: 'squash', tokens: [3, 4] }],
    draw: () => [kept.explanation, 0, { opacity: 0.5, colormap: 'turbo', formula: 'blend', threshold: 0 }],
    open_picture: () => [new Uint8Array([0x89, 0x50, 0x4e, 0x47]), null],
    open_pixels: () => [2, 2, new Uint8ClampedArray(16)],
    raw_map: () => [kept.explanation, 0],
    rank_pixels: () => [kept.model, kept.explanation, 0],
    frame: () => [kept.model, kept.picture, 'squash', pick(['mean', 'blur', undefined])],
    activations: () => [kept.model, kept.picture, { preprocess: 'squash', layer: kept.layer }],
    measure_cover: () => [
      ...[kept.model, kept.picture, kept.explanation],
      { preprocess: 'squash', which: 0, class: 1, share: 0.2, baseline: 'mean', places: below(3), seed: 1 },
    ],
    measure_curve: () => [
      kept.model,
      kept.picture,
      kept.explanation,
      { preprocess: 'squash', which: 0, class: 1, insertion: random() < 0.5, steps: 2 },
    ],
    profile: () => [kept.model, 1],
    compare: () => [kept.explanation, kept.explanation, { which: [0, 0], side: 32, mirrored: false, right: 0, down: 0 }],
    release: () => [2 ** 31],
  };
  const NAMES = Object.keys(RIGHT);

  /** Something else in one place of a value. */
  const changed = (value) => {
    const inner = Array.isArray(value) || (value && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype);
    const keys = inner ? Object.keys(value) : [];
    if (keys.length === 0 || keys.length > 1000 || random() < 0.08) return anything();
    const copy = Array.isArray(value) ? [...value] : { ...value };
    // Most of what can be wrong is in the objects.
    const inside = keys.filter((key) => copy[key] && Object.getPrototypeOf(copy[key]) === Object.prototype);
    const key = pick(inside.length && random() < 0.6 ? inside : keys);
    const fate = random();
    if (fate < 0.1) delete copy[key];
    else if (fate < 0.15) Object.defineProperty(copy, text().slice(0, 20), { value: anything(), enumerable: true });
    else Object.defineProperty(copy, key, { value: changed(copy[key]), enumerable: true });
    return copy;
  };
  /** A start is an engine of its own, without what the one before kept; only what refuses it is of use. */
  const start = () =>
    pick([{ gpu: false }, { gpu: true, why: 5, memory: {} }, { gpu: false, why: null, memory: { ...memory(), models: pick(ODD) } }]);

  const message = () => {
    const kind = random();
    if (kind < 0.05) return anything();
    if (kind < 0.08) return { id: pick([0, -1, 0.5, NaN, 'a', null, {}, 2n]), name: pick(NAMES), args: [] };
    if (kind < 0.1) return { cancel: anything() };
    if (kind < 0.14) return { call: true, name: pick(['constructor', '__proto__', 'then', 'hasOwnProperty', text()]), args: anything() };
    if (kind < 0.16) return { call: true, name: 'start', args: [pick([start(), anything()]), pick(['', text()])] };
    const name = pick(NAMES);
    const args = RIGHT[name]();
    if (kind < 0.18) return { call: true, name, args: anything() };
    if (kind < 0.2) return { call: true, name, args: args.map(() => anything()) };
    if (kind < 0.25) return { call: true, name, args: args.map((one) => (typeof one === 'number' ? id() : one)) };
    let wrong = changed(args);
    while (random() < 0.2) wrong = changed(wrong);
    if (random() < 0.02) return { call: true, name, args: [...args, detached()] };
    return { call: true, name, args: name === 'release' && random() < 0.9 ? args : wrong };
  };
  return { message, anything, changed, random, pick };
}
