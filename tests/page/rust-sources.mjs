// What the Rust sources say, read in a simple and strict way: what is written otherwise than expected here fails.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = new URL('../..', import.meta.url).pathname;

export const read = (path) => readFileSync(join(ROOT, path), 'utf8');
export const readJson = (path) => JSON.parse(read(path));
export const list = (folder) => readdirSync(join(ROOT, folder)).sort();

/** Rust code without comments. Strings stay as they are, and may contain `//`. */
export function withoutComments(code) {
  return code.replace(/r"[^"]*"|r#"[^]*?"#|b?"(?:\\[^]|[^"\\])*"|b?'(?:\\[^']+|[^'\\])'|\/\/[^\n]*/g, (part) =>
    part.startsWith('//') ? '' : part,
  );
}

/** The text of a string literal. A backslash at the end of a line joins it to the next. */
const textOf = (literal) =>
  literal
    .slice(1, -1)
    .replace(/\\\n\s*/g, '')
    .replace(/\\(["\\])/g, '$1');

/** Where the bracket that opens at `start` closes. */
function closing(code, start) {
  const skip = /"(?:\\[^]|[^"\\])*"|'(?:\\[^']+|[^'\\])'|[([{]|[)\]}]/g;
  skip.lastIndex = start;
  for (let depth = 0, found; (found = skip.exec(code));) {
    if ('([{'.includes(found[0])) depth++;
    else if (')]}'.includes(found[0]) && --depth === 0) return found.index;
  }
  throw new Error(`a bracket never closes: ${code.slice(start, start + 80)}`);
}

/** The arguments of the call whose bracket opens at `start`. */
function argumentsOf(code, start) {
  const end = closing(code, start);
  const parts = [];
  let from = start + 1;
  for (let at = from; at < end; at++) {
    if (code[at] === '"') at += /^"(?:\\[^]|[^"\\])*"/.exec(code.slice(at))[0].length - 1;
    else if ('([{'.includes(code[at])) at = closing(code, at);
    else if (code[at] === ',') {
      parts.push(code.slice(from, at).trim());
      from = at + 1;
    }
  }
  parts.push(code.slice(from, end).trim());
  return parts.filter(Boolean);
}

/** The sources of what the page's engine is built from: the library without what needs a feature, and its binary. */
export function engineSources() {
  const needsFeature = [...read('src/lib.rs').matchAll(/#\[cfg\(feature = "\w+"\)\]\s*pub mod (\w+);/g)].map(([, name]) => name);
  assert(needsFeature.includes('train'), 'src/lib.rs says otherwise than expected which modules need a feature');
  const found = [];
  const walk = (folder) => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && path !== 'src/bin' && !needsFeature.some((name) => path === `src/${name}`)) walk(path);
      else if (path.endsWith('.rs')) found.push({ path, code: withoutComments(read(path)) });
    }
  };
  walk('src');
  walk('src/bin/web');
  return found;
}

