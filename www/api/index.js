// What the package `cam-lucida` exports; public.d.ts says it in types. It may be imported where there is no browser, too: a
// site that is rendered on a server does that.
import { CamLucidaError as Failure } from './errors.js';
import { Lucida, useFiles as use } from './lucida.js';
import { show } from './widget.js';

/** @type {{ load: (typeof import('./public.d.ts').CamLucida)['load'], prototype: object }} */
export const CamLucida = Lucida;

/** @type {{ prototype: import('./public.d.ts').CamLucidaError }} */
export const CamLucidaError = Failure;

/** @type {typeof import('./public.d.ts').useFiles} */
export const useFiles = use;

/** For anywidget. @type {typeof import('./public.d.ts').default} */
export default {
  async render(context) {
    await import('../element.js');
    return show(context, 'cam-lucida');
  },
};
