// The types of the npm package `cam-lucida`. docs/EMBEDDING.md describes it.

/** A picture: its address, or itself. `sample:meadow` is one that comes with the package. */
export type PictureInput =
  string | URL | Blob | ImageData | ImageBitmap | HTMLImageElement | HTMLVideoElement | HTMLCanvasElement | OffscreenCanvas;

/** A network: the name of one that comes with the package or is published, `OWNER/REPOSITORY` of Hugging Face, an address, or its files. */
export type ModelInput = string | URL | ModelFiles;

export interface ModelFiles {
  /** safetensors, or a checkpoint of PyTorch. */
  weights: Blob;
  network?: string;
  /** The text of `config.json`. */
  config?: string;
  /** The text of `preprocessor_config.json`. */
  preprocessor?: string;
  /** The text of a file with the names of the classes. */
  labels?: string;
  /** What the outputs are: `single`, `multiple` or `value`. */
  problem?: string;
  /** Which of several networks in the file, such as `ema`. */
  state?: string;
  /** Of the input, in pixels: its side, or height and width. */
  size?: number | [number, number];
  mean?: [number, number, number];
  std?: [number, number, number];
  /** Of what values `mean` and `std` are: of 0 to 255, they are 0 and 1 by default. */
  range?: '0-1' | '0-255';
  /** In which order the network takes the colours. */
  order?: 'rgb' | 'bgr';
  /** How the network computes where its tensors do not tell. */
  variant?: 'torchvision' | 'caffe-strides' | 'cifar-strides' | 'cifar-pool' | 'timm-pool';
}

/** As transformers.js tells it; `compile` and `compute` are of this package. `progress` is in percent. */
export interface ProgressEvent {
  status: 'initiate' | 'download' | 'progress' | 'done' | 'compile' | 'compute' | 'ready';
  /** The network. */
  name: string;
  file?: string;
  loaded?: number;
  total?: number | null;
  progress?: number | null;
  step?: number;
  steps?: number;
}

export interface LoadOptions {
  model?: ModelInput;
  /** By default a real GPU that passes a small check, else the CPU. */
  device?: 'cpu' | 'gpu' | null;
  /** The folder that has the package's `dist`; by default it is found beside the module. Needed where a bundler moves the module. */
  base?: string | URL;
  /** The language of errors. */
  lang?: 'en' | 'zh';
  /** Bytes of networks that are kept in memory side by side. */
  memory?: { models?: number };
  onProgress?: (event: ProgressEvent) => void;
  signal?: AbortSignal;
}

export interface Style {
  colormap?: string;
  overlay?: string;
  /** From 0 to 1. */
  opacity?: number;
  /** From 0 to 1. */
  threshold?: number;
}

export interface ExplainOptions extends Style {
  method?: string;
  /** Ids or names, each with a heatmap of its own; by default the class that the network predicts. */
  class?: number | string | readonly (number | string)[];
  /** By default the network's default layer. */
  layer?: string | readonly string[];
  preset?: string;
  settings?: Record<string, number>;
  smooth?: boolean;
  merge?: string;
  target?: string;
  preprocess?: string;
  onProgress?: (event: ProgressEvent) => void;
  signal?: AbortSignal;
}

/** The values of a heatmap, `[channels, height, width]`, row by row. */
export interface RawMap {
  channels: number;
  height: number;
  width: number;
  data: Float32Array;
}

export interface Score {
  id: number;
  name: string | null;
  probability: number;
  logit: number;
}

export interface Result {
  /** The map of the first class. */
  readonly map: RawMap;
  /** The maps of all classes that were asked. */
  readonly maps: readonly RawMap[];
  readonly classes: readonly (Score & { flat: boolean; map: { shape: [number, number, number]; min: number; max: number } })[];
  /** The most probable classes, best first. */
  readonly top: readonly Score[];
  readonly method: string;
  readonly preset: string | null;
  readonly settings: Readonly<Record<string, number>>;
  readonly smooth: boolean;
  readonly layers: readonly string[];
  /** How the maps of several layers became one; `null` of a single layer. */
  readonly merge: string | null;
  readonly target: string;
  readonly preprocess: string;
  readonly normalisation: { mean: readonly number[]; std: readonly number[]; order: 'rgb' | 'bgr' };
  /** How it is drawn; `formula` is the overlay. */
  readonly style: { colormap: string; formula: string; opacity: number; threshold: number };
  readonly network: { name: string; title: string; classes: number; problem: string; input: number; weights: string | null };
  readonly picture: { name: string; width: number; height: number };
  readonly device: string;
  /** The version of CAM Lucida. */
  readonly cam_lucida: string;
  readonly times: readonly { name: string; milliseconds: number }[];
  /** Asks the same in the page, where the site has the page: the packages have not. A picture without an address is not in it. */
  readonly link: string;
  /** Draws a heatmap over the picture; the canvas takes its size. `which` counts the classes that were asked. */
  draw<T extends HTMLCanvasElement | OffscreenCanvas>(canvas: T, style?: Style & { which?: number }): Promise<T>;
  /** The same as a PNG. */
  toBlob(style?: Style & { which?: number }): Promise<Blob>;
}

export interface Model {
  name: string;
  network: string;
  title: string;
  problem: string;
  /** Of its input, in pixels. */
  size: { width: number; height: number };
  classes: number;
  labels: string[] | null;
  layers: { name: string; shape: [number, number, number] }[];
  defaultLayer: string;
}

export interface Method {
  name: string;
  title: string;
  summary: string;
  source: string;
  presets: string[];
  settings: { name: string; summary: string; default: number | null; min: number; max: number | null; whole: boolean }[];
}

/** An engine with a network. Each has a worker of its own. */
export class CamLucida {
  private constructor();
  static load(options?: LoadOptions): Promise<CamLucida>;
  readonly device: { kind: 'cpu' | 'gpu'; name: string; why: { code: string; arguments: Record<string, string> } | null; threads: number };
  readonly model: Model;
  readonly methods: Method[];
  readonly colormaps: { name: string; colours: string[] }[];
  /** Rejects with a `CamLucidaError`; with the signal's reason when that aborts. */
  explain(image: PictureInput, options?: ExplainOptions): Promise<Result>;
  /** Ends what is under way, and the worker. */
  dispose(): void;
}

/** `code` names exactly this fault, `arguments` are what it is about, `message` is a sentence to read. */
export class CamLucidaError extends Error {
  private constructor();
  kind: string;
  code: string;
  arguments: Record<string, any>;
}

/** Where the package's folder `dist` is, for `<cam-lucida>` in a bundle; `load({ base })` says the same. */
export function useFiles(folder: string | URL): void;

/** For anywidget. */
declare const widget: {
  render(context: { model: any; el: HTMLElement }): Promise<() => void>;
};
export default widget;
