// The visitor's own network: its files may be given together, and what they do not say can be typed.
import path from 'node:path';
import { colours, picture, small, stateDict } from './inputs.mjs';
import { expect, test } from './page.mjs';
import { chooseWeights, drop, fileOf, inUse, textFile } from './sources.mjs';

const cardOf = (card) => textFile('config.json', JSON.stringify(card), 'application/json');
const config = cardOf({ architecture: small.network, num_classes: small.classes });
const names = textFile('names.txt', Array.from({ length: small.classes }, (_, i) => `thing ${i}`).join('\n'));
const fewNames = textFile('few.txt', 'one\ntwo\nthree');
const weights = fileOf(small.file);
const image = fileOf(picture, { type: 'image/png' });
const refused = 'The weights cannot be used.';

test.beforeEach(async ({ lucida }) => {
  await lucida.open();
  await lucida.openDrawers('cl-model-picker details.own');
});

const expectUsed = async (page, words = `${small.classes} classes`) => expect(inUse(page).network).toContainText(words);

test('a weight file is recognised without being told its architecture', { tag: '@cpu' }, async ({ lucida, page }) => {
  await expect(page.getByLabel('Architecture').locator('option').first()).toHaveText('Recognise it from the file');
  await expect(page.getByLabel('Architecture')).toHaveValue('');
  await chooseWeights(page, small.file);
  await expectUsed(page);
  await lucida.pickPicture();
  await lucida.expectPicture();
  await lucida.expectResult();
  // What no file says is said beside the result, until a card says it.
  const assumed = page.locator('cl-explain .assumed');
  await expect(assumed).toHaveText([
    /^Strides, padding, activations, pooling and the eps of normalisations are assumed as in torchvision, .*\.$/,
    /^Colours are assumed to come red first, and to be normalised by the mean 0\.485, 0\.456, 0\.406 and the deviation .*\.$/,
  ]);
  const said = { size: { height: 96, width: 96 }, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
  await drop(page, [weights, config, textFile('preprocessor_config.json', JSON.stringify(said), 'application/json')]);
  await expect(assumed).toHaveCount(0);
});

test('the same weights draw the same heatmap from either of PyTorch’s formats', { tag: '@cpu' }, async ({ lucida, page }) => {
  await chooseWeights(page, small.file);
  await lucida.pickPicture();
  await lucida.expectPicture();
  await lucida.showClass(4);
  const { pixels } = await lucida.shown();
  for (const file of [small.zipped, small.legacy]) {
    const given = fileOf(file);
    await drop(page, [given]);
    await expectUsed(page, `${given.name}, ${small.classes} classes`);
    await lucida.showClass(4);
    expect((await lucida.shown()).pixels).toBe(pixels);
  }
});

test('a file of PyTorch of another network is named as such', { tag: '@cpu' }, async ({ lucida, page }) => {
  await drop(page, [fileOf(stateDict)]);
  await expect(lucida.alert).toContainText(refused);
  await expect(lucida.alert).toContainText('holds “bn1.bias” and 9 more');
});

test(
  'weights, configuration, class names and a picture that are dropped together belong together',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await drop(page, [image, names, config, weights]);
    await expectUsed(page, `small.safetensors, ${small.classes} classes`);
    await lucida.expectPicture();
    await lucida.expectResult();
    await expect(lucida.heading).toHaveText(/^\s*thing \d/i);
    await expect(lucida.alert).toBeEmpty();
  },
);

test('pictures and weights that are chosen in one input belong together, too', { tag: '@cpu' }, async ({ lucida, page }) => {
  await chooseWeights(page, [image, weights]);
  await expectUsed(page);
  await lucida.expectPicture();
  await lucida.expectResult();
});

test('the network of a configuration counts, whatever architecture was chosen before', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.getByLabel('Architecture').selectOption('resnet50');
  await chooseWeights(page, [weights, config]);
  await expectUsed(page);
  await expect(lucida.alert).toBeEmpty();
});

test('a configuration counts for the weights that it came with, and no longer', { tag: '@cpu' }, async ({ lucida, page }) => {
  await chooseWeights(page, [weights, cardOf({ architecture: small.network, num_classes: 9 })]);
  await expect(lucida.alert).toContainText(refused);
  await chooseWeights(page, weights);
  await expectUsed(page);
  await expect(lucida.alert).toBeEmpty();
});

