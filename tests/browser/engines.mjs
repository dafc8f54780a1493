// Chromium, Firefox and WebKit behind one face: a page that is opened, asked and closed. What a test does in the page, it
// does by a function that runs there, the same in each engine.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import puppeteer from 'puppeteer-core';

const WEBKIT = ['4.1', '4.0', '6.0'].map((version) => `/usr/lib/x86_64-linux-gnu/webkit2gtk-${version}/MiniBrowser`);
const DRIVER_STARTS = 20_000; // milliseconds

const which = (name) => {
  try {
    return execFileSync('which', [name], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
};

export { test } from './site.mjs';

/** Each engine: whether this machine has it, and how a page of it is opened: `{ run(work, argument), close() }`. */
export const ENGINES = {
  Chromium: {
    missing: () => ((process.env.CHROMIUM ?? which('chromium')) ? null : 'chromium'),
    async open(url) {
      const executablePath = process.env.CHROMIUM ?? which('chromium');
      const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-features=WebGPU'] });
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(url);
      return { run: (work, argument) => page.evaluate(work, argument), go: (to) => page.goto(to), close: () => browser.close() };
    },
  },
  Firefox: {
    missing: () => ((process.env.FIREFOX ?? which('firefox-esr') ?? which('firefox')) ? null : 'firefox-esr'),
    async open(url) {
      const executablePath = process.env.FIREFOX ?? which('firefox-esr') ?? which('firefox');
      const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
      const page = await browser.newPage();
      await page.goto(url);
      return { run: (work, argument) => page.evaluate(work, argument), go: (to) => page.goto(to), close: () => browser.close() };
    },
  },
  WebKit: {
    missing: () => (which('WebKitWebDriver') && which('xvfb-run') && WEBKIT.some(existsSync) ? null : 'webkit2gtk-driver, xvfb and xauth'),
    async open(url) {
      const port = await freePort();
      const driver = spawn('xvfb-run', ['-a', 'WebKitWebDriver', `--port=${port}`], { detached: true, stdio: 'ignore' });
      const end = () => process.kill(-driver.pid);
      const call = (...request) => callAt(port, ...request);
      try {
        await ready(call);
        const options = { binary: WEBKIT.find(existsSync), args: ['--automation'] };
        const { sessionId } = await call('POST', '/session', { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } } });
        const path = `/session/${sessionId}`;
        await call('POST', `${path}/timeouts`, { script: 120_000, pageLoad: 60_000 });
        const go = (to) => call('POST', `${path}/url`, { url: to });
        await go(url);
        return {
          go,
          async run(work, argument) {
            const script = `const done = arguments[arguments.length - 1];
              Promise.resolve((${work})(arguments[0])).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
            const { value, error } = await call('POST', `${path}/execute/async`, { script, args: [argument ?? null] });
            if (error) throw new Error(error);
            return value;
          },
          async close() {
            await call('DELETE', path).catch(() => {});
            end();
          },
        };
      } catch (error) {
        end();
        throw error;
      }
    },
  },
};

/**
 * How browsers are started of whose tabs one can be hidden, as a visitor's is when another stands before it: playwright keeps all
 * visible, and drivers ask Chromium not to hold the timers of hidden ones.
 */
export const TABS = {
  Chromium: () => ({
    executablePath: process.env.CHROMIUM ?? which('chromium'),
    args: ['--no-sandbox', '--disable-features=WebGPU'],
    ignoreDefaultArgs: [
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
    ],
  }),
  Firefox: () => ({ browser: 'firefox', executablePath: process.env.FIREFOX ?? which('firefox-esr') ?? which('firefox') }),
};

/** Waits for WebKit's driver. */
async function ready(call) {
  for (const start = Date.now(); ; await sleep(200)) {
    try {
      await call('GET', '/status');
      return;
    } catch (error) {
      if (Date.now() - start > DRIVER_STARTS) throw error;
    }
  }
}

/** A port that nobody listens on: a driver of another run, or of one that was killed, may hold any fixed one. */
async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

async function callAt(port, method, path, body) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    body: body && JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${value?.message ?? answer.status}`);
  return value;
}
