// The sticker board: a scene to play with, and the heatmaps of one or two classes that follow it.
import { effect, signal, untracked } from '@preact/signals-core';
import { Element, classMap, html, live, nothing } from '../../elements/element.js';
import '../../elements/heatmap.js';
import '../../elements/legend.js';
import { EngineError } from '../../engine/errors.js';
import { quickStyle } from '../../engine/quick.js';
import { t } from '../../i18n/index.js';
import { BACKGROUNDS, painter } from '../../scenes/painting.js';
import { Scene } from '../../scenes/scene.js';
import { stickerSheet } from '../../scenes/sheet.js';
import { STARTS } from '../../scenes/starts.js';
import { hidden, part } from '../../state/preferences.js';
import sheet from './board.css';
import { blend, strength } from './blend.js';
import { choose, runnerUp, shownOf, stillThere, SUSPECTED } from './choice.js';
import { Edits } from './edits.js';
import { Following } from './following.js';
import { alike, begun, contentOf, stateOf } from './link.js';
import { nameOf } from './names.js';
import './palette.js';
import './stage.js';
import './sureness.js';

/**
 * @import { Answer } from './following.js'
 * @import { Choice } from './choice.js'
 * @import { Content, Sticker } from '../../scenes/scene.js'
 * @import { Entry, EmbeddedModels } from '../../weights/embedded.js'
 *
 * @typedef {{ sheet: import('../../scenes/sheet.js').Sheet, models: EmbeddedModels, entries: Entry[], following: Following }} Equipment
 */

const RESTED = 1000; // milliseconds without a change before the result is read aloud
const READ = 6000; // milliseconds that it takes to read a sentence
const NARROW = '(max-width: 39.99rem)';
const FILE = 'sticker-board.png';

/** The tools, with their icons. */
const TOOLS = { left: '←', up: '↑', down: '↓', right: '→', smaller: '−', larger: '+', back: '↺', forth: '↻', remove: '✕' };
const ICONS = { undo: '↶', redo: '↷' };

export class Board extends Element {
  static sheet = sheet;

  static properties = {
    page: { attribute: false },
    state: { attribute: false },
    status: { attribute: false },
    active: { type: Boolean },
    equipment: { state: true },
    missing: { state: true },
    arrangement: { state: true },
    plain: { state: true },
    upper: { state: true },
  };