test('an architecture that is chosen after a configuration counts more', { tag: '@cpu' }, async ({ lucida, page }) => {
  await chooseWeights(page, [weights, cardOf({ architecture: 'resnet18' })]);
  await expect(lucida.alert).toContainText(refused);
  await page.getByLabel('Architecture').selectOption(small.network);
  await expectUsed(page);
  await expect(lucida.alert).toBeEmpty();
});

test(
  'an architecture that is chosen for a file in use is tried at once, and one that does not fit is told',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await chooseWeights(page, small.file);
    await expectUsed(page);
    await lucida.pickPicture();
    await lucida.expectPicture();
    await lucida.expectResult();
    const architecture = page.getByLabel('Architecture');
    await architecture.selectOption('resnet18');
    await expect(lucida.alert).toContainText(refused);
    await expect(lucida.alert).toContainText('ResNet-18');
    await expect(architecture).toHaveValue('resnet18');
    await expectUsed(page); // still
    await lucida.expectResult();
    await architecture.selectOption(small.network);
    await expect(lucida.alert).toBeEmpty();
    await lucida.expectResult();
    await expectUsed(page);
  },
);

test('a configuration that comes first waits for its weights', { tag: '@cpu' }, async ({ lucida, page }) => {
  await drop(page, [config]);
  await expect(lucida.status).toHaveText('config.json: now choose the weight file that belongs to it.');
  await drop(page, [weights]);
  await expectUsed(page);
});

test('two weight files at once are refused by name', { tag: '@cpu' }, async ({ lucida, page }) => {
  await chooseWeights(page, [small.file, colours.file]);
  await expect(lucida.alert).toContainText('You gave small.safetensors and colours.safetensors together');
  await expect(inUse(page).network).toHaveCount(0);
});

test('class names that do not fit are told as such, and the network stays in use', { tag: '@cpu' }, async ({ lucida, page }) => {
  await chooseWeights(page, weights);
  await expectUsed(page);
  await lucida.pickLabels(fewNames);
  await expect(lucida.alert).toContainText('The class names cannot be used.');
  await expect(lucida.alert).toContainText('The file has 3 class names');
  await lucida.expectResult();
  await lucida.pickLabels(names);
  await expect(lucida.heading).toHaveText(/^\s*thing \d/i);
  await expect(lucida.alert).toBeEmpty();
});

test('class names that were refused are not tried with the next weights', { tag: '@cpu' }, async ({ lucida, page }) => {
  await drop(page, [weights, fewNames]);
  await expect(lucida.alert).toContainText('The class names cannot be used.');
  await chooseWeights(page, weights);
  await expectUsed(page);
  await expect(lucida.alert).toBeEmpty();
});

test('class names after weights that were refused wait, and do not repeat the error', { tag: '@cpu' }, async ({ lucida, page }) => {
  await chooseWeights(page, stateDict);
  await expect(lucida.alert).toContainText(refused);
  await lucida.pickLabels(names);
  await expect(lucida.alert).toBeEmpty();
  await expect(lucida.status).toHaveText('names.txt: now choose the weight file that belongs to it.');
  await chooseWeights(page, weights);
  await expectUsed(page);
  await expect(lucida.heading).toHaveText(/^\s*thing \d/i);
});

test('preprocessing that cannot be meant is named, and what is right is taken at once', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openDrawers('cl-own-network details.preprocessing');
  const [side, mean, std] = [
    page.getByLabel('Side of the input'),
    page.getByLabel('Mean of red'),
    page.getByLabel('Standard deviation of red'),
  ];
  await std.fill('0.2, 0, 0.2');
  await chooseWeights(page, [weights, config]);
  await expect(lucida.alert).toContainText('“0.2, 0, 0.2” is not a standard deviation. Write three numbers above 0');
  await expect(std).toHaveAttribute('aria-invalid', 'true');
  await std.fill('0.2 0.2 0.2');
  await std.press('Enter');
  await expectUsed(page);
  await expect(std).toHaveAttribute('aria-invalid', 'false');
  for (const [input, value, said] of [
    [mean, '0.5', '“0.5” is not a mean. Write three numbers'],
    [side, '12', 'one whole number of pixels from 32 to 2,048, or two'],
  ]) {
    await input.fill(value);
    await input.press('Enter');
    await expect(lucida.alert).toContainText(said);
    await expect(input).toHaveValue(value);
    await input.fill('');
    await input.press('Enter');
    await expect(lucida.alert).toBeEmpty();
  }
});

