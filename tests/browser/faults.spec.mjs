// Whatever ends the engine while it computes: right heatmaps or none, nothing of the visitor's is lost, and the next request
// succeeds. A witness looks at all that is drawn meanwhile (faults.mjs).
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fault, Witness } from './faults.mjs';
import { small } from './inputs.mjs';
import { expect, test } from './page.mjs';
import { inUse } from './sources.mjs';

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

  // Playwright keeps tabs visible (hidden-engines.spec.mjs hides them), and browsers freeze only hidden ones; to the page it is the same
  // when it is paused.
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

test('an engine whose download stalls is told and waited for, and computes what was asked', { tag: '@cpu' }, async ({ lucida, page }) => {
  witness = await Witness.of(lucida, [7, 4]);
  await page.clock.install();
  fault('engine download stalled');
  let release;
  const released = new Promise((resolve) => (release = resolve));
  let stalled = false;
  await page.route('**/web_bg.wasm', async (route) => {
    stalled = true;
    await released;
    await route.continue();
  });
  await lucida.killWorker();
  await lucida.chooseClass(7);
  await expect.poll(() => stalled).toBe(true);
  await page.clock.fastForward(21_000);
  await expect(lucida.status).toHaveText('Still loading the engine. If this goes on, check the connection and reload the page.');
  await expect(lucida.figure).toHaveClass(/stale/);
  await lucida.expectPicture();
  release();
  await witness.expectNext(7, () => {});
});

test(
  'a weight file that changes on disk is told when it is needed again, and given anew it counts',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const bytes = readFileSync(small.file).toString('base64');
    const write = (base64) =>
      page.evaluate(async (text) => {
        const folder = await navigator.storage.getDirectory();
        const handle = await folder.getFileHandle('mine.safetensors', { create: true });
        const stream = await handle.createWritable();
        await stream.write(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
        await stream.close();
      }, base64);
    const give = () =>
      page.evaluate(async () => {
        const handle = await (await navigator.storage.getDirectory()).getFileHandle('mine.safetensors');
        const transfer = new DataTransfer();
        transfer.items.add(await handle.getFile());
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
      });
    await write(bytes);
    await give();
    await expect(inUse(page).network).toContainText('mine.safetensors');
    await lucida.expectResult();
    witness = await Witness.of(lucida, [7, 4]);
    fault('weight file changed on disk');
    await write(btoa('other bytes'));
    await lucida.killWorker();
    await lucida.chooseClass(7);
    await witness.expectKept({ asked: 7, shown: 4, words: 'mine.safetensors' });
    await write(bytes);
    await give();
    await witness.expectNext(7, () => {});
  },
);

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
