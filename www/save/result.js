// A result as JSON: what was asked, what came of it, and the link that asks it again.

/**
 * @import { RawMap } from '../engine/protocol.d.ts'
 *
 * @param {import('../engine/client.js').Explanation} explanation completed
 * @param {RawMap[]} maps one for each class
 * @param {{ picture: string, style: import('../engine/protocol.d.ts').Draw, device: string, version: string, link: string }} context
 */
export function result(explanation, maps, { picture, style, device, version, link }) {
  const { model, request } = explanation;
  return {
    cam_lucida: version,
    link,
    device,
    picture: { name: picture, width: explanation.picture.width, height: explanation.picture.height },
    network: { name: model.network, title: model.title, classes: model.classes, problem: model.problem, input: model.size },
    method: explanation.method,
    preset: request.preset,
    settings: request.settings,
    smooth: request.smooth,
    layers: explanation.layers,
    merge: (explanation.layers ?? []).length > 1 ? request.merge : null,
    target: explanation.target,
    preprocess: request.preprocess,
    style,
    classes: (explanation.classes ?? []).map((one, i) => ({ ...one, map: described(maps[i]) })),
    top: explanation.top,
    times: explanation.times,
  };
}

/** @param {RawMap} map */
function described({ channels, height, width, data }) {
  let [min, max] = [Infinity, -Infinity];
  for (const value of data) [min, max] = [Math.min(min, value), Math.max(max, value)];
  return { shape: [channels, height, width], min, max };
}