test(
  'one’s own network and picture survive a reload, and a link without them says what is missing',
  { tag: '@cpu' },
  async ({ lucida, page, browser }) => {
    await drop(page, [image, names, weights]);
    await expectUsed(page, `small.safetensors, ${small.classes} classes`);
    await expect(inUse(page).network).toContainText('survives a reload');
    await lucida.showClass(4);
    await expect.poll(() => page.url()).toMatch(/picture=own:picture\.png.*class=4/);
    const shown = await lucida.shown();
    await page.reload();
    await expectUsed(page, `small.safetensors, ${small.classes} classes`);
    await lucida.expectPicture();
    await lucida.expectClass(4);
    expect((await lucida.shown()).pixels).toBe(shown.pixels);

    const elsewhere = await browser.newPage();
    for (const [hash, said] of [
      ['explain?picture=own:picture.png', /“picture\.png” is somebody’s own picture, and links do not carry pictures/],
      ['explain?model=own:small.safetensors', /“small\.safetensors” is somebody’s own network, and links do not carry networks/],
    ]) {
      await elsewhere.goto('about:blank'); // else the page stays, and takes over the new hash
      await elsewhere.goto(`${lucida.site}#${hash}`);
      await expect(elsewhere.getByRole('alert')).toHaveText(said);
      await expect(elsewhere.getByText('Choose a picture', { exact: true })).toBeVisible();
    }
    await elsewhere.close();
  },
);

/** A checkpoint that `tests/fixtures/weights/wild.py` wrote. */
const wild = (name) => path.join(import.meta.dirname, '../fixtures/weights/wild', name);

test(
  'of several networks in a file one can be chosen, and the names that were read as torchvision’s are listed',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await chooseWeights(page, wild('ema.pth'));
    await expectUsed(page, 'ema.pth, 7 classes');
    await lucida.pickPicture();
    await lucida.expectPicture();
    await lucida.showClass(4);
    const { pixels } = await lucida.shown();
    const states = page.getByLabel('Which network of the file');
    await expect(states.locator('option')).toHaveText(['state_dict', 'state_dict_ema']);
    await expect(states).toHaveValue('state_dict');
    await states.selectOption('state_dict_ema');
    await lucida.expectClass(4);
    await expect(states).toHaveValue('state_dict_ema');
    expect((await lucida.shown()).pixels).not.toBe(pixels);
    // The next file is asked for its own.
    await chooseWeights(page, wild('lightning.ckpt'));
    await expectUsed(page, 'lightning.ckpt, 7 classes');
    await expect(states).toHaveCount(0);
    await lucida.openDrawers('cl-own-network details.renamed');
    await expect(page.locator('cl-own-network .renamed summary')).toHaveText(/^\d+ tensors have other names in the file$/);
    await expect(page.locator('cl-own-network .renamed tbody tr').first()).toHaveText(/^net\.bn1\.bias\s*bn1\.bias$/);
  },
);

test('of networks among which the file says nothing, one is asked for', { tag: '@cpu' }, async ({ lucida, page }) => {
  await chooseWeights(page, wild('two-networks.pth'));
  await expect(lucida.alert).toContainText('holds several networks, net_a, net_b');
  const states = page.getByLabel('Which network of the file');
  await expect(states).toHaveValue('');
  await states.selectOption('net_b');
  await expectUsed(page, 'two-networks.pth, 7 classes');
  await expect(states).toHaveValue('net_b');
  await expect(lucida.alert).toBeEmpty();
});

