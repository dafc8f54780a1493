// The wheel in JupyterLab and marimo: a heatmap in the notebook, and its numbers in the kernel.
import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { serve } from '../../scripts/serve.mjs';
import { elsewhere, folder, heatmap, open, packed, picture, python, run, screenshot, start } from './browser.mjs';

const here = (name) => path.join(import.meta.dirname, name);
/** Nothing may be fetched from anywhere else. */
const own = (faults) => faults.filter((fault) => !/ERR_ABORTED|127\.0\.0\.1/.test(fault));

test('JupyterLab: seen, changed from the kernel and by its controls, read as numbers; a second one shares the engine', async (t) => {
  const home = folder(t);
  cpSync(picture, path.join(home, 'picture.png'));
  cpSync(here('notebook.ipynb'), path.join(home, 'notebook.ipynb'));
  const options = [
    '--no-browser',
    '--allow-root',
    '--port=0',
    '--ServerApp.token=',
    '--ServerApp.open_browser=False',
    '--notebook-dir',
    home,
  ];
  const url = await start(t, python, ['-m', 'jupyterlab', ...options], { says: /(http:\/\/127\.0\.0\.1:\d+)\/lab/, cwd: home });
  const { page, faults } = await open(t, `${url}/lab/tree/notebook.ipynb`, { height: 1400 });
  const workers = [];
  page.on('worker', (worker) => workers.push(worker.url()));
  let carried = 0; // bytes that the kernel has sent
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => (carried += payload.length)));
  const cell = (number) => page.locator('.jp-Notebook .jp-CodeCell').nth(number);
  const runCell = async (number) => {
    await cell(number).locator('.cm-content').click();
    await page.keyboard.press('Shift+Enter');
  };
  await cell(3).waitFor();
  await page.getByText('Python 3 (ipykernel) | Idle').or(page.getByText('| Idle')).first().waitFor();

  await runCell(0);
  const tag = await page.waitForFunction(
    () => [...document.querySelectorAll('*')].find(({ localName }) => localName.startsWith('cam-lucida'))?.localName,
  );
  const name = await tag.jsonValue();
  assert.match(name, /^cam-lucida-[0-9a-f]{6}$/);
  const seen = await heatmap(page, name);
  assert.ok(seen.colours > 1000 && seen.method === 'layer-cam');
  const first = carried;

  await runCell(1);
  await page.waitForFunction((one) => document.querySelector(one).result?.method === 'grad-cam', name);
  await page.locator(`${name} select#colormap`).evaluate((select) => {
    select.value = 'viridis';
    select.dispatchEvent(new Event('change'));
  });
  await heatmap(page, name);
  await runCell(2);
  const output = cell(2).locator('.jp-OutputArea-output');
  await output.getByText('TOLD').waitFor();
  const said = await output.innerText();
  assert.match(said, /^TOLD /);
  const [method, explained, colormap, shape, max, told, top, error] = JSON.parse(said.replace(/^TOLD /, ''));
  assert.deepEqual([method, explained, colormap, error], ['grad-cam', 'grad-cam', 'viridis', null]);
  assert.equal(shape.length, 2);
  assert.ok(Math.abs(max - told) < 1e-6);
  assert.equal(top, seen.classes[0].name);

  const before = carried;
  await runCell(3);
  await page.locator(name).nth(1).waitFor();
  const second = await page.evaluate(
    (one) =>
      document
        .querySelectorAll(one)[1]
        .explain()
        .then(({ classes }) => classes[0].name),
    name,
  );
  assert.equal(second, top);
  const mb = (bytes) => (bytes / 1e6).toFixed(2);
  t.diagnostic(`the kernel sends ${mb(first)} MB for the first heatmap, ${mb(carried - before)} MB for the second`);
  assert.ok(carried - before < first / 4, 'the files come once');
  assert.equal(workers.filter((one) => one.startsWith('blob:')).length, 1);
  assert.deepEqual(own(faults), []);
  await screenshot(page, 'jupyterlab');
});

