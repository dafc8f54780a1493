// The recipes of docs/RECIPES.md, each built as it stands there, opened, and a heatmap seen.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { serve } from '../../scripts/serve.mjs';
import { elsewhere, folder, heatmap, open, packed, picture, python, root, run, screenshot, start } from './browser.mjs';

const text = readFileSync(path.join(root, 'docs/RECIPES.md'), 'utf8');
const tools = path.join(packed, 'tools/node_modules');
/** The files that the package has; the tests of the package itself install it. */
const files = path.join(packed, 'npm/dist');

/** Where mdBook is, if anywhere. */
function mdbook() {
  try {
    return process.env.MDBOOK ?? execFileSync('which', ['mdbook'], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

/** Writes the files of a recipe, and gives their folder. */
function write(t, name) {
  const home = folder(t);
  const [, section] = text.split(`\n## ${name}\n`);
  assert.ok(section, name);
  const [body] = section.split(/^## /m);
  const copied = /^cp -r node_modules\/cam-lucida\/dist (\S+)$/m.exec(body)?.[1];
  if (copied) cpSync(files, path.join(home, copied), { recursive: true });
  const found = [...body.matchAll(/^`([^`]+)`:\n\n(`{3,4})\w+\n(.*?)^\2$/gms)];
  assert.ok(found.length, name);
  for (const [, file, , content] of found) {
    mkdirSync(path.join(home, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(home, file), content);
    if (/picture\.png/.test(content)) cpSync(picture, path.join(home, path.dirname(file), 'picture.png'));
  }
  return home;
}

/** Opens what a tool has built. */
async function seen(t, built, page = '') {
  const site = await serve(built, elsewhere);
  t.after(() => site.close());
  const opened = await open(t, site.url + page);
  const { colours, method, classes } = await heatmap(opened.page);
  assert.ok(colours > 1000, `${colours} colours`);
  assert.deepEqual([method, classes[0].name], ['layer-cam', 'dog']);
  return opened;
}

const sphinx = async (t, name) => {
  const home = write(t, name);
  await run(python, ['-m', 'sphinx', '-b', 'html', '-W', home, path.join(home, 'built')]);
  await seen(t, path.join(home, 'built'));
};

test('Plain HTML', async (t) => void (await seen(t, write(t, 'Plain HTML'))));
test('Sphinx', (t) => sphinx(t, 'Sphinx'));
test('MyST in Sphinx', (t) => sphinx(t, 'MyST in Sphinx'));

test('MkDocs', async (t) => {
  const home = write(t, 'MkDocs');
  await run(python, ['-m', 'mkdocs', 'build', '--strict', '--quiet'], { cwd: home });
  await screenshot((await seen(t, path.join(home, 'site'))).page, 'mkdocs');
});

test('Docusaurus', async (t) => {
  const home = write(t, 'Docusaurus');
  writeFileSync(path.join(home, 'package.json'), '{ "private": true }'); // its own scripts are no ES modules
  symlinkSync(tools, path.join(home, 'node_modules'));
  await run(path.join(tools, '.bin/docusaurus'), ['build'], { cwd: home, env: { ...process.env, DOCUSAURUS_NO_PERSISTENT_CACHE: '1' } });
  await screenshot((await seen(t, path.join(home, 'build'))).page, 'docusaurus');
});

test("MyST's own tool", async (t) => {
  const home = write(t, "MyST's own tool");
  // The tool fetches its themes from a server of its own. One without pages does for the content; the component is that of the themes.
  mkdirSync(path.join(home, 'theme'));
  writeFileSync(path.join(home, 'theme/template.yml'), 'jtex: v1\ntitle: None\nversion: 1.0.0\n');
  writeFileSync(path.join(home, 'myst.yml'), 'version: 1\nproject:\n  title: Guide\nsite:\n  template: ./theme\n');
  const content = await start(t, path.join(tools, '.bin/myst'), ['start', '--headless'], { cwd: home });
  const { mdast } = await (await fetch(new URL('/content/index.json', content))).json();
  const [node] = mdast.children.flatMap(({ children }) => children).filter(({ type }) => type === 'anywidget');
  const built = path.join(home, '_build/html');
  cpSync(path.join(home, '_build/site/public'), built, { recursive: true });
  cpSync(path.join(home, 'picture.png'), path.join(built, 'picture.png'));
  await build({
    stdin: {
      contents: `import { createElement } from 'react';
        import { createRoot } from 'react-dom/client';
        import { ANY_RENDERERS } from '@myst-theme/anywidget';
        globalThis.shown = createRoot(document.querySelector('main'));
        shown.render(createElement(ANY_RENDERERS.anywidget, { node: ${JSON.stringify(node)} }));`,
      resolveDir: path.dirname(tools),
    },
    define: { 'process.env.NODE_ENV': '"production"' },
    bundle: true,
    format: 'esm',
    outfile: path.join(built, 'page.js'),
    logLevel: 'error',
  });
  writeFileSync(
    path.join(built, 'index.html'),
    '<!doctype html><title>Guide</title><main></main><script type="module" src="page.js"></script>',
  );
  const { page, faults } = await seen(t, built);
  await screenshot(page, 'myst');
  await page.evaluate(() => globalThis.shown.unmount());
  await page.waitForFunction(() => !document.querySelector('main').childElementCount);
  assert.deepEqual(faults, []);
});

test('Quarto, by Pandoc, which writes its pages', async (t) => {
  const home = write(t, 'Quarto');
  const [, header] = /^ +text: (.+)$/m.exec(readFileSync(path.join(home, '_quarto.yml'), 'utf8'));
  writeFileSync(path.join(home, 'header.html'), header);
  const pandoc = (await run(python, ['-c', 'import pypandoc; print(pypandoc.get_pandoc_path())'])).trim();
  const page = ['--standalone', '--include-in-header', 'header.html', '--from', 'markdown', 'index.qmd', '--output', 'index.html'];
  await run(pandoc, page, { cwd: home });
  await seen(t, home);
});

test('mdBook', { skip: mdbook() && existsSync(mdbook()) ? false : 'mdBook is not installed' }, async (t) => {
  const home = write(t, 'mdBook');
  await run(mdbook(), ['build'], { cwd: home });
  await screenshot((await seen(t, path.join(home, 'book'), 'guide.html')).page, 'mdbook');
});