test('beside what was assumed, a button leads to the field that says otherwise', { tag: '@cpu' }, async ({ lucida, page }) => {
  await chooseWeights(page, small.file);
  await lucida.pickPicture();
  await lucida.expectPicture();
  await lucida.expectResult();
  const drawer = page.locator('cl-model-picker details.own');
  await drawer.evaluate((details) => (details.open = false));
  await page.getByRole('button', { name: 'Change “Mean of red, green and blue”' }).click();
  await expect(drawer).toHaveAttribute('open', '');
  const mean = page.getByLabel('Mean of red, green and blue');
  await expect(mean).toBeFocused();
  await expect(mean).toBeInViewport();
  await mean.fill('0.5, 0.5, 0.5');
  await mean.press('Enter');
  await lucida.expectResult();
  await page.evaluate(() => globalThis.camLucida.page.prefer({ language: 'zh' }));
  await expect(page.getByRole('button', { name: '修改“红、绿、蓝的均值”' })).toBeVisible();
});

test(
  'what no tensor tells can be chosen: how the network computes, the order of colours and their values',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await chooseWeights(page, small.file);
    await lucida.pickPicture();
    await lucida.expectPicture();
    await lucida.showClass(4);
    let { pixels } = await lucida.shown();
    const assumed = page.locator('cl-explain .assumed');
    const [strides, colours] = [/^Strides, padding/, /^Colours are assumed to come red first/];
    await expect(assumed).toHaveText([strides, colours]);
    await page.getByRole('button', { name: 'Change “How it computes where its tensors do not tell”' }).click();
    const variant = page.getByLabel('How it computes where its tensors do not tell');
    await expect(variant).toBeFocused();
    await expect(variant.locator('option')).toHaveText([
      'What the files say',
      'As in torchvision',
      'Without the first two strides, for CIFAR',
    ]);
    const changes = async () => {
      await lucida.expectClass(4);
      const now = (await lucida.shown()).pixels;
      expect(now).not.toBe(pixels);
      pixels = now;
    };
    await variant.selectOption('cifar-strides');
    await expect(assumed).toHaveText([colours]);
    await changes();
    await lucida.openDrawers('cl-own-network details.preprocessing');
    await page.getByLabel('Order of the colours').selectOption('bgr');
    await expect(assumed).toHaveText([/^Colours are assumed to be normalised by/]);
    await changes();
    await page.getByLabel('Values that mean and deviation are of').selectOption('0-255');
    await expect(assumed).toHaveCount(0);
    await changes();
    await page.getByLabel('Order of the colours').selectOption('');
    await expect(assumed).toHaveText([/^Red is assumed to come first\..*“Your own network”, at “Order of the colours”\.$/]);
    await page.getByRole('button', { name: 'Change “Order of the colours”' }).click();
    await expect(page.getByLabel('Order of the colours')).toBeFocused();
    // The next file is asked for its own way.
    await chooseWeights(page, wild('lightning.ckpt'));
    await expectUsed(page, 'lightning.ckpt, 7 classes');
    await expect(variant).toHaveValue('');
    await expect(variant.locator('option')).toHaveCount(4);
    await page.evaluate(() => globalThis.camLucida.page.prefer({ language: 'zh' }));
    await expect(page.getByLabel('张量看不出来的计算方式')).toBeVisible();
  },
);

test('a network of other channels than a picture has is refused with what to do', { tag: '@cpu' }, async ({ lucida, page }) => {
  await chooseWeights(page, wild('channels.pth'));
  await expect(lucida.alert).toContainText('The network takes 11 channels, but a picture has 3');
  await expect(lucida.alert).toContainText('or explain numbers on the command line');
});

test('one output says yes or no, until it is said to be a value', { tag: '@cpu' }, async ({ lucida, page }) => {
  await chooseWeights(page, wild('head-one.pth'));
  await expectUsed(page, 'head-one.pth, 2 classes');
  await lucida.pickPicture();
  await lucida.expectPicture();
  await lucida.expectResult();
  await expect(page.locator('cl-explain .assumed').first()).toContainText('taken to say yes or no');
  await expect(page.locator('cl-classes .hint').first()).toHaveText(
    'The network has one output, which says yes or no. Each of the two has a heatmap.',
  );
  const names = page.locator('cl-classes button.class > span:first-child');
  expect((await names.allTextContents()).sort()).toEqual(['no', 'yes']);
  await lucida.showClass(0);
  await expect(lucida.heading).toHaveText(/^\s*No \(class 0\)/);
  const no = (await lucida.shown()).pixels;
  await lucida.showClass(1);
  await expect(lucida.heading).toHaveText(/^\s*Yes \(class 1\)/);
  expect((await lucida.shown()).pixels).not.toBe(no);

  await page.getByLabel('What its outputs are').selectOption('value');
  await expectUsed(page, 'head-one.pth, 1 class');
  await expect(lucida.heading).toHaveText(/^\s*Value \(class 0\)/);
  await expect(names).toHaveText(['value']);
  await expect(page.locator('cl-classes .share')).toHaveText(/^−?\d+\.\d\d$/);
  await expect(page.locator('cl-explain .assumed')).toContainText(['Strides, padding', 'Colours are assumed']);
});

