// What a first visit asks the site for: little, and each thing once.
import { unless } from './inputs.mjs';
import { expect, test } from './page.mjs';

// main, what all views share, a view, a language, the worker, the engine's own; then what the other views share
const SCRIPTS = { board: 6, other: 7 };

for (const [hash, most] of [
  ['board', 12], // as scripts/visit.mjs has it
  ['bias', 30],
  ['ask?answer=red', 18],
  ['caption?caption=a+red+car', 18],
  ['explain', 28],
]) {
  const [view] = hash.split('?');
  test(`a first visit of the view ${view} takes few requests`, { tag: '@cpu' }, async ({ lucida, page, site }) => {
    test.skip(...unless(view));
    const asked = [];
    page.context().on('request', (request) => asked.push(new URL(request.url())));
    await lucida.openView(hash);
    await (view === 'explain' ? lucida.expectResult() : lucida.expectLive(view, view === 'bias' ? 2 : 1));
    await page.waitForLoadState('networkidle');
    const paths = asked.filter(({ href }) => href.startsWith(site)).map(({ pathname }) => pathname);
    expect(paths.length, paths.join('\n')).toBeLessThanOrEqual(most);
    expect(paths.filter((path) => path.endsWith('.js')).length, paths.join('\n')).toBeLessThanOrEqual(SCRIPTS[view] ?? SCRIPTS.other);
    const large = paths.filter((path) => /\.(wasm|safetensors|js|png|webp)$/.test(path) && !path.includes('/people/'));
    expect(large).toEqual([...new Set(large)]);
  });
}

test('the page names what its first script imports', { tag: '@cpu' }, async ({ site, request }) => {
  const read = async (path) => (await request.get(`${site}${path}`)).text();
  const named = [...(await read('')).matchAll(/<link rel="modulepreload" href="\.\/(.+?)">/g)].map(([, path]) => path);
  const imported = [...(await read('www/main.js')).matchAll(/(?:from|import)\s*"\.\/([\w-]+\.js)"/g)].map(([, name]) => `www/${name}`);
  expect(named.sort()).toEqual([...new Set(imported)].sort());
  expect(named.length).toBeGreaterThan(0);
});
