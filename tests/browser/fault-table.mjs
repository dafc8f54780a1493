// The faults that the browser tests bring about, and what must come of each; and the table of what came of them.

const GOES_ON = 'It is told. Picture, choices and last result stay; the next request succeeds.';
const ON_THE_CPU = 'The page computes on the CPU, and says why.';
const REFUSED = 'It is refused in words and not kept. The next try succeeds.';
const FETCHED_AGAIN = 'It is dropped and fetched again, once.';
const NOT_KEPT = 'The page goes on, and says that the browser keeps nothing.';

/** By its name, what a fault must lead to. What is brought about is always one of these. */
export const FAULTS = {
  'worker trapped': GOES_ON,
  'worker killed while it computes': GOES_ON,
  'worker killed while idle': 'Another takes its place. The last result is drawn anew, to the pixel.',
  'worker out of memory while it computes': GOES_ON,
  'no memory for a weight file': 'It is refused in words. The last result stays.',
  'worker of another build': 'The page says to reload. The last result stays.',

  'GPU lost in an upload': GOES_ON,
  'GPU lost in the forward pass': GOES_ON,
  'GPU lost in the backward pass': GOES_ON,
  'GPU lost while it reads back': GOES_ON,
  'GPU lost while it draws': GOES_ON,
  'GPU lost while idle': GOES_ON,
  'GPU process killed': GOES_ON,
  'GPU lost twice in a row': ON_THE_CPU,
  'GPU gives no device': ON_THE_CPU,
  'engine of the GPU missing': ON_THE_CPU,
  'GPU computes wrongly': ON_THE_CPU,
  'worker dies in the start on the GPU': ON_THE_CPU,
  'shader invalid before the first result': 'Nothing is shown. Another worker gives the right result.',
  'shader invalid later': GOES_ON,

  'download cut': REFUSED,
  'download too short': REFUSED,
  'download corrupted': REFUSED,
  'download stalled': 'It is given up after a minute without a byte, and told. The next try succeeds.',
  'download without end': 'It is refused as soon as it is larger than the page loads.',
  'download refused by the server': 'The page says why, and what to do. The next try succeeds.',
  'engine download stalled': 'It is told after 20 seconds, and still waited for.',
  'server unreachable': 'The page says so, and tells it from a server that forbids.',
  'device offline': 'The site and what is kept work. What is not kept says why.',

  'kept file with one byte changed': FETCHED_AGAIN,
  'kept file shortened': FETCHED_AGAIN,
  'quota 0': NOT_KEPT,
  'storage forbidden': NOT_KEPT,
  'browser without a cache': NOT_KEPT,

  'tab frozen while it computes': 'The result comes when the tab is back.',
  'tab hidden while it computes': 'The result is there when the tab is back, and the next request succeeds.',
  'clock ahead by a minute': 'Nothing changes. A cancelled computation is ended at once.',
  'clock set to another year': 'Nothing changes.',

  'service worker updated under an open page': 'The page goes on with its own build, and says that a newer one is there.',
  'file of another build in an update': 'The update is refused. The build before stays whole.',
  'two tabs of different builds': 'Each has all its files from its own build.',

  'weight file changed on disk': 'The page says why it cannot be read again. Given anew, it counts.',
  'text in place of a picture': GOES_ON,
  'weights cut in half': GOES_ON,
};

/** Where a test ran: its title begins with a browser's name, or it ran in Chromium, on the device of its project. */
export function deviceOf(project, title) {
  const [, browser = 'Chromium'] = /^(Chromium|Firefox|WebKit):/.exec(title) ?? [];
  if (browser !== 'Chromium') return browser;
  return project === 'gpu' ? 'software WebGPU' : 'CPU';
}

const DEVICES = ['CPU', 'software WebGPU', 'Firefox', 'WebKit'];

/**
 * The table as Markdown. `ran` has, for each time that a fault was brought about, `{ fault, device, outcome }`; the outcome is
 * the test's: passed, failed or skipped.
 */
export function tableOf(ran) {
  const cell = (fault, device) => {
    const outcomes = ran.filter((one) => one.fault === fault && one.device === device).map(({ outcome }) => outcome);
    if (!outcomes.length) return '–';
    if (outcomes.includes('failed')) return '**FAILED**';
    return `held${outcomes.length > 1 ? ` ×${outcomes.length}` : ''}`;
  };
  const rows = Object.entries(FAULTS)
    .filter(([fault]) => ran.some((one) => one.fault === fault))
    .map(([fault, promise]) => [fault, ...DEVICES.map((device) => cell(fault, device)), promise]);
  const head = ['fault', ...DEVICES, 'what must come of it'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}
