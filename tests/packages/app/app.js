// An app as somebody else writes it, the same whatever bundles it, or nothing. What it finds is `found`.
import widget, { CamLucida, CamLucidaError, useFiles } from 'cam-lucida';
import 'cam-lucida/element';

const canvas = document.querySelector('canvas');
const events = [];
const codeOf = (work) => work.then(() => null, ({ name, code }) => [name, code]); // prettier-ignore
const base = document.documentElement.dataset.base;

async function look() {
  if (base) useFiles(base);
  const engine = await CamLucida.load({ device: 'cpu', onProgress: (event) => events.push(event) });
  const result = await engine.explain('picture.png', { method: 'layer-cam' });
  await result.draw(canvas, { colormap: 'viridis', opacity: 0.7 });
  const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);

  // Every kind of picture has the same answer.
  const blob = await (await fetch('picture.png')).blob();
  const image = Object.assign(new Image(), { src: 'picture.png' });
  await image.decode();
  const bitmap = await createImageBitmap(blob);
  const drawn = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
  drawn.getContext('2d').drawImage(bitmap, 0, 0);
  const data = drawn.getContext('2d').getImageData(0, 0, drawn.width, drawn.height);
  const offscreen = new OffscreenCanvas(data.width, data.height);
  offscreen.getContext('2d').putImageData(data, 0, 0);
  const video = Object.assign(document.createElement('video'), { muted: true, srcObject: drawn.captureStream() });
  await video.play();
  const kinds = {
    blob,
    image,
    bitmap,
    canvas: drawn,
    data,
    offscreen,
    url: new URL('picture.png', location.href),
    inline: URL.createObjectURL(blob),
    video,
  };
  const answers = {};
  for (const [name, picture] of Object.entries(kinds)) {
    const { top, map } = await engine.explain(picture, { method: 'layer-cam' });
    answers[name] = [top[0].name, Math.max(...map.data.map((value, i) => Math.abs(value - result.map.data[i])))];
  }

  // Several at once, each with its own answer.
  const [first, second] = result.top;
  const both = await Promise.all([first, second].map(({ id }) => engine.explain(blob, { class: id })));
  const two = await engine.explain(blob, { class: [first.name, second.id], layer: engine.model.layers.at(-2).name });

  const refusals = {
    layer: await codeOf(engine.explain(blob, { layer: 'nowhere' })),
    class: await codeOf(engine.explain(blob, { class: 'unicorn' })),
    method: await codeOf(engine.explain(blob, { method: 'guess' })),
    option: await codeOf(engine.explain(blob, { metod: 'rise' })),
    colormap: await codeOf(result.draw(canvas, { colormap: 'mud' })),
    picture: await codeOf(engine.explain(new Blob(['no picture']))),
    missing: await codeOf(engine.explain('missing.png')),
    model: await codeOf(CamLucida.load({ model: 'nobody' })),
    aborted: await codeOf(engine.explain(blob, { signal: AbortSignal.abort() })),
  };
  const controller = new AbortController();
  const long = codeOf(
    engine.explain(blob, { method: 'rise', signal: controller.signal, onProgress: ({ step }) => step > 1 && controller.abort() }),
  );
  refusals.abortedLater = await long;
  const running = codeOf(engine.explain(blob, { method: 'rise', onProgress: ({ step }) => step > 1 && engine.dispose() }));
  refusals.disposedMeanwhile = await running;
  refusals.disposed = await codeOf(engine.explain(blob));

  // As anywidget, whose model is somewhere else.
  const traits = { src: 'picture.png', method: 'layer-cam' };
  const el = document.createElement('div');
  document.body.prepend(el); // in sight, or it would wait
  const told = new Promise((resolve, reject) => {
    const set = (name, value) => (traits[name] = value);
    const model = { get: (name) => traits[name], set, save_changes: () => traits.result && resolve(traits), on() {}, off() {}, send() {} };
    widget.render({ model, el }).catch(reject);
  });
  const shown = await told;

  return {
    widget: [shown.result.classes[0].name, shown._maps.byteLength / 4],
    label: result.top[0].name,
    probability: result.top[0].probability,
    device: engine.device,
    colours: new Set(pixels).size,
    size: [canvas.width, canvas.height],
    map: [result.map.width * result.map.height, result.map.data.length],
    events,
    answers,
    both: both.map(({ classes: [{ id }] }) => id),
    asked: [first.id, second.id],
    two: [two.classes.map(({ name }) => name), two.maps.length, two.layers.length],
    refusals,
    isError: new CamLucidaError({ kind: '', code: '' }, '') instanceof Error,
  };
}

globalThis.found = look().catch((error) => ({ failed: `${error.stack} ${error.code}` }));
