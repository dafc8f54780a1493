// The built page, served on its own.
import { test as base } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { dist } from './inputs.mjs';

/** Tests of the `site`. */
export const test = base.extend({
  site: [
    async ({}, use) => {
      const server = await serve(dist, { port: 0 });
      await use(server.url);
      await server.close();
    },
    { scope: 'worker' },
  ],
});