test(
  'in a sandboxed frame of another site, as editors have: seen, changed by the kernel, and read as numbers',
  { timeout: 180_000 },
  async (t) => {
    const home = folder(t);
    const wheel = (await run(python, ['-c', 'import anywidget; print(anywidget.__path__[0])'])).trim();
    await build({
      entryPoints: [here('manager.js')],
      bundle: true,
      format: 'esm',
      outfile: path.join(home, 'manager.js'),
      nodePaths: [path.join(packed, 'tools/node_modules')],
      alias: { 'anywidget-of-the-wheel': path.join(wheel, 'nbextension/index.js') },
      banner: { js: 'var __webpack_public_path__;' }, // the manager was made for webpack
      loader: { '.css': 'empty', '.svg': 'dataurl' },
      logLevel: 'error',
    });
    writeFileSync(path.join(home, 'index.html'), '<!doctype html><title>Output</title><script type="module" src="manager.js"></script>');
    const site = await serve(home, elsewhere);
    t.after(() => site.close());
    const options = ['--no-browser', '--allow-root', '--port=0', '--ServerApp.allow_origin=*', '--ServerApp.disable_check_xsrf=True'];
    const server = await start(t, python, ['-m', 'jupyter_server', ...options, '--IdentityProvider.token=', '--ServerApp.root_dir', home], {
      cwd: home,
    });
    const around = folder(t);
    const sandbox = 'allow-scripts allow-same-origin allow-forms allow-pointer-lock allow-downloads';
    const source = `${site.url}?server=${encodeURIComponent(new URL('/', server).href)}`;
    writeFileSync(
      path.join(around, 'index.html'),
      `<!doctype html><title>Editor</title><iframe src="${source}" sandbox="${sandbox}" width="900" height="800"></iframe>`,
    );
    const editor = await serve(around, elsewhere);
    t.after(() => editor.close());
    const { page, faults } = await open(t, editor.url);
    const frame = page.frame({ url: source });
    await frame.waitForFunction(() => globalThis.run);
    const cell = (code) => frame.evaluate((one) => globalThis.run(one), code);
    const shown = `from cam_lucida import CamLucida\nfigure = CamLucida(${JSON.stringify(picture)}, method="layer-cam")\nfigure`;
    assert.equal(await cell(shown), '');
    const tag = await frame.waitForFunction(
      () => [...document.querySelectorAll('*')].find(({ localName }) => localName.startsWith('cam-lucida'))?.localName,
    );
    const name = await tag.jsonValue();
    const { colours, classes } = await heatmap(frame, name);
    assert.ok(colours > 1000);
    await cell('figure.method = "grad-cam"');
    const read = () => cell('print(figure.result["method"], figure.result["top"][0]["name"], figure.map.ndim, figure.error)');
    let told = '';
    while (!told.startsWith('grad-cam')) told = await read();
    assert.equal(told.trim(), `grad-cam ${classes[0].name} 2 None`);
    assert.deepEqual(own(faults), []);
    await screenshot(page, 'manager');
  },
);

test('marimo: seen, and its numbers in the cell below', async (t) => {
  const home = folder(t);
  cpSync(picture, path.join(home, 'picture.png'));
  cpSync(here('app.marimo.py'), path.join(home, 'app.py'));
  const url = await start(t, python, ['-m', 'marimo', 'run', 'app.py', '--headless', '--no-token', '--port', '0'], { cwd: home });
  const { page, faults } = await open(t, url);
  const tag = await page.waitForFunction(() => {
    const all = (root) => [...root.querySelectorAll('*')].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
    return all(document).find(({ localName }) => /^cam-lucida-[0-9a-f]{6}$/.test(localName))?.localName;
  });
  const { colours, classes } = await heatmap(page, await tag.jsonValue());
  assert.ok(colours > 1000);
  await page.getByText(new RegExp(`TOLD ${classes[0].name} \\(\\d+, \\d+\\)`)).waitFor();
  assert.deepEqual(own(faults), []);
  await screenshot(page, 'marimo');
});

test('a picture may be a path, bytes, a picture of Pillow or an array; what is none is refused', async (t) => {
  const home = folder(t);
  cpSync(picture, path.join(home, 'picture.png'));
  const said = await run(python, [here('pictures_test.py')], { cwd: home });
  assert.match(said, /all hold/);
});
