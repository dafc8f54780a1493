// What the type checker cannot read off the page's own files.

/** esbuild gives a style sheet as its text. */
declare module '*.css' {
  const sheet: string;
  export default sheet;
}

/** And a drawing as an address. */
declare module '*.svg' {
  const url: string;
  export default url;
}

/** The engine, which wasm-bindgen writes beside the page. */
declare module '*/web.js' {
  const engine: any;
  export default engine;
  export const Engine: any;
  export const do_piece: any;
  export const initSync: any;
}

declare module '*/web-gpu.js' {
  const engine: any;
  export = engine;
}

/** Where the engine's wasm is, where its worker came without it. */
declare var camLucidaWasm: string | undefined;

/** The threads of the engine, for which it asks by this name. */
declare var camLucidaPool: import('./engine/threads.js').Pool | undefined;

/** The engine's module of relaxed SIMD, for which it asks by this name. */
declare var camLucidaRelaxed: WebAssembly.Exports | undefined;

/** Another limit for networks that have threads, for tests. */
declare var camLucidaLarge: number | undefined;

/** The page's parts, for its tests and for a look from the console. */
declare var camLucida: any;

/** The list of the site's files, which scripts/offline.mjs writes before the service worker. */
declare const SITE_BUILD: { build: string; files: Record<string, string>; later: string[] };

/** What the client and the worker speak, which scripts/element.mjs puts in. */
declare const ENGINE_BUILD: string;

/** The module of relaxed SIMD in base64, likewise. */
declare const RELAXED_MODULE: string;
