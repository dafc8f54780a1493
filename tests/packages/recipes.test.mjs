// The recipes of docs/RECIPES.md, each built as it stands there, opened, and a heatmap seen.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { elsewhere, folder, heatmap, open, packed, picture, python, root, run, screenshot } from './browser.mjs';

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
  return opened.page;
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
  await screenshot(await seen(t, path.join(home, 'site')), 'mkdocs');
});

test('Docusaurus', async (t) => {
  const home = write(t, 'Docusaurus');
  writeFileSync(path.join(home, 'package.json'), '{ "private": true }'); // its own scripts are no ES modules
  symlinkSync(tools, path.join(home, 'node_modules'));
  await run(path.join(tools, '.bin/docusaurus'), ['build'], { cwd: home, env: { ...process.env, DOCUSAURUS_NO_PERSISTENT_CACHE: '1' } });
  await screenshot(await seen(t, path.join(home, 'build')), 'docusaurus');
});

test('mdBook', { skip: mdbook() && existsSync(mdbook()) ? false : 'mdBook is not installed' }, async (t) => {
  const home = write(t, 'mdBook');
  await run(mdbook(), ['build'], { cwd: home });
  await screenshot(await seen(t, path.join(home, 'book'), 'guide.html'), 'mdbook');
});
