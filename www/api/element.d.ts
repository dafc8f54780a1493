// The types of `cam-lucida/element`. docs/EMBEDDING.md describes the element.
import type { ExplainOptions, PictureInput, Result } from './public.js';

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
  readonly result: Omit<Result, 'draw' | 'toBlob'> | null;
  explain(options?: Omit<ExplainOptions, 'onProgress'> & { src?: PictureInput; model?: string }): Promise<Omit<Result, 'draw' | 'toBlob'>>;
  toBlob(options?: { which?: number }): Promise<Blob>;
}

declare global {
  interface HTMLElementTagNameMap {
    'cam-lucida': CamLucida;
  }
}
