// The files that the visitor gave to the page, for as long as it is open.
import { signal } from '@preact/signals-core';
import { EngineError } from '../engine/errors.js';
import { sortFiles } from '../weights/sorting.js';
import { dropPicture, forgetPictures, keepPictures, keptPictures, named, newId } from './kept.js';
import { OwnNetwork } from './own-network.js';

/**
 * @import { Site } from '../main.js'
 * @import { ModelSource, PictureSource } from '../state/question.js'
 * @import { Sorted } from '../weights/sorting.js'
 *
 * @typedef {{ pictures: PictureSource[], model: ModelSource | null, waiting: string[], view?: string }} Given `waiting` names files
 *   that wait for their weights; `view` is to take them over
 */

export class OwnFiles {
  /** The pictures, those that came last first. Names are unique. */
  pictures = signal(/** @type {File[]} */ ([]));
  /** How many pictures came together the last time. */
  together = signal(0);
  /** What was given outside of the view that asks about it, and waits to be taken over. */
  given = signal(/** @type {Given | null} */ (null));
  network = new OwnNetwork();
  /** @type {WeakMap<File, string>} */
  #urls = new WeakMap();
  /** @type {WeakMap<File, string>} under which the browser's storage has a picture, or will have it */
  #ids = new WeakMap();
  /** @type {Map<string, any>} by name, why a picture is not there any more: the engine could not open it */
  #refused = new Map();
  #restoring;

  constructor() {
    this.#restoring = keptPictures().then((kept) => {
      const pictures = [...this.pictures.peek()];
      for (const { id, file } of kept) {
        const same = pictures.find((other) => isSame(other, file)); // given again before the storage has answered
        const restored = same ?? renamed(file, pictures);
        if (!same) pictures.push(restored);
        if (!this.#ids.has(restored)) this.#ids.set(restored, id);
      }
      if (kept.length) this.pictures.value = pictures;
    });
  }

  /**
   * Takes files that were given together, by a drop, a paste or an input.
   * @param {Iterable<File>} files
   * @param {keyof Sorted} rest what a file of no known name is
   * @returns {Given}
   */
  take(files, rest = 'pictures') {
    const { pictures, ...own } = sortFiles(files, rest);
    const others = Object.values(own).flat();
    const model = others.length ? this.network.take(own) : null;
    return {
      pictures: pictures.length ? this.addPictures(pictures) : [],
      model,
      waiting: model ? [] : others.map(({ name }) => name),
    };
  }

  /**
   * Takes class names, whatever the file is called.
   * @param {File[]} labels
   * @returns {Given}
   */
  takeLabels(labels) {
    const model = this.network.take({ labels });
    return { pictures: [], model, waiting: model ? [] : labels.map(({ name }) => name) };
  }

  /** @returns {PictureSource[]} */
  addPictures(/** @type {File[]} */ files) {
    const present = this.pictures.peek();
    /** @type {File[]} */
    const added = [];
    for (const file of files) {
      const same = [...present, ...added].find((other) => isSame(other, file));
      if (same && added.includes(same)) continue;
      added.push(same ?? renamed(file, [...present, ...added]));
    }
    this.pictures.value = [...added, ...present.filter((file) => !added.includes(file))];
    this.together.value = added.length;
    for (const { name } of added) this.#refused.delete(name);
    this.#keep(added);
    return added.map(({ name }) => ({ kind: 'own', name }));
  }

  /** The picture of a name; an error where nothing has it. It counts as the one used last. */
  async picture(/** @type {string} */ name) {
    const find = () => this.pictures.peek().find((file) => file.name === name);
    if (!find()) await this.#restoring;
    const file = find();
    if (!file) throw this.#refused.get(name) ?? new EngineError({ kind: 'image', code: 'own-picture-missing', arguments: { name } });
    this.#keep([file]);
    return file;
  }

  /** Keeps pictures for the next visit, as long as nobody refuses or forgets them. */
  async #keep(/** @type {File[]} */ files) {
    await this.#restoring; // the storage may have them already
    const pictures = files
      .filter((file) => this.pictures.peek().includes(file))
      .map((file) => {
        const id = this.#ids.get(file) ?? newId();
        this.#ids.set(file, id);
        return { id, file };
      });
    if (pictures.length) await keepPictures(pictures);
  }

  /** Does without a picture that the engine cannot open, here and in the browser's storage. */
  refuse(/** @type {File} */ file, /** @type {any} */ error) {
    const pictures = this.pictures.peek();
    const at = pictures.indexOf(file);
    if (at < 0) return;
    this.#refused.set(file.name, error);
    if (at < this.together.peek()) this.together.value--;
    this.pictures.value = pictures.toSpliced(at, 1);
    URL.revokeObjectURL(this.#urls.get(file) ?? '');
    const id = this.#ids.get(file);
    if (id) dropPicture(id);
  }

  /** An address under which this page can show a picture. */
  urlOf(/** @type {File} */ file) {
    const url = this.#urls.get(file) ?? URL.createObjectURL(file);
    this.#urls.set(file, url);
    return url;
  }

  /** Forgets all but the picture in use, here and in the browser's storage. */
  async forget(/** @type {string | null} */ used = null) {
    const [gone, left] = [false, true].map((stays) => this.pictures.peek().filter(({ name }) => (name === used) === stays));
    for (const file of gone) URL.revokeObjectURL(this.#urls.get(file) ?? '');
    this.pictures.value = left;
    this.together.value = 0;
    await forgetPictures();
  }
}

/** @type {WeakMap<Site, OwnFiles>} */
const opened = new WeakMap();

/** Those of a page. */
export function ownFiles(/** @type {Site} */ page) {
  const files = opened.get(page) ?? new OwnFiles();
  opened.set(page, files);
  return files;
}

const isSame = (/** @type {File} */ a, /** @type {File} */ b) =>
  a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;

/** The file, under a name that none of `others` has: what is pasted always has the same. */
function renamed(/** @type {File} */ file, /** @type {File[]} */ others) {
  const taken = new Set(others.map(({ name }) => name));
  if (!taken.has(file.name)) return file;
  const [, stem, ending] = /** @type {RegExpExecArray} */ (/^(.*?)(\.[^.]*)?$/s.exec(file.name));
  let number = 2;
  while (taken.has(`${stem}-${number}${ending ?? ''}`)) number++;
  return named(file, `${stem}-${number}${ending ?? ''}`);
}
