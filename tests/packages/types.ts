// What somebody writes in TypeScript: right, and each mistake an error.
import widget, { CamLucida, CamLucidaError, useFiles, type ProgressEvent, type Result } from 'cam-lucida';
import { CamLucida as Figure } from 'cam-lucida/element';

useFiles('/cam-lucida/');
const events: ProgressEvent[] = [];
const engine: CamLucida = await CamLucida.load({ model: 'resnet-scenes', device: 'cpu', onProgress: (event) => events.push(event) });
const result: Result = await engine.explain(new ImageData(1, 1), { method: 'rise', class: ['dog', 4], settings: { samples: 100 } });
const canvas: OffscreenCanvas = await result.draw(new OffscreenCanvas(1, 1), { colormap: 'viridis', which: 1 });
const numbers: Float32Array = result.map.data;
const name: string | null = result.top[0]!.name;
const own = await CamLucida.load({ model: { weights: new Blob(), labels: 'cat\ndog' }, signal: AbortSignal.timeout(1000) });
const figure: Figure = document.querySelector('cam-lucida')!;
figure.opacity = 0.5;
figure.addEventListener('error', ({ detail }) => console.log(detail.message, detail.code));
figure.addEventListener('result', ({ detail }) => console.log(detail.style.formula, detail.map.data.length));
figure.addEventListener('click', ({ clientX }) => console.log(clientX));
const shown: string = (await figure.explain({ overlay: 'heatmap', settings: { samples: 8 } })).method;
const code: string = new Error() instanceof CamLucidaError ? 'code' : engine.device.kind;
widget.render({ model: {}, el: document.body });

// @ts-expect-error: the constructor is private
new CamLucida();
// @ts-expect-error: no such device
CamLucida.load({ device: 'tpu' });
// @ts-expect-error: a number is no picture
engine.explain(3);
// @ts-expect-error: no such option
engine.explain('dog.jpg', { metod: 'rise' });
// @ts-expect-error: a share is a number
result.draw(canvas, { opacity: 'half' });
// @ts-expect-error: the event of a figure has no file name
figure.addEventListener('error', ({ filename }) => filename);
// @ts-expect-error: a result is read
result.method = 'rise';

engine.dispose();
export { code, name, numbers, own, shown };
