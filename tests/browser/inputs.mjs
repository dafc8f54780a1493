// Where the tests find the built page and what they show it.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { VIEWS } from '../../www/views/index.js';

const repository = path.resolve(import.meta.dirname, '../..');
const folder = (variable, otherwise) => path.resolve(repository, process.env[variable] ?? otherwise);

export const dist = folder('CAM_LUCIDA_DIST', 'dist');
const fixtures = folder('CAM_LUCIDA_FIXTURES', 'tests/browser/fixtures');
const data = folder('CAM_LUCIDA_DATA', '../shared/data');

/** What the networks of language that come with the site do; none where it brings none. @type {string[]} */
const tasks = (JSON.parse(readFileSync(path.join(dist, 'models/index.json'))).language ?? []).map(({ task }) => task);
/** The views that the menu leaves out, for the site does not bring their networks. */
export const absent = VIEWS.filter(({ task }) => task && !tasks.includes(task)).map(({ name }) => name);
/** Whether tests of a view are left out, and why, as `test.skip` takes it. @returns {[boolean, string]} */
export const unless = (view) => [absent.includes(view), `models/index.json of the site has no network for the view ${view}`];

/** Made by the native build: a small network of ten classes and a picture. */
export const small = {
  network: 'mobilenet_v2_x0_25',
  file: path.join(fixtures, 'small.safetensors'),
  zipped: path.join(fixtures, 'small.pth'),
  legacy: path.join(fixtures, 'small-legacy.pth'),
  classes: 10,
};
export const picture = path.join(fixtures, 'picture.png');

/** Likewise: a network that sees nothing but colours, and a scene with two red discs, a green square, a blue diamond. */
export const colours = {
  network: 'mobilenet_v2_x0_25',
  file: path.join(fixtures, 'colours.safetensors'),
  labels: path.join(fixtures, 'colours.txt'),
  scene: path.join(fixtures, 'colours.png'),
};

/** As PyTorch saves it, of a network that the page does not know. */
export const stateDict = path.join(repository, 'tests/fixtures/weights/prefix-module.pth');

/** What the native build draws for class 4 of `small` on `picture`: Grad-CAM, default layer, turbo, opacity 0.5. */
export const nativeOverlay = (formula) => readFileSync(path.join(fixtures, `native-overlay-${formula}.png`));

/** What the native build has layers of `small` put out for `picture`: what each channel is like, and the first four of them. */
export const nativeActivations = () => JSON.parse(readFileSync(path.join(fixtures, 'activations.json'), 'utf8'));

/** Real weights and photographs, which are no part of the project; null where they are absent. */
export const real = existsSync(data)
  ? {
      squeezenet: path.join(data, 'weights/squeezenet1_1.f16.safetensors'),
      mobilenet: path.join(data, 'weights/mobilenet_v2.f16.safetensors'),
      labels: path.join(data, 'imagenet_classes.json'),
      dogAndCat: path.join(data, 'images/dog-and-cat.png'),
      flamingo: path.join(data, 'images/flamingo.jpg'),
    }
  : null;
export const noRealData = `there are no real weights and photographs in ${data}`;
