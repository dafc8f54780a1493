// Rules of the page that no package brings: what people read is in www/i18n and the views' words, what is coloured is in
// www/styles/tokens.css.

/** Attributes that people read or hear. */
const READ = [
  'alt',
  'title',
  'label',
  'placeholder',
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'content',
];
const LETTERS = /\p{L}{2,}/u;
const ENTITIES = /&\w+;/g;
const COLOUR = /#(?:[\da-f]{3,4}){1,2}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(\s*\d/i;

/** The text between the tags of a template, and in attributes that people read; `parts` are its strings. */
export function textIn(/** @type {string[]} */ parts) {
  const markup = parts.join('\0');
  const attributes = [...markup.matchAll(/([\w-]+)="([^"]*)"/g)].filter(([, name]) => READ.includes(name)).map(([, , value]) => value);
  const between = markup
    .replace(/<!--.*?-->/gs, '')
    .replace(/<style.*?<\/style>/gs, '')
    .replace(/<(?:"[^"]*"|[^">])*>/g, '\n');
  return [between, ...attributes]
    .flatMap((text) => text.replace(ENTITIES, ' ').split(/[\0\n]/))
    .map((text) => text.trim())
    .filter((text) => LETTERS.test(text));
}

const noTextInTemplate = {
  meta: { type: 'problem', schema: [], messages: { text: 'The text “{{text}}” belongs to the words of a language.' } },
  create: (context) => ({
    TaggedTemplateExpression({ tag, quasi }) {
      if (tag.type !== 'Identifier' || !['html', 'svg'].includes(tag.name)) return;
      for (const text of textIn(quasi.quasis.map(({ value }) => value.raw)))
        context.report({ node: quasi, messageId: 'text', data: { text } });
    },
  }),
};

const noColourLiteral = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { colour: 'The colour “{{found}}” belongs to www/styles/tokens.css, or to what is painted.' },
  },
  create(context) {
    const check = (node, text) => {
      const found = typeof text === 'string' && COLOUR.exec(text)?.[0];
      if (found) context.report({ node, messageId: 'colour', data: { found } });
    };
    return { Literal: (node) => check(node, node.value), TemplateElement: (node) => check(node, node.value.raw) };
  },
};

export const page = { rules: { 'no-text-in-template': noTextInTemplate, 'no-colour-literal': noColourLiteral } };

/** Ways from a text to markup. Labels, names of files and what servers answer are other people's: Lit shows them as text. */
const MARKUP =
  /^(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|parseFromString|parseHTMLUnsafe|setHTMLUnsafe|srcdoc|unsafeHTML|unsafeSVG|unsafeMathML|unsafeStatic)$/;

/** For ESLint's `no-restricted-syntax`. */
export const NO_MARKUP = [
  `MemberExpression > Identifier.property[name=${MARKUP}]`,
  `MemberExpression > Literal.property[value=${MARKUP}]`,
  `Property > Identifier.key[name=${MARKUP}]`,
  `ImportSpecifier > Identifier.imported[name=${MARKUP}]`,
  `ExportSpecifier > Identifier.local[name=${MARKUP}]`,
  'TemplateElement[value.raw=/\\b(innerHTML|outerHTML|srcdoc)=$/i]',
  'MemberExpression[object.name=document] > Identifier.property[name=/^write(ln)?$/]',
].map((selector) => ({ selector, message: 'A text must not become markup.' }));
