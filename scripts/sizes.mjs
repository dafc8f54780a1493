// Prints the size of each file of a site raw, in gzip and in brotli: node scripts/sizes.mjs [dist]
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } };

/** How many bytes of a file a server sends in brotli. */
export const brotli = (bytes) => brotliCompressSync(bytes, QUALITY).length;

function printSizes(folder) {
  const total = [0, 0, 0];
  const print = (name, sizes) => console.log(...sizes.map((size) => String(size).padStart(10)), ' ', name);
  console.log('       raw       gzip     brotli');
  for (const name of readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()) {
    const bytes = readFileSync(name);
    const sizes = [bytes.length, gzipSync(bytes, { level: 9 }).length, brotli(bytes)];
    sizes.forEach((size, i) => (total[i] += size));
    print(path.relative(folder, name), sizes);
  }
  print('in all', total);
}

if (process.argv[1] === import.meta.filename) printSizes(process.argv[2] ?? 'dist');
