// Builds the engine that can compute on a GPU, beside the one without, which Trunk builds. Both are the binary `web`; they differ in the
// feature `gpu`, and Trunk builds a package with one set of features only.
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const TARGET = 'wasm32-unknown-unknown';
const FEATURES = ['--no-default-features', '--features', 'web,gpu'];

/** Writes `web-gpu.js` and `web-gpu_bg.wasm` into a folder, compiled by the profile of Trunk's own build. */
export function buildGpuEngine(site) {
  const profile = process.env.TRUNK_BUILD_CARGO_PROFILE ?? 'dev';
  const run = (program, ...args) => execFileSync(program, args, { stdio: 'inherit' });
  run('cargo', 'build', '--target', TARGET, '--profile', profile, ...FEATURES, '--bin', 'web');
  const built = path.join(process.env.CARGO_TARGET_DIR ?? 'target', TARGET, profile === 'dev' ? 'debug' : profile, 'web.wasm');
  run('wasm-bindgen', '--target', 'web', '--no-typescript', '--out-dir', site, '--out-name', 'web-gpu', built);
}
