// Camera: the list beside it, the rate, the camera itself, and the controller with an engine that answers at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals-core';
import { CameraStream } from '../../www/elements/camera-stream.js';
import { speak } from '../../www/i18n/index.js';
import { CAMERA } from '../../www/state/camera.js';
import { Status } from '../../www/state/status.js';
import { Controller } from '../../www/views/camera/controller.js';
import { Listed } from '../../www/views/camera/listed.js';
import { Rate } from '../../www/views/camera/rate.js';
import { about } from './fake-about.mjs';

await speak('en');
const turn = () => new Promise((resolve) => setTimeout(resolve));
const turns = async (count = 5) => {
  for (let i = 0; i < count; i++) await turn();
};

test('heatmaps a second are those of the last two seconds', () => {
  const rate = new Rate();
  assert.equal(rate.next(0), null);
  assert.equal(rate.next(100), 10);
  assert.equal(rate.next(200), 10);
  for (let at = 300; at <= 2000; at += 100) rate.next(at);
  assert.equal(rate.next(4000), 0.5, 'those of long ago do not count');
  rate.clear();
  assert.equal(rate.next(9000), null);
});

test('a class keeps its place as long as it is among the most probable', () => {
  const listed = new Listed();
  const probabilities = Float32Array.from({ length: 10 }, (_, id) => id / 10);
  const ids = (...top) => {
    const classes = top.map((id) => ({ id, name: String(id) }));
    return listed.of({ of: classes[0], probabilities, explanation: { top: classes } }).map(({ one }) => one.id);
  };
  assert.deepEqual(ids(1, 2, 3, 4, 5), [1, 2, 3, 4, 5]);
  assert.deepEqual(ids(5, 3, 1, 6, 4), [1, 6, 3, 4, 5]);
  assert.deepEqual(ids(9, 5, 3, 1, 6, 4), [1, 6, 3, 9, 5], 'the one that is explained is always there');
  listed.clear();
  assert.deepEqual(ids(4, 1), [4, 1]);
});

