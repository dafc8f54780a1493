// The Sphinx extension of the wheel: a page whose heatmap computes itself, and books that have the command line's picture.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { elsewhere, folder, heatmap, open, picture, python, root, run, screenshot } from './browser.mjs';

function guide(t) {
  const home = folder(t);
  cpSync(path.join(import.meta.dirname, 'sphinx'), home, { recursive: true });
  copyFileSync(picture, path.join(home, 'picture.png'));
  copyFileSync(path.join(root, 'www/people/person-0.png'), path.join(home, 'drawn.png'));
  return home;
}
const sphinx = (home, builder, ...more) => run(python, ['-m', 'sphinx', '-b', builder, ...more, '.', `out/${builder}`], { cwd: home });

/** A command line that notes what it is asked, and draws a person for each class; the second one's file comes first by its name. */
function command(home) {
  const file = path.join(home, 'drawing');
  const person = (number) => path.join(root, `www/people/person-${number}.png`);
  writeFileSync(
    file,
    `#!/bin/sh
echo "$@" >> ${home}/asked
for last; do :; done
cp ${person(1)} "$last/b-overlay.png"
cp ${person(2)} "$last/a-overlay.png"
case "$*" in *,*) more=', "a-overlay.png"';; esac
echo '{ "files": ["b-heatmap.png", "b-overlay.png"'"$more"'] }' > "$last/result.json"
`,
  );
  chmodSync(file, 0o755);
  return [`-Dcam_lucida_command=${file}`, () => readFileSync(path.join(home, 'asked'), 'utf8').trim().split('\n')];
}

test('HTML: the heatmap of the options and its caption, on pages that have one, from the project’s own folder', async (t) => {
  const home = guide(t);
  await sphinx(home, 'html', '-W', '-j', '2');
  const out = path.join(home, 'out/html');
  const text = (name) => readFileSync(path.join(out, name), 'utf8');
  assert.match(text('index.html'), /<script type="module" src="_static\/cam-lucida\/www\/element\.js/);
  assert.doesNotMatch(text('plain.html'), /cam-lucida\/www/);
  assert.ok(!existsSync(path.join(out, '_static/cam-lucida/notebook.js')));
  const site = await serve(out, elsewhere);
  t.after(() => site.close());
  const { page, faults } = await open(t, site.url);
  const { colours, method, classes } = await heatmap(page);
  assert.ok(colours > 1000);
  assert.deepEqual([method, classes.map(({ name }) => name)], ['layer-cam', ['dog']]);
  const figure = page.locator('cam-lucida');
  assert.equal(await figure.locator('> img').getAttribute('alt'), 'A scene with <things>');
  assert.equal(await figure.locator('em').innerText(), 'one');
  assert.equal(Math.round((await figure.boundingBox()).width), 400);
  assert.deepEqual(faults, []);
  await screenshot(page, 'sphinx');
});

test('LaTeX and man: the picture that the command line makes, once for each question', async (t) => {
  const home = guide(t);
  const [option, asked] = command(home);
  await sphinx(home, 'latex', '-W', option);
  assert.equal(asked().length, 2);
  assert.match(
    asked()[0],
    /^explain --image-path \S+picture\.png --class-id 1 --method layer-cam --colormap viridis --opacity 0\.6 --output-dir \S+$/,
  );
  assert.match(asked()[1], /--model-dir \S+models\/resnet-scenes/);
  const [, explain] = readFileSync(path.join(root, 'docs/COMMANDS.md'), 'utf8').split('\n## `cam-lucida explain`\n');
  for (const [option] of asked()
    .join(' ')
    .matchAll(/--[a-z-]+/g))
    assert.ok(explain.split('\n## ')[0].includes(`${option} `), option);
  const made = readdirSync(path.join(home, 'out/latex')).filter((name) => /^cam-lucida-[0-9a-f]{20}-00\.png$/.test(name));
  assert.equal(made.length, 2);
  assert.ok(readFileSync(path.join(home, 'out/latex', made[0])).equals(readFileSync(path.join(root, 'www/people/person-1.png'))));
  const tex = readFileSync(path.join(home, 'out/latex/guide.tex'), 'utf8');
  assert.match(tex, /\\sphinxincludegraphics\[width=400\\sphinxpxdimen\]\{\{cam-lucida-/);
  assert.match(tex, /\\caption\{What \\sphinxstyleemphasis\{one\} network saw/);
  await sphinx(home, 'latex', '-E', '-W', option);
  assert.equal(asked().length, 2);
  await sphinx(home, 'man', option);
  assert.match(readFileSync(path.join(home, 'out/man/guide.1'), 'utf8'), /network saw/);
});

test('LaTeX: several classes are several pictures, in the order in which they are asked', async (t) => {
  const home = guide(t);
  const [option, asked] = command(home);
  writeFileSync(
    path.join(home, 'plain.rst'),
    'Plain\n=====\n\n.. cam-lucida:: picture.png\n   :classes: elephant, cat\n   :alt: A scene\n',
  );
  await sphinx(home, 'latex', '-W', option);
  assert.ok(asked().some((one) => one.includes('--class-id 4,0')));
  const out = path.join(home, 'out/latex');
  const [[first, second]] = [
    ...readFileSync(path.join(out, 'guide.tex'), 'utf8').matchAll(
      /\{\{(cam-lucida-\w+-00)\}\.png\}[^]{0,80}?\{\{(cam-lucida-\w+-01)\}\.png\}/g,
    ),
  ].map(([, ...both]) => both);
  for (const [name, number] of [
    [first, 1],
    [second, 2],
  ])
    assert.ok(readFileSync(path.join(out, `${name}.png`)).equals(readFileSync(path.join(root, `www/people/person-${number}.png`))));
});

test('without the command line: the author’s poster; else the plain picture, and a warning that says what to do', async (t) => {
  const home = guide(t);
  const failing = run(python, ['-m', 'sphinx', '-b', 'latex', '-W', '-Dcam_lucida_command=not-there', '.', 'out/latex'], { cwd: home });
  await assert.rejects(
    failing,
    /index\.rst:\d+: WARNING: cam-lucida: no heatmap, the plain picture stands there: the command line “not-there” is not installed.+“poster”/,
  );
  await sphinx(home, 'latex', '-Dcam_lucida_command=not-there');
  const files = readdirSync(path.join(home, 'out/latex'));
  assert.ok(files.includes('drawn.png') && files.includes('picture.png'), files.join());
});

test('a directive that cannot be shown is an error at its line', async (t) => {
  const home = guide(t);
  mkdirSync(path.join(home, 'wrong'));
  for (const [words, message] of [
    ['.. cam-lucida::', /needs a picture/],
    ['.. cam-lucida:: picture.png\n   :opacity: 2', /a number from 0 to 1/],
    ['.. cam-lucida:: picture.png\n   :metod: rise', /unknown option: "metod"/],
    ['.. cam-lucida:: nowhere.png', /image file not readable/],
  ]) {
    writeFileSync(path.join(home, 'plain.rst'), `Plain\n=====\n\n${words}\n`);
    await assert.rejects(sphinx(home, 'html', '-W'), message, words);
  }
});
