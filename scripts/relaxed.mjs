// Compiles src/kernels/relaxed.rs to WebAssembly: a module beside the engine, for browsers with relaxed SIMD. `node scripts/relaxed.mjs`
// compiles it to look for faults, by the compiler that the variable RUSTC names.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** All memory is the engine's. The linker refuses data of its own, and what is put on a stack, which would begin at 0, traps. */
const MEMORY = ['--import-memory', '--max-memory=4294967296', '--initial-memory=0', '--stack-first', '-zstack-size=0'];
const ARGUMENTS = [
  ...['--edition', '2024', '--crate-name', 'relaxed', '--crate-type', 'cdylib', '--target', 'wasm32-unknown-unknown'],
  ...['-C', 'opt-level=3', '-C', 'panic=abort', '-C', 'strip=symbols', '-C', 'target-feature=+simd128,+relaxed-simd'],
  ...MEMORY.flatMap((argument) => ['-C', `link-arg=${argument}`]),
  ...['-D', 'warnings', '-A', 'dead-code'], // the engine uses the rest of the files
];

/** The module's binary, in base64. */
export function compileRelaxed() {
  const folder = mkdtempSync(path.join(tmpdir(), 'relaxed-'));
  const file = path.join(folder, 'relaxed.wasm');
  try {
    const compiler = process.env.RUSTC ?? 'rustc';
    execFileSync(compiler, [...ARGUMENTS, '-o', file, 'src/kernels/relaxed.rs'], { cwd: root, stdio: 'inherit' });
    return readFileSync(file, 'base64');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === import.meta.filename) compileRelaxed();
