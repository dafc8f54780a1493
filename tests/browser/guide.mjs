// A page of somebody else with <cam-lucida> of the tests' site in it, and what can be read off it.
import { readFileSync } from 'node:fs';
import { host, pageWith, policyFor } from './host.mjs';
import { picture } from './inputs.mjs';
import { expect, test as base } from './page.mjs';

export { expect };

export const FIGURE = '<cam-lucida id="one" src="/picture.png"></cam-lucida>';
/** So that many are seen at once. */
export const SMALL = '<style>cam-lucida { display: inline-block; width: 200px }</style>';

const png = readFileSync(picture);
export const test = base.extend({
  /** Opens a page with `body` and `head` on a site of its own; gives what it asks of ours. */
  guide: async ({ page, site }, use) => {
    const hosts = [];
    await use(
      async (
        body,
        {
          head = '',
          policy = policyFor(new URL(site).origin, head && "style-src 'unsafe-inline'"),
          html = pageWith(site, body, head),
        } = {},
      ) => {
        const headers = policy ? { 'content-security-policy': policy } : {};
        const one = await host({ '/': html, '/picture.png': png, '/other.png': png }, { headers });
        hosts.push(one);
        const asked = [];
        page.on('response', (response) => {
          if (response.url().startsWith(site)) asked.push({ path: new URL(response.url()).pathname, response });
        });
        await page.addInitScript(() => {
          const { told } = Object.assign(globalThis, { told: [], refused: [] });
          for (const name of ['load', 'progress', 'result', 'error']) {
            document.addEventListener(
              name,
              ({ target, detail }) => {
                if (target.localName?.startsWith('cam-lucida'))
                  told.push({ name, id: target.id, status: detail?.status, code: detail?.code, message: detail?.message });
              },
              true,
            );
          }
          document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
            globalThis.refused.push(`${effectiveDirective} ${blockedURI}`),
          );
          const { Worker } = globalThis;
          globalThis.workers = [];
          globalThis.Worker = class extends Worker {
            alive = true;
            /** The names of its calls. */
            asked = [];
            /** What it holds: by which call it came, by its id. */
            held = new Map();
            #names = new Map();
            constructor(...args) {
              super(...args);
              globalThis.workers.push(this);
              this.addEventListener('message', ({ data: { id, value } }) => {
                if (value?.id !== undefined) this.held.set(value.id, this.#names.get(id));
              });
            }
            postMessage(message, ...rest) {
              if (message.name) this.asked.push(message.name);
              if (message.name === 'release') this.held.delete(message.args[0]);
              this.#names.set(message.id, message.name);
              super.postMessage(message, ...rest);
            }
            terminate() {
              this.alive = false;
              this.held.clear();
              super.terminate();
            }
          };
        });
        await page.goto(one.url);
        await page.waitForFunction(() => customElements.get('cam-lucida'));
        return { asked, served: one.asked };
      },
    );
    await Promise.all(hosts.map((one) => one.close()));
  },
});

export const told = (page, name) => page.evaluate((wanted) => globalThis.told.filter((one) => one.name === wanted), name);
export const results = (page, count = 1) => expect.poll(async () => (await told(page, 'result')).length).toBe(count);
/** What the first worker holds: how many of each, by the call that brought them. */
export const held = (page) =>
  page.evaluate(() => {
    const counts = { load_model: 0, open_picture: 0, explain: 0 };
    for (const name of globalThis.workers[0].held.values()) counts[name]++;
    return counts;
  });
export const alive = (page) => page.evaluate(() => globalThis.workers.map((one) => one.alive));
export const canvas = (page, selector = 'cam-lucida') => page.locator(`${selector} canvas[part=canvas]`);