test('what the outputs are is asked in Chinese, too', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.open({ query: '?lang=zh' });
  await lucida.openDrawers('cl-model-picker details.own');
  await chooseWeights(page, wild('head-one.pth'));
  await lucida.pickPicture();
  await lucida.expectPicture();
  await lucida.expectResult();
  await expect(page.locator('cl-explain .assumed').first()).toContainText('假定它回答“是”或“否”');
  await page.getByLabel('输出的含义').selectOption('value');
  await expect(lucida.heading).toHaveText(/^\s*数值（/);
});

test('cards that contradict themselves are refused with both entries, in each language', { tag: '@cpu' }, async ({ lucida, page }) => {
  const timm = { input_size: [3, 96, 96], mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
  const card = cardOf({ architecture: small.network, pretrained_cfg: timm });
  const beside = (more) =>
    textFile(
      'preprocessor_config.json',
      JSON.stringify({ size: 96, image_mean: timm.mean, image_std: timm.std, ...more }),
      'application/json',
    );
  const setting = cardOf({ architecture: small.network, model_args: { output_stride: 8 } });
  for (const [lang, cases] of [
    [
      'en',
      [
        [
          [card, beside({ size: 64 })],
          ['“pretrained_cfg.input_size” says 96 × 96', '“size” in preprocessor_config.json says 64 × 64'],
        ],
        [
          [card, beside({ do_normalize: false })],
          ['“pretrained_cfg.mean”', '“do_normalize”', 'false'],
        ],
        [
          [card, beside({ do_resize: false })],
          ['“do_resize” is false', 'set it to true'],
        ],
        [[setting], ['“model_args.output_stride” is 8', 'only 32 is computed']],
      ],
    ],
    [
      'zh',
      [
        [
          [card, beside({ size: 64 })],
          ['“pretrained_cfg.input_size”是 96 × 96', 'preprocessor_config.json 中的“size”是 64 × 64'],
        ],
        [[card, beside({ do_resize: false })], ['“do_resize”是 false']],
        [[setting], ['“model_args.output_stride”是 8', '只按 32 计算']],
      ],
    ],
  ]) {
    await lucida.open({ query: `?lang=${lang}` });
    for (const [files, words] of cases) {
      await drop(page, [weights, ...files]);
      for (const word of words) await expect(lucida.alert).toContainText(word);
    }
  }
});

test('the note that a converted folder keeps is told in each language', { tag: '@cpu' }, async ({ lucida, page }) => {
  const noted = [{ code: 'module-code', message: 'modules of the file have code', arguments: { modules: 'forward' } }];
  const card = cardOf({ architecture: small.network, noted });
  for (const [lang, words] of [
    ['en', 'modules of the file have code'],
    ['zh', 'forward'],
  ]) {
    await lucida.open({ query: `?lang=${lang}` });
    await drop(page, [image, weights, card]);
    await lucida.expectResult();
    await expect(page.locator('cl-explain .assumed').filter({ hasText: words })).toHaveCount(1);
  }
});

test(
  'checkpoints of other endings are weights; a pickle that torch.save did not write is refused as such',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await lucida.pickPicture();
    await lucida.expectPicture();
    const renamed = fileOf(wild('lightning.ckpt'), { name: 'mine.pkl' });
    for (const file of [fileOf(wild('imagenet.pth.tar')), fileOf(wild('lightning.ckpt')), renamed]) {
      await drop(page, [file]);
      await expectUsed(page, `${file.name}, `);
      await lucida.expectResult();
      await expect(lucida.alert).toBeEmpty();
    }
    await drop(page, [fileOf(wild('plain-pickle.pkl'))]);
    await expect(lucida.alert).toContainText('torch.save did not write it');
    await expectUsed(page, 'mine.pkl, ');
  },
);
