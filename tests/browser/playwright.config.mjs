// Two projects run the same tests: one computes on WebGPU's software adapter, the other has no WebGPU at all.
// A test that makes sense in one of them only says so by the tag @gpu or @cpu.
import { execFileSync } from 'node:child_process';
import { defineConfig } from '@playwright/test';
import { SOFTWARE_GPU } from '../../benches/harness.mjs';

const executablePath = process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
// The camera is Chromium's own, which shows a moving test picture.
const always = ['--no-sandbox', '--disable-background-networking', '--use-fake-device-for-media-stream'];
const MINUTE = 60_000;

export default defineConfig({
  testDir: '.',
  outputDir: process.env.CAM_LUCIDA_TEST_OUTPUT ?? 'test-results',
  // Two pages at a time. The software adapter already computes on every core, so its project has one; it comes first, for it is the longer.
  workers: 2,
  reporter: './reporter.mjs',
  projects: [
    {
      name: 'gpu',
      workers: 1,
      grepInvert: /@cpu/,
      timeout: 8 * MINUTE,
      expect: { timeout: 4 * MINUTE },
      use: { query: '?device=gpu', launchOptions: { executablePath, args: [...always, ...SOFTWARE_GPU] } },
    },
    {
      name: 'cpu',
      grepInvert: /@gpu/,
      timeout: 2 * MINUTE,
      expect: { timeout: MINUTE },
      use: { query: '', launchOptions: { executablePath, args: [...always, '--disable-features=WebGPU'] } },
    },
  ],
});
