// What the investigation of a bias computes, and what it fetches: with an engine that answers at once.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { signal } from '@preact/signals-core';
import { BIAS } from '../../www/state/bias.js';
import { Status } from '../../www/state/status.js';
import { Controller, NETWORKS } from '../../www/views/bias/controller.js';
import { about } from './fake-about.mjs';

const labels = ['doctor', 'nurse'];
const INDEX = { pictures: labels.map((label, i) => ({ file: `person-${i}.png`, label, hair: 'long', tool: 'syringe' })) };
const turn = () => new Promise((resolve) => setTimeout(resolve));
const { fetch } = globalThis;

/** Names of the files that were fetched. */
let fetched;
/** Names of files that the site does not have. */
let missing;

beforeEach(() => {
  [fetched, missing] = [[], []];
  globalThis.fetch = async (url) => {
    const name = new URL(url).pathname.split('/').at(-1);
    fetched.push(name);
    if (missing.includes(name)) return new Response('', { status: 404 });
    return name === 'index.json'
      ? Response.json(INDEX)
      : name === 'figures.json'
        ? Response.json({ scenes: 1, models: {} })
        : new Response('');
  };
});
afterEach(() => Object.assign(globalThis, { fetch }));

async function opened({ state = BIAS, wide = true, networks = NETWORKS } = {}) {
  const calls = { glance: [], load: [] };
  const engine = {
    about: signal(about),
    load: async (model) => calls.load.push(model.name),
    glance: async ({ model, picture, request }) => {
      calls.glance.push([model.name, picture.about.file, request.classes]);
      return {
        explanation: { model, request, classes: [{ id: 0, name: 'doctor' }], top: [{ name: 'doctor', probability: 1 }] },
        bitmaps: [{}],
      };
    },
  };
  const models = new Map(networks.map((name) => [name, { name, labels }]));
  const status = new Status();
  const embedded = Promise.resolve({ named: (name) => models.get(name), load: async (entry) => entry });
  const controller = new Controller({ engine, state: signal(state), status, embedded, wide: signal(wide) });
  controller.active.value = true;
  controller.connect();
  await turn();
  return { controller, calls, status };
}

test('both networks answer about the first person, and only that one is fetched', async () => {
  const { controller, calls } = await opened();
  assert.deepEqual(
    calls.glance,
    NETWORKS.map((name) => [name, 'person-0.png', []]),
  );
  assert.deepEqual(fetched, ['index.json', 'figures.json', 'person-0.png']);
  assert.ok(controller.settled);
  controller.disconnect();
});

test('it tells what each network says, and which of them are wrong', async () => {
  const { controller } = await opened();
  const told = () => controller.facts.value.told;
  assert.deepEqual([told().says({ network: NETWORKS[1] }), told().right({}), told().wrong({})], [['doctor'], NETWORKS, []]);
  controller.state.value = { ...BIAS, person: 'person-1.png' };
  assert.equal(controller.facts.value.settled, false);
  await turn();
  assert.deepEqual([told().person({}), told().right({}), told().wrong({})], [['person-1.png'], [], NETWORKS]);
  controller.disconnect();
});

test('a narrow screen shows one network, and the other is loaded beforehand', async () => {
  const { controller, calls } = await opened({ wide: false });
  assert.deepEqual([...controller.shown.value.keys()], [NETWORKS[0]]);
  assert.deepEqual(calls.load, NETWORKS);
  controller.disconnect();
});

test('another person and class cost a pass of each network, and a person that returns is not fetched again', async () => {
  const { controller, calls } = await opened();
  for (const change of [{ person: 'person-1.png', class: 'nurse' }, { person: null }]) {
    controller.state.value = { ...controller.state.value, ...change };
    await turn();
  }
  assert.deepEqual(
    calls.glance.slice(2),
    ['person-1.png', 'person-0.png'].flatMap((file) => NETWORKS.map((name) => [name, file, [1]])),
  );
  assert.equal(fetched.filter((name) => name.endsWith('.png')).length, 2);
  controller.disconnect();
});

test('a view that is not on the screen computes nothing, and catches up when it is', async () => {
  const { controller, calls } = await opened();
  controller.active.value = false;
  controller.state.value = { ...controller.state.value, class: 'nurse' };
  await turn();
  assert.equal(calls.glance.length, 2);
  controller.active.value = true;
  await turn();
  assert.equal(calls.glance.length, 4);
  controller.disconnect();
});

test('a person that cannot be fetched is told with a way to try again', async () => {
  missing.push('person-0.png');
  const { controller, status } = await opened();
  assert.equal(status.failure.value.code, 'samples-unreachable');
  assert.deepEqual(controller.mark.value, { stale: true, stopped: true });
  missing.length = 0;
  status.remedy.value.run();
  await turn();
  assert.ok(controller.settled);
  assert.equal(status.failure.value, null);
  controller.disconnect();
});

test('where a network is missing there are no people', async () => {
  const { controller } = await opened({ networks: NETWORKS.slice(1) });
  assert.equal(controller.people.value, null);
  assert.deepEqual(fetched, []);
  controller.disconnect();
});

test('what a link names and is not there is told', async () => {
  const { controller, status } = await opened({ state: { person: 'nobody.png', network: 'both', class: 'pilot' } });
  assert.deepEqual(status.failure.value.arguments.refused, [
    { name: 'person', found: 'nobody.png' },
    { name: 'class', found: 'pilot' },
  ]);
  controller.disconnect();
});

test('an answer whose figure has left the screen is drawn no more, for a canvas has taken over its bitmap', async () => {
  const { controller, calls } = await opened();
  const choose = (network) => (controller.state.value = { ...controller.state.value, network });
  const before = controller.shown.value.get(NETWORKS[0]);
  choose(NETWORKS[0]);
  choose(null);
  assert.deepEqual([...controller.shown.value], [[NETWORKS[0], before]]);
  assert.deepEqual(controller.mark.value, { stale: true, stopped: false });
  await turn();
  assert.deepEqual([...controller.shown.value.keys()], NETWORKS);
  assert.ok(controller.settled);

  // Nobody looks: the window becomes narrow, and wide again.
  controller.active.value = false;
  const { length } = calls.glance;
  controller.wide.value = false;
  controller.wide.value = true;
  assert.deepEqual([[...controller.shown.value.keys()], controller.settled], [[NETWORKS[0]], false]);
  controller.active.value = true;
  await turn();
  assert.equal(calls.glance.length, length + 2);
  assert.ok(controller.settled);
  controller.disconnect();
});

test('a view that is left and looked at again within one task is not taken for stopped', async () => {
  const { controller } = await opened();
  controller.state.value = { ...controller.state.value, class: 'nurse' };
  const marks = [];
  controller.mark.subscribe((mark) => marks.push(mark));
  controller.active.value = false;
  controller.active.value = true;
  await turn();
  assert.ok(controller.settled);
  assert.deepEqual(
    marks.filter(({ stopped }) => stopped),
    [],
  );
  controller.disconnect();
});

test('a link that is followed later is told, too, what it names that is not there', async () => {
  const { controller, status } = await opened();
  controller.state.value = { ...BIAS, person: 'nobody.png' };
  assert.deepEqual(status.failure.value.arguments.refused, [{ name: 'person', found: 'nobody.png' }]);
  assert.deepEqual(controller.state.value, BIAS);
  controller.state.value = { ...BIAS, class: 'nurse' };
  await turn();
  assert.equal(status.failure.value.arguments.refused.length, 1);
  controller.disconnect();
});
