// Writes the headers of scripts/policy.mjs in the form of common servers: node scripts/headers.mjs FOLDER. docs/HOSTING.md says
// what to do with the files.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HEADERS } from './policy.mjs';

const SAID = 'Written by scripts/headers.mjs of CAM Lucida; docs/HOSTING.md says what each header does.';

const lines = (line) => Object.entries(HEADERS).map(([name, value]) => line(name, value));

/** The texts of the files by their names. None of the values holds a double quote. */
export const FILES = {
  /** Netlify, Cloudflare Pages. */
  _headers: [`# ${SAID}`, '/*', ...lines((name, value) => `  ${name}: ${value}`), ''].join('\n'),
  /** Apache. */
  '.htaccess': [
    `# ${SAID}`,
    'AddType application/wasm .wasm',
    '<IfModule mod_headers.c>',
    ...lines((name, value) => `  Header always set ${name} "${value}"`),
    '</IfModule>',
    '',
  ].join('\n'),
  /** nginx, to be included in the location of the site. */
  'nginx.conf': [`# ${SAID}`, ...lines((name, value) => `add_header ${name} "${value}" always;`), ''].join('\n'),
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = 'dist'] = process.argv.slice(2);
  for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(folder, name), text);
}
