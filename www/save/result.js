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
    normalisation: normalisationOf(model.files),
    style,
    classes: (explanation.classes ?? []).map((one, i) => ({ ...one, map: described(maps[i]) })),
    top: explanation.top,
    times: (explanation.times ?? []).map(({ name, milliseconds }) => ({ name, milliseconds: Math.round(10 * milliseconds) / 10 })),
  };
}

/** What had to be assumed, or was done with a file. */
const told = (/** @type {import('../engine/protocol.d.ts').NoteInfo[]} */ notes) => notes.map(({ code, message }) => ({ code, message }));

const weightsName = (/** @type {Blob} */ weights) => (weights instanceof File ? (weights.name.split('/').at(-1) ?? null) : null);

/**
 * Mean and standard deviation of red, green and blue: what was entered, else what the files say as the engine reads them,
 * else those of torchvision.
 * @param {import('../engine/protocol.d.ts').ModelFiles} files
 */
function normalisationOf({ mean, std, config, preprocessor }) {
  const stated = preprocessor ? JSON.parse(preprocessor) : config ? (JSON.parse(config).pretrained_cfg ?? {}) : {};
  return { mean: mean ?? stated.image_mean ?? stated.mean ?? IMAGENET.mean, std: std ?? stated.image_std ?? stated.std ?? IMAGENET.std };
}

/** A map's shape and range. @param {RawMap} map */
export function described({ channels, height, width, data }) {
  let [min, max] = [Infinity, -Infinity];
  for (const value of data) [min, max] = [Math.min(min, value), Math.max(max, value)];
  return { shape: [channels, height, width], min, max };
}