/** Every error that the sources make: its code, its sentence (`null` if made otherwise) and the names of its arguments. */
export function errorsIn(sources) {
  const errors = [];
  for (const { path, code } of sources) {
    for (const { index } of code.matchAll(/\berror!\s*\(/g)) {
      const [kind, name, sentence, ...given] = argumentsOf(code, code.indexOf('(', index));
      if (kind.startsWith('@')) continue; // a line of the macro itself
      assert.match(name, /^"[a-z0-9-]+"$/, `${path}: the code of error! is no literal: ${name}`);
      errors.push({ path, code: textOf(name), sentence: textOf(sentence), names: given.map((one) => /^\w+/.exec(one)[0]) });
    }
    for (const { 0: call, index } of code.matchAll(/(?<!js_sys::)\bError::(?:new|with_arguments)\s*\(/g)) {
      const [, name, , given] = argumentsOf(code, index + call.length - 1);
      if (name === '$code') continue; // the macro itself
      assert.match(name ?? '', /^"[a-z0-9-]+"$/, `${path}: the code of ${call} is no literal`);
      const vector = given?.startsWith('vec!') || !given ? given : /^[^]*let arguments = (vec!\[[^;]*\]);/.exec(code.slice(0, index))?.[1];
      assert(vector || !given, `${path}: the arguments of ${name} are neither a vec! nor \`let arguments = vec!\` before it`);
      errors.push({ path, code: textOf(name), sentence: null, names: [...(vector ?? '').matchAll(/\("(\w+)",/g)].map(([, one]) => one) });
    }
  }
  return errors;
}

/** Names in kebab case of an enum's variants. */
export function variants(path, name) {
  const code = withoutComments(read(path));
  const start = code.indexOf(`pub enum ${name} {`);
  assert(start >= 0, `${path} has no enum ${name}`);
  const body = argumentsOf(code, code.indexOf('{', start));
  return body.map((variant) => {
    const [, camel] = /^(?:#\[\w+\]\s*)*(\w+)(?: = \d+)?$/.exec(variant);
    return camel.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
  });
}

/** Every method: its name, the names of its settings and of its presets. */
export function methods() {
  const folder = 'src/cam/methods';
  const listed = [...withoutComments(read(`${folder}/mod.rs`)).matchAll(/&(\w+)::METHOD\b/g)].map(([, module]) => module);
  const shared = withoutComments(read('src/cam/settings.rs'));
  const code = (module) => withoutComments(read(`${folder}/${module}.rs`));
  const only = (text, pattern, what) => {
    const found = pattern.exec(text);
    assert(found, `${what} is not written as expected`);
    return found[1];
  };
  const settingName = (module, words) => {
    const [own, ofAll] = [words, words.replace(/^Setting::/, '')];
    const [text, constant] = own === ofAll ? [code(module), own] : [shared, ofAll];
    const value = only(text, new RegExp(`\\bconst ${constant}: (?:Setting|Self)\\s*=\\s*([^;]*);`), `setting ${words} of ${module}`);
    const maker = /^(?:Setting::(\w+)\()/.exec(value)?.[1];
    if (maker === 'samples' || maker === 'spread') return maker;
    return only(value, maker === 'count' ? /^Setting::count\(\s*"(\w+)"/ : /\bname: "(\w+)"/, `setting ${words} of ${module}`);
  };
  const presetName = (module, words) => {
    const [constant, other = module] = words.split('::').reverse();
    return only(code(other), new RegExp(`\\bconst ${constant}: Preset = Preset { name: "([\\w-]+)" };`), `preset ${words} of ${module}`);
  };
  const names = (text, field, module) =>
    only(text, new RegExp(`\\b${field}: &\\[([^\\]]*)\\]`), `${field} of ${module}`)
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
  assert(listed.length > 0, 'src/cam/methods/mod.rs lists no methods');
  return listed.map((module) => {
    const text = code(module);
    return {
      name: only(text, /\bname: "([^"]+)"/, `name of ${module}`),
      settings: names(text, 'settings', module).map((words) => settingName(module, words)),
      presets: names(text, 'presets', module).map((words) => presetName(module, words)),
    };
  });
}

/** The names of targets, without the class that one of them takes. */
export function targets() {
  const code = withoutComments(read('src/cam/target.rs'));
  const [, count, rows] = /const WRITTEN: \[Written; (\d+)\] = \[([^\]]*)\];/.exec(code);
  const names = [...rows.matchAll(/\("([\w-]+)(?::ID)?",/g)].map(([, name]) => name);
  assert.equal(names.length, Number(count), 'src/cam/target.rs lists its targets otherwise than expected');
  return names;
}

/** Every network: name and title. */
export function networks() {
  const folder = 'src/network/families';
  return list(folder).flatMap((file) => {
    const code = withoutComments(read(`${folder}/${file}`));
    return [...code.matchAll(/\barchitecture\(\s*"(\w+)",\s*"([^"]+)"|\bname: "(\w+)",\s*title: "([^"]+)"/g)].map(([, ...found]) => {
      const [name, title] = found.filter(Boolean);
      return { name, title };
    });
  });
}

/** The phases that an explanation times. */
export function phases() {
  return [...withoutComments(read('src/explain/explanation.rs')).matchAll(/\.lap\("([\w ]+)"\)/g)].map(([, name]) => name);
}
