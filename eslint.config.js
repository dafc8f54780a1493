import js from '@eslint/js';
import globals from 'globals';
import { NO_MARKUP, page } from './scripts/eslint-page.mjs';

const rules = {
  'array-callback-return': 'error',
  eqeqeq: 'error',
  'no-console': 'error',
  'no-empty': ['error', { allowEmptyCatch: true }],
  'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }], // Playwright's fixtures
  'no-implicit-globals': 'error',
  'no-unused-vars': ['error', { args: 'after-used', ignoreRestSiblings: true }],
  'no-useless-concat': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'prefer-template': 'error',
};

export default [
  {
    ignores: [
      '**/node_modules/',
      'dist/',
      'target/',
      'results/',
      'tests/browser/fixtures/',
      'tests/browser/test-results/',
      'packed/',
      '.venv/',
      'python/',
    ],
  },
  js.configs.recommended,
  { rules, linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['www/**/*.js'],
    plugins: { page },
    languageOptions: { globals: globals.browser },
    rules: {
      'page/no-text-in-template': 'error',
      'page/no-colour-literal': 'error',
      'no-restricted-globals': ['error', 'document', 'event', 'name', 'status'],
      'no-restricted-syntax': ['error', ...NO_MARKUP],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
    },
  },
  { files: ['www/scenes/painting.js'], rules: { 'page/no-colour-literal': 'off' } }, // it paints
  { files: ['www/{main,embed}.js'], rules: { 'no-restricted-globals': 'off' } },
  { files: ['www/offline/sw.js'], languageOptions: { globals: { ...globals.serviceworker, SITE_BUILD: 'readonly' } } },
  { files: ['www/engine/relaxed.js'], languageOptions: { globals: { RELAXED_MODULE: 'readonly' } } },
  { files: ['www/engine/build.js'], languageOptions: { globals: { ENGINE_BUILD: 'readonly' } } },
  { files: ['www/engine/{worker,turns,gpu}.js', 'tests/browser/worker-patch.js'], languageOptions: { globals: globals.worker } },
  { files: ['tests/packages/app/*.js', 'tests/packages/manager.js'], languageOptions: { globals: globals.browser } },
  {
    files: ['**/*.mjs', 'eslint.config.js'],
    // Browser tests hand functions to the page, which run there.
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { 'no-console': 'off' },
  },
];
