// A result as JSON: what was asked, what came of it, and the link that asks it again.

const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/**
 * @import { RawMap } from '../engine/protocol.d.ts'
 *
 * @param {import('../engine/handles.js').Explanation} explanation completed
 * @param {RawMap[]} maps one for each class
 * @param {{ picture: string, style: import('../engine/protocol.d.ts').Draw, device: string, version: string, link: string }} context
 */
export function result(explanation, maps, { picture, style, device, version, link }) {
  const { model, request } = explanation;
  const { width, height, window = null, notes = [] } = /** @type {{ window?: any } & typeof explanation.picture} */ (explanation.picture);
  return {
    cam_lucida: version,
    link,
    device,
    picture: { name: picture, width, height, window, notes: told(notes) },
    network: {
      name: model.network,
      title: model.title,
      classes: model.classes,
      problem: model.problem,
      input: model.size,
      variant: model.files.variant ?? null,
      weights: weightsName(model.files.weights),
      notes: told(model.notes ?? []),
    },
    method: explanation.method,
    preset: request.preset,
    settings: request.settings,
    smooth: request.smooth,
    layers: explanation.layers,
    merge: (explanation.layers ?? []).length > 1 ? request.merge : null,
    target: explanation.target,
    preprocess: request.preprocess,
    notes: told(explanation.notes ?? []),
    normalisation: normalisationOf(model.files),
    style,
    classes: (explanation.classes ?? []).map((one, i) => ({ ...scored(one, model.problem), map: described(maps[i]) })),
    top: explanation.top?.map((one) => scored(one, model.problem)),
    times: (explanation.times ?? []).map(({ name, milliseconds }) => ({ name, milliseconds: Math.round(10 * milliseconds) / 10 })),
  };
}

/**
 * A class with its scores: a value is no probability.
 * @template {{ probability: number }} Class
 * @param {Class} one
 * @param {string | undefined} problem
 * @returns {Omit<Class, 'probability'> & { probability?: number, value?: number }}
 */
function scored({ probability, ...one }, problem) {
  return problem === 'value' ? { ...one, value: probability } : { ...one, probability };
}

/** What had to be assumed, or was done with a file. */
const told = (/** @type {import('../engine/protocol.d.ts').NoteInfo[]} */ notes) => notes.map(({ code, message }) => ({ code, message }));

const weightsName = (/** @type {Blob} */ weights) => (weights instanceof File ? (weights.name.split('/').at(-1) ?? null) : null);

/**
 * Mean and standard deviation of red, green and blue, of values 0 to 1, and in which order the network takes them: what was entered, else what the files say as the engine reads them,
 * else those of torchvision.
 * @param {import('../engine/protocol.d.ts').ModelFiles} files
 */
function normalisationOf({ mean, std, range, order, config, preprocessor }) {
  const stated = preprocessor ? JSON.parse(preprocessor) : config ? (JSON.parse(config).pretrained_cfg ?? {}) : {};
  const told = { order: order ?? (stated.do_flip_channel_order ? 'bgr' : 'rgb') };
  if (range === '0-255') {
    const unit = (/** @type {number[]} */ values) => values.map((value) => value / 255);
    return { mean: unit(mean ?? [0, 0, 0]), std: unit(std ?? [1, 1, 1]), ...told };
  }
  const kind = stated.image_processor_type ?? stated.feature_extractor_type ?? '';
  // As the engine reads them (`src/weights/preprocessing/mod.rs`).
  const isNormalised = stated.do_normalize ?? !kind.startsWith('MobileViT');
  const means = isNormalised ? (stated.image_mean ?? stated.mean ?? IMAGENET.mean) : [0, 0, 0];
  const once = isNormalised ? (stated.image_std ?? stated.std ?? IMAGENET.std) : [1, 1, 1];
  const isTwice = kind.startsWith('EfficientNet') && stated.include_top !== false;
  const deviations = isTwice
    ? once.map((/** @type {number} */ value, /** @type {number} */ i) => value * (stated.image_std?.[i] ?? 1))
    : once;
  return { mean: mean ?? means, std: std ?? deviations, ...told };
}

/** A map's shape and range. @param {RawMap} map */
export function described({ channels, height, width, data }) {
  let [min, max] = [Infinity, -Infinity];
  for (const value of data) [min, max] = [Math.min(min, value), Math.max(max, value)];
  return { shape: [channels, height, width], min, max };
}
