// Whatever ends the engine while it computes: right heatmaps or none, nothing of the visitor's is lost, and the next request
// succeeds. A witness looks at all that is drawn meanwhile (faults.mjs).
import { setTimeout as sleep } from 'node:timers/promises';
import { fault, Witness } from './faults.mjs';
import { expect, test } from './page.mjs';

const LONG = 600_000; // milliseconds: far longer than any test may take
const MINUTE = 60_000;

let witness;

/** Brings faults about one after another, each while the page computes for another class than the one that it shows. */
async function survive(faults) {
  let [shown, asked] = [4, 7];
  for (const [name, bringAbout] of faults) {
    await test.step(name, async () => {
      fault(name);
      await bringAbout(() => witness.lucida.chooseClass(asked));
      await witness.expectKept({ asked, shown });
      await witness.expectNext(asked);
    });
    [shown, asked] = [asked, shown];
  }
}

/** By orders to the worker. */
const ordered = (orders) => async (choose) => {
  await witness.lucida.order(orders);
  await choose();
};

test.beforeEach(async ({ lucida, page }) => {
  await lucida.patchWorker();
  await lucida.showFirst();
  // They are computed unasked, and would meet what a test brings about in the place of what it asks for.
  await page.evaluate(() => globalThis.camLucida.elements.get('explain').previews.disconnect());
});

test('a worker that traps, is killed or has no memory left is replaced', async ({ lucida, page }) => {
  witness = await Witness.of(lucida, [7, 4]);
  const killed = async (choose) => {
    await lucida.order({ block: LONG });
    await choose();
    await expect(lucida.status).toHaveText('Computing the heatmap…');
    await lucida.killWorker();
  };
  /** A worker that has just taken the place of another has freed nothing that a computation could use. */
  const filled = async (choose) => {
    await lucida.killWorker();
    await page.evaluate(() => {
      const { engine, elements } = globalThis.camLucida;
      const { model, picture } = elements.get('explain').controller;
      return Promise.all([engine.load(model.value), engine.open(picture.value)]);
    });
    await lucida.order({ fillMemory: true });
    await choose();
  };
  await survive([
    ['worker trapped', ordered({ trap: true })],
    ['worker killed while it computes', killed],
    ...(test.info().project.name === 'cpu' ? [['worker out of memory while it computes', filled]] : []),
  ]);
});

test('a GPU that is lost at any moment is told, and the worker replaced', { tag: '@gpu' }, async ({ browser, lucida, page }) => {
  const lost = (stage, after) => ordered({ lose: { stage, after } });
  const layer = page.getByLabel('Layer', { exact: true });
  const last = await layer.inputValue();
  await lucida.showClass(4);
  const { dispatch: end } = await lucida.order();
  // For a layer further in front, the way back is longer by more than what follows it. So what ends the work for the last layer lies
  // on that way.
  await layer.selectOption('features.14');
  witness = await Witness.of(lucida, [7, 4]);
  const { dispatch: laterEnd } = await lucida.order();
  expect(laterEnd).toBeGreaterThan(end + 30);
  await survive([['GPU lost in the backward pass', lost('dispatch', end)]]);

  await layer.selectOption(last);
  witness = await Witness.of(lucida, [7, 4]);
  await survive([
    ['GPU lost in an upload', lost('upload')],
    ['GPU lost in the forward pass', lost('dispatch', 10)],
    ['GPU lost while it reads back', lost('read back')],
    ['GPU lost while it draws', lost('draw')],
  ]);
  const killed = async () => (await browser.newBrowserCDPSession()).send('Browser.crashGpuProcess');
  for (const [name, lose, index] of [
    ['GPU lost while idle', () => lucida.order({ destroy: true }), 7],
    ['GPU process killed', killed, 4],
  ]) {
    const before = await lucida.shown();
    fault(name);
    await lose();
    await expect(lucida.status).toContainText('has restarted');
    await expect(lucida.status).toContainText('lost the GPU');
    expect(await lucida.shown()).toEqual(before);
    await witness.expectNext(index, () => lucida.chooseClass(index));
    await expect(lucida.device).toContainText('on the GPU');
  }
});

test('a tab that is frozen, and a clock that jumps, change nothing', { tag: '@cpu' }, async ({ lucida, page }) => {
  witness = await Witness.of(lucida, [7, 4]);
  await page.clock.install();
  const devtools = await page.context().newCDPSession(page);
  const computing = async (index) => {
    await lucida.order({ block: 3000 });
    await lucida.chooseClass(index);
    await expect(lucida.status).toHaveText('Computing the heatmap…');
  };

  // Playwright keeps tabs visible, and browsers freeze only hidden ones; to the page it is the same when it is paused.
  fault('tab frozen while it computes');
  await devtools.send('Debugger.enable');
  const frozen = new Promise((resolve) => devtools.on('Debugger.paused', resolve));
  await computing(7);
  await devtools.send('Debugger.pause');
  await frozen;
  await sleep(2000);
  await devtools.send('Debugger.resume');
  await devtools.send('Debugger.disable');
  await witness.expectNext(7, () => {});

  fault('tab hidden for a minute');
  const show = (visible) =>
    page.evaluate((visibilityState) => {
      const hidden = visibilityState === 'hidden';
      Object.defineProperties(document, {
        visibilityState: { configurable: true, value: visibilityState },
        hidden: { configurable: true, value: hidden },
      });
      document.dispatchEvent(new Event('visibilitychange'));
    }, visible);
  await computing(4);
  await show('hidden');
  await page.clock.fastForward(MINUTE);
  await show('visible');
  await witness.expectNext(4, () => {});
  await computing(7);
  await witness.expectNext(7, () => {});

  fault('clock set to another year');
  for (const [year, index] of [
    [2001, 4],
    [2099, 7],
  ]) {
    await computing(index);
    await page.clock.setSystemTime(new Date(year, 0));
    await witness.expectNext(index, () => {});
  }

  fault('clock ahead by a minute');
  await computing(4);
  await page.clock.fastForward(MINUTE);
  await witness.expectNext(4, () => {});
  await lucida.order({ block: LONG });
  await lucida.chooseClass(7);
  await expect(lucida.status).toHaveText('Computing the heatmap…');
  await lucida.cancel.click();
  await page.clock.fastForward(MINUTE);
  await witness.expectNext(7);
});

test('a page whose site is renewed takes no worker of another build, and says to reload', { tag: '@cpu' }, async ({ lucida, page }) => {
  witness = await Witness.of(lucida, [7, 4]);
  fault('worker of another build');
  const own = /worker\.js\?unpatched/;
  await page.route(own, async (route) => {
    const response = await route.fetch();
    const script = await response.text();
    const other = script.replace(/"[0-9a-f]{16}"/, '"another build"');
    expect(other).not.toBe(script);
    await route.fulfill({ response, body: other });
  });
  await lucida.killWorker();
  await lucida.chooseClass(7);
  await witness.expectKept({ asked: 7, shown: 4, words: 'The site was renewed while this page was open. Reload the page.' });
  await page.unroute(own);
  await witness.expectNext(7);
});
