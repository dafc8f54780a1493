// What the engine's tables are called in the present language: its own titles where the language has none.
import { t } from './index.js';

/**
 * @import { About, MethodInfo, SettingInfo } from '../engine/protocol.d.ts'
 */

const ANOTHER = /:(ID|\d+)$/; // a target that names another class

/** @param {About} about @param {string} name */
export function methodTitle(about, name) {
  return t().tables?.methods?.[name]?.title ?? about.methods.find((one) => one.name === name)?.title ?? name;
}

/** @param {MethodInfo} method */
export function methodSummary({ name, summary }) {
  return t().tables?.methods?.[name]?.summary ?? summary;
}

/** @param {MethodInfo} method @param {SettingInfo} setting */
export function settingTitle(method, { name, summary }) {
  return t().tables?.methods?.[method.name]?.settings?.[name] ?? summary;
}

/** @param {string} method @param {string} preset */
export function presetTitle(method, preset) {
  return t().tables?.methods?.[method]?.presets?.[preset] ?? preset;
}

/** Of a network of the engine's tables. @param {{ network?: string, title?: string }} model */
export function networkTitle({ network = '', title = network }) {
  return t().tables?.networks?.[network]?.title ?? title;
}

/** Of a network that comes with the page, or that it knows where to find. @param {{ name: string, title: string }} entry */
export function modelTitle({ name, title }) {
  const { models, published } = t().tables;
  return models[name] ?? published(title);
}

/** Of a target, a formula, a way to merge or to preprocess. */
export function titleOf(/** @type {string} */ name) {
  const plain = name.replace(ANOTHER, '');
  return t().tables?.titles?.[plain] ?? plain;
}

export function colormapTitle(/** @type {string} */ name) {
  return t().tables?.colormaps?.[name] ?? name;
}

/** A class by its name, else by its number. @param {{ id: number, name: string | null }} one */
export function className({ id, name }) {
  return name === null || name === undefined ? t().explain.classes.numbered(id) : (t().classes?.[name] ?? name);
}
