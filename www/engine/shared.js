// One byte of a WebAssembly module says whether threads share its memory, so the engine is one file for both cases. On the server,
// its memory is not shared (scripts/page.mjs).

const IMPORTS = 2; // the id of the section
const [FUNCTION, TABLE, MEMORY] = [0, 1, 2];
const [OWN, SHARED] = [1, 3]; // both with a maximum

/**
 * Makes the memory that a module imports shared by threads, or its own. Returns how many pages of it the module needs.
 * @param {Uint8Array} module its binary
 * @param {boolean} shared
 */
export function setShared(module, shared) {
  let at = 8;
  const number = () => {
    for (let [value, shift] = [0, 0]; ; shift += 7) {
      const byte = module[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const pass = (/** @type {number} */ bytes) => void (at += bytes);
  while (at < module.length) {
    const [id, size] = [module[at++], number()];
    if (id !== IMPORTS) {
      pass(size);
      continue;
    }
    for (let left = number(); left > 0; left--) {
      pass(number()); // the name of the module that it is imported from
      pass(number()); // its own name
      const kind = module[at++];
      if (kind === MEMORY) {
        if (![OWN, SHARED].includes(module[at])) break;
        module[at++] = shared ? SHARED : OWN;
        return number();
      }
      if (kind === FUNCTION) number();
      else if (kind === TABLE) {
        pass(1);
        if (number() & 1) number();
        number();
      } else pass(2); // a global
    }
    break;
  }
  throw new Error('The module imports no memory with a maximum');
}
