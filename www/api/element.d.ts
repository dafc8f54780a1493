// The types of `cam-lucida/element`. docs/EMBEDDING.md describes the element.
import type { ExplainOptions, PictureInput, ProgressEvent, Result } from './public.js';

/** A result without its methods: the element draws it itself. */
export type FigureResult = Omit<Result, 'draw' | 'toBlob'>;

/** What failed; `message` is a sentence in the language of the element. */
export interface Fault {
  code: string | null;
  kind: string | null;
  arguments: Record<string, any>;
  message: string;
}

export interface CamLucidaEventMap {
  /** Network and picture are there. */
  load: CustomEvent<{
    model: { network: string; title: string; classes: number; labels: string[] | null };
    picture: { width: number; height: number };
  }>;
  progress: CustomEvent<Omit<ProgressEvent, 'file'>>;
  /** Of a board, `detail` has `classes` and `top` alone. */
  result: CustomEvent<FigureResult>;
  error: CustomEvent<Fault>;
}

/** `<cam-lucida>`: a figure with a heatmap and a caption. Importing the module defines it. */
export class CamLucida extends HTMLElement {
  src: PictureInput | null;
  model: string | null;
  method: string | null;
  /** Ids or names, with commas between; an array may be set. */
  classes: string | null;
  layer: string | null;
  colormap: string | null;
  opacity: number | null;
  threshold: number | null;
  theme: 'auto' | 'light' | 'dark' | 'projector';
  poster: string | null;
  loading: 'lazy' | 'eager';
  reveal: 'view' | 'click' | 'manual';
  controls: string | null;
  board: string | null;
  readonly result: FigureResult | null;
  explain(options?: Omit<ExplainOptions, 'onProgress'> & { src?: PictureInput; model?: string }): Promise<FigureResult>;
  toBlob(options?: { which?: number }): Promise<Blob>;
  addEventListener<K extends keyof CamLucidaEventMap>(
    type: K,
    listener: (this: CamLucida, event: CamLucidaEventMap[K]) => any,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends Exclude<keyof HTMLElementEventMap, keyof CamLucidaEventMap>>(
    type: K,
    listener: (this: CamLucida, event: HTMLElementEventMap[K]) => any,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'cam-lucida': CamLucida;
  }
}