  scene = new Scene();
  edits = new Edits(this.scene, { get: () => this.#effective, set: (choice) => this.#choose(choice) });
  /** The id of the sticker that the tools are for. @type {import('@preact/signals-core').Signal<number | null>} */
  chosen = signal(null);

  constructor() {
    super();
    /** @type {import('../../main.js').Page} */
    this.page = /** @type {any} */ (null);
    /** @type {import('@preact/signals-core').Signal<import('../../state/board.js').Board>} */
    this.state = /** @type {any} */ (null);
    /** @type {import('../../state/status.js').Status} */
    this.status = /** @type {any} */ (null);
    this.active = false;
    /** @type {Equipment | null} what the board is made of, as soon as it is there */
    this.equipment = null;
    this.missing = false;
    /** @type {'over' | 'beside'} where the heatmap lies on a narrow screen */
    this.arrangement = 'over';
    /** Whether the board is looked at without its heatmap. */
    this.plain = false;
    /** Which of two heatmaps lies over the board. */
    this.upper = 0;
  }

  #media = window.matchMedia(NARROW);
  #narrow = signal(this.#media.matches);
  #resized = () => (this.#narrow.value = this.#media.matches);
  #keys = (/** @type {KeyboardEvent} */ event) => this.#key(event);
  /** @type {(() => void)[]} */
  #unfollow = [];
  /** @type {ReturnType<typeof painter> | null} */
  #painter = null;
  /** The state that this view has written itself. @type {unknown} */
  #written = null;
  #writing = 0;
  /** The classes on the board when one was chosen by hand: it stays until others lie there. */
  #accepted = '';
  /** The failure that was told last: a drag meets the same one sixty times a second. @type {string | null} */
  #told = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;
  /** The sticker that was moved by keys since the result was read aloud. @type {number | null} */
  #moved = null;
  /** The classes that are listed, in a steady order. @type {string[]} */
  #listed = [];
  /** What is drawn of an answer: once drawn, a bitmap is gone. @type {{ answer: Answer, over: boolean, which: string, bitmaps: (ImageBitmap | null)[] } | null} */
  #drawn = null;

  /** The explanation on the screen. */
  get explanation() {
    return this.equipment?.following.answer.peek()?.explanation;
  }

  /** Whether the heatmaps are those of the present board. */
  get settled() {
    return this.equipment?.following.live.settled ?? false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#media.addEventListener('change', this.#resized);
    globalThis.addEventListener('keydown', this.#keys);
    if (this.equipment) this.#follow();
    else this.#open();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#media.removeEventListener('change', this.#resized);
    globalThis.removeEventListener('keydown', this.#keys);
    for (const stop of this.#unfollow.splice(0)) stop();
    if (this.equipment) this.equipment.following.active = false;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('equipment') && this.equipment) this.#start(this.equipment);
    if (changed.has('active') && this.equipment) this.equipment.following.active = this.active;
    if (changed.has('active') && !this.active) clearTimeout(this.#resting);
  }

  async #open() {
    try {
      const [stickers, models] = await Promise.all([stickerSheet().catch(unreachable), this.page.embedded]);
      const entries = models?.of('scenes') ?? [];
      this.missing = !stickers || !entries.length;
      if (!stickers || !models || !entries.length) return;
      const following = new Following(this.page, models, {
        ask: () => this.#ask(),
        reconsider: (answer) => this.#reconsider(answer),
        onFailure: (error) => this.#fail(error),
        onAnswer: () => this.#answered(),
      });
      this.equipment = { sheet: stickers, models, entries, following };
    } catch (error) {
      this.status.fail(error, { words: () => t().page.retry, run: () => this.#again() });
    }
  }

  #again() {
    this.status.clear();
    if (this.equipment) this.equipment.following.touch();
    else this.#open();
  }

  #start(/** @type {Equipment} */ { sheet: stickers }) {
    this.#painter = painter(this.find('cl-board-stage').canvas, stickers);
    this.#follow();
  }

  #follow() {
    const { following } = /** @type {Equipment} */ (this.equipment);
    this.#unfollow.push(
      effect(() => {
        const state = this.state.value;
        untracked(() => state !== this.#written && this.#take(state));
      }),
      effect(() => {
        const { content } = this.scene;
        untracked(() => this.#changed(content));
      }),
      effect(() => {
        const { stale } = following.mark.value;
        clearTimeout(this.#resting);
        if (!stale) this.#resting = setTimeout(() => this.#rest(), RESTED);
      }),
    );
    following.active = this.active;
  }

  // The state and the scene

  /** Shows what the address says. */
  #take(/** @type {import('../../state/board.js').Board} */ state) {
    const {
      sheet: { classes },
      entries,
      following,
    } = /** @type {Equipment} */ (this.equipment);
    const { content, chosen, refused } = contentOf(state, { classes, models: entries.map(({ name }) => name) });
    cancelAnimationFrame(this.#writing);
    this.#written = refused.length
      ? { ...state, ...stateOf({ ...content, stickers: /** @type {any} */ (content.stickers) }), ...chosen }
      : state;
    this.state.value = /** @type {any} */ (this.#written);
    const set = () => this.scene.set(content);
    if (!this.scene.content.start) set();
    else if (!alike(/** @type {any} */ (content), this.scene.content)) this.edits.step(set);
    this.#accepted = this.#present();
    following.touch();
    if (refused.length) this.status.say(() => t().page.refused(refused));
  }

  #changed(/** @type {Content} */ content) {
    this.#painter?.paint(content);
    this.equipment?.following.touch();
    // Not more often than the screen shows it.
    cancelAnimationFrame(this.#writing);
    this.#writing = requestAnimationFrame(() => this.#write(stateOf(this.scene.content)));
  }

  #write(/** @type {Partial<import('../../state/board.js').Board>} */ change) {
    const before = this.state.peek();
    const after = { ...before, ...change };
    // A link to a board that was changed says which class it is about: the first sticker may be another one by now.
    if (after.stickers) after.class ??= this.#names()[0] ?? null;
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    this.#written = after;
    this.state.value = after;
  }

  /** @returns {Choice} */
  get #choice() {
    const { class: first, second } = this.state.peek();
    return { class: first, second };
  }

  /** With the class that is explained where none is chosen. @returns {Choice} */
  get #effective() {
    return { class: this.#names()[0] ?? null, second: this.#choice.second };
  }

  #choose(/** @type {Choice} */ choice) {
    this.#accepted = this.#present();
    this.#write(choice);
    this.equipment?.following.touch();
  }

  #present() {
    return untracked(() => [...this.scene.classes].sort().join());
  }

  /** The classes that are explained. */
  #names() {
    return shownOf(
      this.#choice,
      untracked(() => this.scene.classes),
    );
  }

  get #entry() {
    const { models, entries } = /** @type {Equipment} */ (this.equipment);
    const { model } = this.state.value;
    return entries.find(({ name }) => name === model) ?? (entries.includes(models.default) ? models.default : entries[0]);
  }

