// Which of the page's views is shown: the address says it after the #, so that it can be linked to and gone back to.
import { text } from '../text.js';

/** `initial` is the view of an address that names none; `onShow(name)` is called when another one is shown. */
export function tabsView({ initial, onShow }) {
  const links = [...document.querySelectorAll('nav a')];
  const names = links.map(({ hash }) => hash.slice(1));
  let shown = null;

  function show() {
    const asked = location.hash.slice(1);
    const name = names.includes(asked) ? asked : initial;
    if (name === shown) return;
    shown = name;
    for (const other of names) document.getElementById(`view-${other}`).hidden = other !== name;
    for (const link of links) {
      if (link.hash.slice(1) === name) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    document.title = text.pageTitle(links[names.indexOf(name)].textContent);
    onShow(name);
  }

  addEventListener('hashchange', show);
  show();

  return {
    go(name) {
      location.hash = name;
    },
  };
}
