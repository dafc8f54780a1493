// Breaks the numerics in one place at a time (faults.json) and runs the tests: one of them must notice each fault.
// `node scripts/faults.mjs [WORD]` tries the faults whose description holds the word.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

// Cheap ones first: a fault need not go further than the first that notices it.
const GOLDENS = [
  'squeezenet1_1',
  'resnet18',
  'mobilenet_v2_x0_25',
  'every_method_on_mobilenet_v2_x0_25',
  'inception_v3',
  'shufflenet_v2_x0_5',
  'densenet121',
];
const TESTS = [['by_hand'], ['picture'], ['golden', '--', '--exact', ...GOLDENS], ['tap'], ['properties']];

const FAULTS = JSON.parse(readFileSync(new URL('faults.json', import.meta.url), 'utf8'));

const chosen = FAULTS.filter(({ fault }) => fault.includes(process.argv[2] ?? ''));
const survived = [];
for (const { fault: what, file, from, to } of chosen) {
  const source = readFileSync(file, 'utf8');
  let by = null;
  try {
    writeFileSync(file, source.replace(from, to));
    for (const test of TESTS) if ((by ??= failed(test))) break;
  } finally {
    writeFileSync(file, source);
  }
  console.log(`${by ? `caught by ${by}` : 'SURVIVED'}: ${what}`);
  if (!by) survived.push(what);
}
console.log(`${chosen.length - survived.length} of ${chosen.length} faults caught`);
process.exitCode = survived.length ? 1 : 0;

// The test that failed. A fault that does not compile is a mistake of this list, not one that a test has found.
function failed([file, ...rest]) {
  const { status, stdout, stderr } = spawnSync('cargo', ['test', '--test', file, ...rest], { encoding: 'utf8' });
  if (/could not compile/.test(stderr)) throw new Error(`does not compile:\n${stderr}`);
  return status === 0 ? null : `${file} ${stdout.match(/^test (\S+) \.\.\. FAILED/m)?.[1] ?? ''}`;
}