  // The heatmaps

  #ask() {
    const painted = /** @type {ReturnType<typeof painter>} */ (this.#painter);
    return untracked(() => ({ entry: this.#entry, present: this.scene.classes, names: this.#names(), pixels: painted.pixels() }));
  }

  /** A class that went away is explained no longer, unless the network goes on seeing it. */
  #reconsider(/** @type {Answer} */ { present, explanation }) {
    if (this.#present() === this.#accepted) return false;
    const { labels } = explanation.model;
    const isGone = (/** @type {string} */ name) => explanation.probabilities[labels.indexOf(name)] < SUSPECTED;
    const choice = stillThere(this.#choice, present, isGone);
    if (choice.class === this.#choice.class && choice.second === this.#choice.second) return false;
    this.#write(choice);
    this.edits.amend();
    return true;
  }

  #answered() {
    if (this.#told) this.status.clear();
    this.#told = null;
  }

  #fail(/** @type {any} */ error) {
    const told = error.code ?? error.message;
    if (told !== this.#told) this.status.fail(error, { words: () => t().board.again, run: () => this.#again() });
    this.#told = told;
  }

  /** Reads the result aloud when the board has come to rest. */
  #rest(waited = false) {
    const answer = this.equipment?.following.answer.peek();
    if (!this.active || !answer) return;
    const { sentence, aloud } = this.status;
    // What was said for all to see is not overwritten before it was read.
    if (sentence.peek() && !aloud.peek() && !waited) {
      this.#resting = setTimeout(() => this.#rest(true), READ);
      return;
    }
    const moved = this.#moved === null ? undefined : this.scene.get(this.#moved);
    this.#moved = null;
    this.status.announce(() => {
      const { settled, moved: movedTo } = t().board;
      const classes = answer.explanation.classes.map((/** @type {any} */ one) => ({ ...one, name: nameOf(one.name) }));
      return [...(moved ? [movedTo(worded(moved))] : []), settled(classes)].join(' ');
    });
  }

  // What is done to the board

  #add(/** @type {string} */ name) {
    this.edits.step(() => this.#added(this.scene.add({ class: name })));
  }

  #added(/** @type {Readonly<Sticker>} */ sticker) {
    this.find('cl-board-stage').choose(sticker.id);
    this.status.announce(() => t().board.added(worded(sticker)));
  }

  #removed(/** @type {CustomEvent<{ sticker: Sticker, last: boolean }>} */ { detail: { sticker, last } }) {
    if (last) this.find('cl-board-palette')?.focus();
    this.status.announce(() => t().board.removed(nameOf(sticker.class)));
  }

  #empty() {
    this.edits.step(() => this.scene.clear());
    this.status.announce(() => t().board.emptied);
  }

  #begin(/** @type {string} */ name) {
    const {
      sheet: { classes },
    } = /** @type {Equipment} */ (this.equipment);
    this.edits.step(() => {
      this.scene.set(begun(name, classes));
      // All that lay there is gone, so what is explained now lies there for certain.
      this.#choose(stillThere(this.#choice, this.scene.classes, () => true));
    });
    this.#tellBoard('begun');
  }