/** Browsers' cameras: what `getUserMedia` gives, in turn. */
function cameras(context, ...answers) {
  const asked = [];
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  const mediaDevices = {
    getUserMedia: async ({ video }) => {
      asked.push(video.facingMode);
      const answer = await answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    enumerateDevices: async () => [{ kind: 'videoinput' }, { kind: 'audioinput' }, { kind: 'videoinput' }],
  };
  Object.defineProperty(globalThis, 'navigator', { value: { mediaDevices }, configurable: true });
  context.after(() => (before ? Object.defineProperty(globalThis, 'navigator', before) : delete globalThis.navigator));
  return asked;
}

function streamOf(facingMode) {
  const track = Object.assign(new EventTarget(), { live: true, stop: () => (track.live = false), getSettings: () => ({ facingMode }) });
  return { track, getTracks: () => [track], getVideoTracks: () => [track] };
}

test('a camera is turned, ends, and of two starts the newest counts', async (context) => {
  const [back, front, late, last] = [streamOf('environment'), streamOf('user'), streamOf('environment'), streamOf(undefined)];
  let come = () => {};
  const waits = new Promise((resolve) => (come = () => resolve(late)));
  const asked = cameras(context, back, front, waits, last);
  const camera = new CameraStream();
  await camera.start();
  assert.deepEqual([camera.stream.value, camera.facesUser.value, camera.cameras.value], [back, false, 2]);
  await camera.turn();
  assert.deepEqual([camera.stream.value, camera.facesUser.value, back.track.live], [front, true, false]);
  const first = camera.turn();
  await camera.turn();
  come();
  await first;
  assert.deepEqual([camera.stream.value, late.track.live, front.track.live], [last, false, false]);
  assert.equal(camera.facesUser.value, true, 'a camera that does not say where it looks is taken for a laptop’s');
  assert.deepEqual(asked, ['environment', 'user', 'environment', 'user']);
  last.track.dispatchEvent(new Event('ended'));
  assert.deepEqual([camera.stream.value, camera.trouble.value], [null, 'busy']);
});

test('why there is no camera is told by the name of the error', async (context) => {
  const named = (name) => Object.assign(new Error(), { name });
  cameras(context, named('NotAllowedError'), named('NotFoundError'), named('NotReadableError'), named('TypeError'));
  const camera = new CameraStream();
  for (const trouble of ['refused', 'none', 'busy', 'unavailable']) {
    await camera.start();
    assert.equal(camera.trouble.value, trouble);
  }
});

/** A camera whose pictures come when they are let, and an engine of two classes. */
function opened({ state = {} } = {}) {
  const explained = [];
  const waiting = [];
  const engine = {
    about: signal(about),
    load: async (model) => model,
    release: () => {},
    draw: async (explanation, style) => ({ style, close: () => {} }),
    explain: async (explanation) => {
      const { picture, request } = explanation;
      const id = request.classes[0] ?? picture.pixels.sees;
      explained.push([picture.pixels.number, id]);
      const one = (which) => ({ id: which, name: ['cat', 'dog'][which], probability: which === picture.pixels.sees ? 1 : 0 });
      return Object.assign(explanation, {
        probabilities: [one(0), one(1)].map((c) => c.probability),
        top: [one(0), one(1)],
        classes: [one(id)],
      });
    },
  };
  const camera = {
    stream: signal(null),
    facesUser: signal(true),
    start: async () => (camera.stream.value = {}),
    stop: () => (camera.stream.value = null),
  };
  const status = new Status();
  const source = signal({ ...CAMERA, ...state });
  let number = 0;
  const controller = new Controller({
    engine,
    status,
    camera,
    state: source,
    resolveModel: async (model) => ({ source: model, problem: 'multi-label', classes: 2 }),
    take: (mirrored, aborted) =>
      new Promise((resolve, reject) => {
        aborted.addEventListener('abort', () => reject(aborted.reason));
        waiting.push((sees) => resolve({ width: 4, height: 4, number: number++, sees, mirrored }));
      }),
    wordsOf: ({ of }) => of.name,
  });
  controller.active.value = true;
  controller.connect();
  const picture = async (sees) => {
    await turns();
    waiting.shift()(sees);
    await turns();
  };
  return { controller, camera, state: source, status, explained, waiting, picture };
}

test('each picture is followed by the next, and nothing is asked for while the camera is off', async () => {
  const { controller, camera, explained, waiting, picture } = opened();
  await turns();
  assert.equal(waiting.length, 0);
  await controller.start();
  await picture(0);
  await picture(1);
  assert.deepEqual(explained, [
    [0, 0],
    [1, 1],
  ]);
  assert.equal(controller.answer.value.of.name, 'dog');
  assert.equal(controller.answer.value.pixels.mirrored, true);
  assert.equal(controller.behind.value, false);
  assert.equal(waiting.length, 1, 'the next one is waited for, and no other');
  controller.active.value = false;
  await turns();
  assert.equal(camera.stream.value, null, 'nobody looks');
  assert.equal(controller.rate.value, null);
  controller.disconnect();
});

test('a picture that stands is asked about again, and goes on when it is let', async () => {
  const { controller, status, state, explained, waiting, picture } = opened();
  await controller.start();
  await picture(0);
  controller.frozen.value = true;
  waiting.shift()(0); // that was under way
  await turns();
  const last = explained.at(-1)[0];
  assert.equal(last, 0, 'what was on the screen stays, and not what was taken while it was still live');
  assert.equal(controller.answer.value.pixels.number, last);
  controller.ask({ class: 1 });
  await turns();
  assert.deepEqual(explained.at(-1), [last, 1]);
  assert.equal(controller.settled, true);
  assert.equal(status.sentence.value(), 'dog');
  assert.equal(waiting.length, 0);
  controller.frozen.value = false;
  await picture(0);
  assert.equal(explained.at(-1)[0], 2);
  state.value = { ...state.value, class: 7 };
  await turns();
  await picture(0);
  await turns();
  assert.equal(state.value.class, null, 'a class that the network does not have is left out');
  controller.disconnect();
});

test('a sheet in place of the camera turns it off, and mirroring follows the camera until somebody chooses', async () => {
  const { controller, camera, picture } = opened();
  await controller.start();
  await picture(0);
  camera.facesUser.value = false;
  assert.equal(controller.mirrored.value, false);
  controller.ask({ mirrored: true });
  assert.equal(controller.mirrored.value, true);
  controller.frozen.value = true;
  controller.ask({ sheet: true });
  assert.equal(camera.stream.value, null);
  assert.equal(controller.answer.value, null, 'its bitmap was drawn, and no other element can draw it');
  assert.deepEqual([controller.listed.value, controller.frozen.value], [[], false]);
  controller.disconnect();
});
