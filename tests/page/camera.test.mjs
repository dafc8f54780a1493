// Camera: the list beside it, the rate, the camera itself, and the controller with an engine that answers at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals-core';
import { CameraStream } from '../../www/elements/camera-stream.js';
import { EngineError } from '../../www/engine/errors.js';
import { speak, t } from '../../www/i18n/index.js';
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

/** Browsers' cameras: what `getUserMedia` gives, in turn, and two that the device says it has. */
function cameras(context, ...answers) {
  const asked = [];
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  const devices = [
    { kind: 'videoinput', deviceId: 'desk', label: 'Document camera' },
    { kind: 'audioinput', deviceId: 'desk' },
    { kind: 'videoinput', deviceId: 'lid', label: '' },
    { kind: 'videoinput', deviceId: '', label: '' },
  ];
  const mediaDevices = Object.assign(new EventTarget(), {
    getUserMedia: async ({ video }) => {
      asked.push(video.deviceId?.exact ?? video.facingMode);
      const answer = await answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    enumerateDevices: async () => devices,
    plug(device) {
      devices.push(device);
      mediaDevices.dispatchEvent(new Event('devicechange'));
    },
  });
  Object.defineProperty(globalThis, 'navigator', { value: { mediaDevices }, configurable: true });
  context.after(() => (before ? Object.defineProperty(globalThis, 'navigator', before) : delete globalThis.navigator));
  return asked;
}

function streamOf(settings = {}) {
  const track = Object.assign(new EventTarget(), { live: true, stop: () => (track.live = false), getSettings: () => settings });
  return { track, getTracks: () => [track], getVideoTracks: () => [track] };
}

test('of two cameras without a direction either can be chosen, and of two starts the newest counts', async (context) => {
  const [back, lid, late, last] = [streamOf({ facingMode: 'environment' }), streamOf({ deviceId: 'lid' }), streamOf(), streamOf()];
  let come = () => {};
  const waits = new Promise((resolve) => (come = () => resolve(late)));
  const asked = cameras(context, back, lid, waits, last);
  const camera = new CameraStream();
  await camera.start();
  assert.deepEqual([camera.stream.value, camera.facesUser.value, camera.used.value], [back, false, null]);
  assert.deepEqual(
    camera.cameras.value.map(({ label }) => label),
    ['Document camera', ''],
  );
  await camera.choose('lid');
  assert.deepEqual([camera.stream.value, camera.used.value, back.track.live], [lid, 'lid', false]);
  assert.equal(camera.facesUser.value, true, 'a camera that does not say where it looks is taken for a laptop’s');
  const first = camera.choose('desk');
  assert.deepEqual([camera.stream.value, camera.on.value], [null, true], 'the view stays as it is until the other one comes');
  await camera.choose('lid');
  come();
  await first;
  assert.deepEqual([camera.stream.value, late.track.live, lid.track.live], [last, false, false]);
  assert.deepEqual(asked, ['environment', 'lid', 'desk', 'lid']);
  const names = () => camera.cameras.value.map(({ deviceId }) => deviceId);
  navigator.mediaDevices.plug({ kind: 'videoinput', deviceId: 'phone', label: 'Phone' });
  await turns();
  assert.deepEqual(names(), ['desk', 'lid', 'phone']);
  camera.stop();
  navigator.mediaDevices.plug({ kind: 'videoinput', deviceId: 'late', label: '' });
  await turns();
  assert.deepEqual(names(), ['desk', 'lid', 'phone'], 'a camera that is off listens to nothing');
});

test('why there is no camera is told by the name of the error, each in a sentence of its own', async (context) => {
  const named = (name) => Object.assign(new Error(), { name });
  const why = {
    NotAllowedError: 'refused',
    NotFoundError: 'none',
    OverconstrainedError: 'gone',
    NotReadableError: 'busy',
    TypeError: 'unavailable',
  };
  const stream = streamOf();
  const asked = cameras(context, ...Object.keys(why).map(named), stream);
  const camera = new CameraStream();
  await camera.choose('desk');
  assert.deepEqual([camera.used.value, asked.length], ['desk', 0], 'a camera that is off stays so');
  await camera.start();
  for (const [name, trouble] of Object.entries(why)) {
    assert.deepEqual([camera.trouble.value, camera.on.value], [trouble, false], name);
    await camera.start();
  }
  assert.deepEqual(asked.slice(2), ['desk', 'environment', 'environment', 'environment'], 'one that is gone is not asked for again');
  assert.equal(camera.trouble.value, null);
  stream.track.dispatchEvent(new Event('ended'));
  assert.deepEqual([camera.stream.value, camera.on.value, camera.trouble.value], [null, false, 'ended']);
  for (const language of ['en', 'zh']) {
    await speak(language);
    const sentences = Object.values(t().sources.camera.trouble);
    assert.equal(new Set(sentences).size, Object.keys(why).length + 1);
  }
  await speak('en');
});

test('as long as nobody sees the page the camera is off, and comes back as it was', async (context) => {
  const [first, second] = [streamOf(), streamOf()];
  let allow = () => {};
  const asks = new Promise((resolve) => (allow = () => resolve(first)));
  const asked = cameras(context, asks, second, streamOf());
  const camera = new CameraStream();
  camera.see(false);
  camera.see(true);
  assert.deepEqual(asked, [], 'a camera that is off stays so');
  const starting = camera.start();
  camera.see(false);
  allow();
  await starting;
  assert.deepEqual([camera.stream.value, first.track.live], [null, false], 'allowed when the page was out of sight');
  camera.see(true);
  await turns();
  assert.equal(camera.stream.value, second);
  camera.see(false);
  assert.deepEqual([camera.stream.value, second.track.live, camera.on.value], [null, false, true]);
  camera.stop();
  camera.see(true);
  await turns();
  assert.deepEqual([camera.stream.value, camera.on.value, asked.length], [null, false, 2]);
});

/** A camera whose pictures come when they are let, and an engine of two classes. `brought` comes before its network does. */
function opened({ state = {}, brought = async () => {} } = {}) {
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
  const turned = (on) => ([camera.on.value, camera.stream.value] = [on, on ? {} : null]);
  const camera = {
    stream: signal(null),
    on: signal(false),
    facesUser: signal(true),
    start: async () => turned(true),
    stop: () => turned(false),
    see: (seen) => camera.on.peek() && (camera.stream.value = seen ? {} : null),
  };
  const seen = signal(true);
  const status = new Status();
  const source = signal({ ...CAMERA, ...state });
  let number = 0;
  const controller = new Controller({
    engine,
    status,
    camera,
    state: source,
    seen,
    resolveModel: async (model, signal) => {
      await brought(signal);
      if (model?.name === 'nonesuch') throw new EngineError({ kind: 'weights', code: 'network-unknown' });
      return { source: model, problem: 'multi-label', classes: 2 };
    },
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
  return { controller, camera, seen, state: source, status, explained, waiting, picture };
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

test('a network that is on its way comes, whether the camera is turned on or out of sight meanwhile', async () => {
  let come = () => {};
  const signals = [];
  const brought = (signal) => {
    signals.push(signal);
    return signals.length > 1 ? Promise.resolve() : new Promise((resolve) => (come = resolve));
  };
  const { controller, seen, picture } = opened({ brought });
  await turns();
  await controller.start();
  seen.value = false;
  seen.value = true;
  await turns();
  assert.deepEqual([signals.length, signals[0].aborted], [1, false]);
  come();
  await picture(1);
  assert.equal(controller.answer.value.of.name, 'dog');
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

test('a network or class that a link asks for in vain is told before the camera is on', async () => {
  const model = { kind: 'embedded', name: 'nonesuch' };
  const { controller, status, state, picture } = opened({ state: { model } });
  await turns();
  assert.equal(status.failure.value.code, 'network-unknown');
  assert.equal(state.value.model, null);
  state.value = { ...state.value, class: 2 };
  await turns();
  assert.deepEqual(status.failure.value.arguments.refused, [{ name: 'class', found: '2' }]);
  await controller.start();
  await picture(1);
  assert.equal(controller.answer.value.of.name, 'dog');
  const other = { kind: 'embedded', name: 'other' };
  controller.ask({ model: other });
  await picture(1);
  await picture(1);
  controller.ask({ model });
  await picture(1);
  await turns();
  assert.deepEqual([state.value.model, controller.stopped.value], [other, false], 'the network before comes back');
  controller.disconnect();
});

test('a network that cannot come now stays asked for, and comes when it is tried again', async () => {
  let online = true;
  const brought = async () => {
    if (!online) throw new EngineError({ kind: 'weights', code: 'fetch-offline' });
  };
  const { controller, status, state, picture } = opened({ brought });
  await controller.start();
  await picture(1);
  online = false;
  const model = { kind: 'zoo', name: 'resnet50' };
  controller.ask({ model });
  await picture(1);
  await turns();
  assert.deepEqual([status.failure.value.code, state.value.model, controller.stopped.value], ['fetch-offline', model, true]);
  online = true;
  controller.again();
  await picture(1);
  assert.deepEqual([controller.answer.value.model.source, controller.stopped.value], [model, false]);
  controller.disconnect();
});

test('what was seen stays while the page is out of sight, and is followed when it is seen again', async () => {
  const { controller, camera, seen, waiting, explained, picture } = opened();
  await controller.start();
  await picture(0);
  seen.value = false;
  await turns();
  assert.deepEqual([camera.stream.value, controller.answer.value.of.name, controller.stopped.value], [null, 'cat', false]);
  waiting.splice(0); // of a camera that is off no picture comes
  seen.value = true;
  await picture(1);
  assert.deepEqual(explained.at(-1), [1, 1]);
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