  #undo(redo = false) {
    if (!(redo ? this.edits.redo() : this.edits.undo())) return;
    this.#accepted = this.#present();
    this.#tellBoard(redo ? 'redone' : 'undone');
  }

  #tellBoard(/** @type {'begun' | 'undone' | 'redone'} */ what) {
    const { classes } = this.scene;
    this.status.announce(() => t().board[what](classes.map(nameOf)));
  }

  /** Undo and redo, wherever the focus is but in a text. */
  #key(/** @type {KeyboardEvent} */ event) {
    if (!this.active || event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    const path = /** @type {HTMLElement[]} */ (event.composedPath());
    if (!path.includes(this) && path[0].localName !== 'body') return;
    if (path[0].matches?.('input:not([type=checkbox], [type=radio], [type=range]), textarea, [contenteditable]')) return;
    const key = event.key.toLowerCase();
    if (key !== 'z' && (key !== 'y' || event.shiftKey)) return;
    event.preventDefault();
    this.#undo(key === 'y' || event.shiftKey);
  }

  /** The palette's stickers come to the stage. @type {import('./palette.js').Target} */
  #target = {
    add: (name) => this.#add(name),
    begin: () => this.edits.begin(),
    drag: (id, name, place) => this.find('cl-board-stage').drag(id, name, place),
    drop: (id, kept) => {
      const sticker = id === null ? undefined : this.scene.get(id);
      if (sticker && !kept) this.scene.remove(sticker.id);
      this.edits.end();
      if (sticker && kept) this.#added(sticker);
    },
  };

  #compare() {
    const { second } = this.#choice;
    const [first] = this.#names();
    const top = this.explanation?.top ?? this.scene.classes.map((name) => ({ name }));
    this.#choose({ class: this.#choice.class, second: second ? null : runnerUp(top, this.explanation?.classes[0].name ?? first) });
  }

  async #examine() {
    const { page, explanation } = this;
    const file = await /** @type {ReturnType<typeof painter>} */ (this.#painter).file(FILE);
    const { ownFiles } = await import('../../sources/own.js');
    const [picture] = ownFiles(page).addPictures([file]);
    const { labels } = explanation?.model ?? {};
    const classes = this.#names()
      .map((name) => labels?.indexOf(name) ?? -1)
      .filter((id) => id >= 0);
    // What is chosen there for other pictures and networks stays: but layers are those of a network.
    page.go('explain', {
      ...page.states.explain.peek(),
      picture,
      model: { kind: 'embedded', name: this.#entry.name },
      classes,
      layers: [],
    });
  }

  // What is seen

  get #over() {
    return this.#narrow.value && this.arrangement === 'over';
  }

  /** The drawings of an answer, once for each element that takes them over. */
  #bitmaps(/** @type {Answer} */ answer, /** @type {boolean} */ over) {
    const which = over ? `${this.upper} ${this.plain}` : '';
    if (this.#drawn?.answer === answer && this.#drawn.over === over && this.#drawn.which === which) return this.#drawn.bitmaps;
    const {
      heats,
      opacity,
      explanation: { classes, picture },
    } = answer;
    const bitmaps = heats.map((heat, i) =>
      over && i !== this.#top(answer) ? null : blend(heat, strength(opacity, classes[i].probability), over ? null : picture.pixels),
    );
    this.#drawn = { answer, over, which, bitmaps };
    return bitmaps;
  }

  #top(/** @type {Answer} */ { heats }) {
    return Math.min(this.upper, heats.length - 1);
  }

  render() {
    if (this.missing) return html`<p class="hint">${t().board.missing}</p>`;
    const { equipment } = this;
    const over = this.#over;
    const answer = equipment?.following.answer.value ?? null;
    const count = over ? 0 : Math.max(answer?.heats.length ?? 1, 1);
    return html`
      <div class=${classMap({ room: true, over, beside: !over, two: count > 1, unlisted: hidden.value.has('palette') })}
          @board-removed=${this.#removed} @board-moved=${(/** @type {CustomEvent<number>} */ { detail }) => (this.#moved = detail)}
          @board-class=${(/** @type {CustomEvent<string>} */ { detail }) => this.#choose(choose(this.#choice, 'class', detail))}>
        ${part('lead', () => this.#lead())}
        ${part('tools', () => this.#scenes())}
        ${this.#narrow.value ? this.#arranging() : nothing}
        ${this.#stage(over ? answer : null)}
        ${part('palette', () => this.#palette())}
        ${part('tools', () => this.#tools())}
        ${part('classes', () => this.#classes(answer))}
        ${over ? nothing : this.#figures(answer, count)}
        ${part('caption', () => this.#legend())}
        <div class="aside">${part('sureness', () => this.#sureness(answer))} ${part('network', () => this.#network(answer))}</div>
      </div>`;
  }

  #lead() {
    const { heading, lead } = t().board;
    return html`<div class="lead"><h2>${heading}</h2><p>${lead}</p></div>`;
  }

  #scenes() {
    const { scene, background, backgrounds } = t().board;
    const { scenes } = t().sources;
    const { content } = this.scene;
    const begin = (/** @type {any} */ { target }) => this.#begin(target.value);
    const paint = (/** @type {any} */ { target }) => this.edits.step(() => this.scene.setBackground(target.value));
    return html`
      <div class="scenes">
        <div class="field"><label for="scene">${scene}</label>
          <select id="scene" .value=${live(content.start)} @change=${begin}>
            ${STARTS.map(({ name }) => html`<option value=${name} ?selected=${name === content.start}>${scenes[name] ?? name}</option>`)}
          </select></div>
        <div class="field"><label for="background">${background}</label>
          <select id="background" .value=${live(content.background)} @change=${paint}>
            ${Object.keys(BACKGROUNDS).map((name) => html`<option value=${name} ?selected=${name === content.background}>${backgrounds[name]}</option>`)}
          </select></div>
      </div>`;
  }

  #arranging() {
    const { arrangement, peek } = t().board;
    const option = (/** @type {'over' | 'beside'} */ where) => html`
      <button type="button" aria-pressed=${this.arrangement === where} @click=${() => (this.arrangement = where)}>${arrangement[where]}</button>`;
    return html`
      <div class="arranging" role="group" aria-label=${arrangement.heading}>
        ${option('over')} ${option('beside')}
        <button type="button" class="peek" aria-pressed=${this.plain} ?disabled=${!this.#over} @click=${() => (this.plain = !this.plain)}>${peek}</button>
      </div>`;
  }

  #stage(/** @type {Answer | null} */ answer) {
    const overlay = answer && !this.plain ? answer : null;
    return html`
      <cl-board-stage class="table" .scene=${this.scene} .edits=${this.edits} .chosen=${this.chosen}>
        ${overlay ? this.#heatmap(overlay, this.#top(overlay), true) : nothing}
        ${overlay ? html`<div slot="above" class="chips">${overlay.heats.map((_, i) => this.#chip(overlay, i))}</div>` : nothing}
      </cl-board-stage>`;
  }

  /** What lies over the board is told on the board: where there are two, they are for choosing, too. */
  #chip(/** @type {Answer} */ answer, /** @type {number} */ which) {
    const { name, probability } = answer.explanation.classes[which];
    const words = t().board.sureOf(nameOf(name), probability);
    return answer.heats.length < 2
      ? html`<p class="chip">${words}</p>`
      : html`<button type="button" class="chip" aria-pressed=${which === this.#top(answer)} @click=${() => (this.upper = which)}>${words}</button>`;
  }

  #heatmap(/** @type {Answer} */ answer, /** @type {number} */ which, over = false) {
    const { drawing, sureOf, flat } = t().board;
    const { stale, stopped } = /** @type {Equipment} */ (this.equipment).following.mark.value;
    const { name, probability, flat: isFlat } = answer.explanation.classes[which];
    return html`
      <cl-heatmap class=${over ? 'overlay' : ''} .bitmap=${this.#bitmaps(answer, over)[which]} .label=${drawing(nameOf(name), answer.present.map(nameOf))}
        .heading=${over || hidden.value.has('caption') ? '' : sureOf(nameOf(name), probability)} .note=${isFlat && !over ? flat : ''}
        .stale=${stale} .stopped=${stopped}></cl-heatmap>`;
  }

  #figures(/** @type {Answer | null} */ answer, /** @type {number} */ count) {
    return html`
      <div class="figures" data-count=${count}>
        ${answer ? answer.heats.map((_, i) => this.#heatmap(answer, i)) : html`<cl-heatmap></cl-heatmap>`}
      </div>`;
  }

  #palette() {
    const { heading, hint } = t().board.palette;
    const { equipment } = this;
    return html`
      <div class="palette">
        <h3>${heading}</h3>
        <p class="hint">${hint}</p>
        ${equipment ? html`<cl-board-palette .sheet=${equipment.sheet} .target=${this.#target}></cl-board-palette>` : nothing}
      </div>`;
  }

  #tools() {
    const {
      tools: { heading, acts },
      hint,
      empty,
      emptyBoard,
      undo,
      redo,
    } = t().board;
    const none = this.chosen.value === null || !this.scene.get(this.chosen.value);
    const act = (/** @type {string} */ name) => this.find('cl-board-stage').act(name, { refocus: true });
    return html`
      <div class="bar">
        <div class="acts">
          <button type="button" title=${undo} aria-label=${undo} ?disabled=${!this.edits.canUndo.value} @click=${() => this.#undo()}>${ICONS.undo}</button>
          <button type="button" title=${redo} aria-label=${redo} ?disabled=${!this.edits.canRedo.value} @click=${() => this.#undo(true)}>${ICONS.redo}</button>
          <button type="button" aria-label=${emptyBoard} @click=${this.#empty}>${empty}</button>
        </div>
        <div class="tools" role="toolbar" aria-label=${heading}>
          ${Object.entries(TOOLS).map(
            ([name, icon]) => html`
            <button type="button" title=${acts[name]} aria-label=${acts[name]} ?disabled=${none} @click=${() => act(name)}>${icon}</button>`,
          )}
        </div>
      </div>
      <p class="keys hint">${hint.pointer}
        ${hint.keys.map(([keys, does]) => html`<span>${keys.map((key) => html`<kbd>${key}</kbd> `)}${does}</span> `)}</p>`;
  }

  #classes(/** @type {Answer | null} */ answer) {
    const { class: label, second: secondLabel, compare, compareLong } = t().board;
    const { second } = this.state.value;
    const labels = answer?.explanation.model.labels ?? this.equipment?.sheet.classes ?? [];
    const [first] = shownOf(this.state.value, this.scene.classes);
    const shown = first ?? answer?.explanation.classes[0].name ?? '';
    const option = (/** @type {string} */ name, /** @type {string | null} */ chosen) =>
      html`<option value=${name} ?selected=${name === chosen}>${nameOf(name)}</option>`;
    const pick =
      (/** @type {'class' | 'second'} */ which) =>
      (/** @type {any} */ { target }) =>
        this.#choose(choose({ class: shown || null, second: this.#choice.second }, which, target.value));
    return html`
      <div class="classes">
        <div class="field"><label for="class">${label}</label>
          <select id="class" .value=${live(shown)} @change=${pick('class')}>${labels.map((/** @type {string} */ name) => option(name, shown))}</select></div>
        ${
          second === null
            ? nothing
            : html`
          <div class="field"><label for="second">${secondLabel}</label>
            <select id="second" .value=${live(second)} @change=${pick('second')}>
              ${labels.filter((/** @type {string} */ name) => name !== shown).map((/** @type {string} */ name) => option(name, second))}
            </select></div>`
        }
        <button type="button" title=${compareLong} aria-label=${compareLong} aria-pressed=${second !== null} @click=${this.#compare}>${compare}</button>
      </div>`;
  }

  #legend() {
    const about = this.page.engine.about.value;
    return html`
      <div class="legend">
        ${about ? html`<cl-legend aria-hidden="true" .about=${about} .drawing=${quickStyle(about)}></cl-legend>` : nothing}
        <p class="hint">${t().board.faint}</p>
      </div>`;
  }

  #sureness(/** @type {Answer | null} */ answer) {
    const { heading, hint } = t().board.sureness;
    return html`
      <section class="sureness">
        <h3>${heading}</h3>
        <cl-board-sureness .rows=${answer ? this.#rows(answer) : []} .stale=${this.equipment?.following.mark.value.stale ?? true}></cl-board-sureness>
        <p class="hint">${hint}</p>
      </section>`;
  }

  /** The classes on the board, and those that the network suspects. */
  #rows(
    /** @type {Answer} */ {
      present,
      explanation: {
        model: { labels },
        classes,
        top,
        probabilities,
      },
    },
  ) {
    const suspected = top
      .filter((/** @type {any} */ { probability }) => probability > SUSPECTED)
      .map((/** @type {any} */ { name }) => name);
    const names = [...new Set([...present, ...suspected])].filter((name) => labels.includes(name));
    this.#listed = [...this.#listed.filter((name) => names.includes(name)), ...names.filter((name) => !this.#listed.includes(name))];
    return this.#listed.map((name) => ({
      name,
      probability: probabilities[labels.indexOf(name)],
      present: present.includes(name),
      chosen: classes.some((/** @type {any} */ one) => one.name === name),
    }));
  }

  #network(/** @type {Answer | null} */ answer) {
    const {
      network: { heading, label, option, how },
      examine,
      again,
    } = t().board;
    const { equipment } = this;
    const about = this.page.engine.about.value;
    const present = equipment && this.#entry;
    const use = (/** @type {any} */ { target }) => {
      this.#write({ model: target.value === equipment?.models.default.name ? null : target.value });
      equipment?.following.touch();
    };
    const made = answer &&
      about && {
        method: methodTitle(about.methods[0]),
        layers: answer.explanation.layers,
        milliseconds: answer.explanation.times.reduce(
          (/** @type {number} */ sum, /** @type {any} */ { milliseconds }) => sum + milliseconds,
          0,
        ),
        device: answer.explanation.device,
      };
    return html`
      <section class="network">
        <h3>${heading}</h3>
        <div class="field"><label for="model">${label}</label>
          <select id="model" .value=${live(present?.name ?? '')} @change=${use}>
            ${equipment?.entries.map((entry) => html`<option value=${entry.name} ?selected=${entry === present}>${option(t().tables.models[entry.name] ?? entry.title, entry)}</option>`)}
          </select></div>
        <p class="hint">${made ? how(made) : ''}</p>
        <button type="button" class="primary again" ?hidden=${!equipment?.following.mark.value.stopped} @click=${this.#again}>${again}</button>
        <button type="button" class="examine" ?disabled=${!answer} @click=${this.#examine}>${examine}</button>
      </section>`;
  }
}

const worded = (/** @type {Readonly<Sticker>} */ sticker) => ({ ...sticker, class: nameOf(sticker.class) });

const methodTitle = (/** @type {{ name: string, title: string }} */ { name, title }) => t().tables.methods[name]?.title ?? title;

/** @returns {never} */
function unreachable() {
  throw new EngineError({ kind: 'request', code: navigator.onLine ? 'samples-unreachable' : 'samples-offline' });
}

customElements.define('cl-board', Board);
