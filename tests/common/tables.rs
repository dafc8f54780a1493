//! Tensors of small networks of each family whose sizes a weight file tells.

/// The tensors of a network: names and shapes.
#[derive(Clone, Default, Debug)]
pub struct Table(pub Vec<(String, Vec<usize>)>);

impl Table {
    pub fn add(&mut self, name: impl Into<String>, shape: &[usize]) {
        self.0.push((name.into(), shape.to_vec()));
    }

    /// A convolution without a bias.
    pub fn conv(&mut self, name: &str, outputs: usize, inputs: usize, kernel: usize) {
        self.add(format!("{name}.weight"), &[outputs, inputs, kernel, kernel]);
    }

    pub fn biased(&mut self, name: &str, outputs: usize, inputs: usize, kernel: usize) {
        self.conv(name, outputs, inputs, kernel);
        self.add(format!("{name}.bias"), &[outputs]);
    }

    pub fn norm(&mut self, name: &str, channels: usize) {
        for part in ["weight", "bias", "running_mean", "running_var"] {
            self.add(format!("{name}.{part}"), &[channels]);
        }
    }

    pub fn linear(&mut self, name: &str, outputs: usize, inputs: usize) {
        self.add(format!("{name}.weight"), &[outputs, inputs]);
        self.add(format!("{name}.bias"), &[outputs]);
    }
}

/// Sizes that a family is made of; each family takes what it needs.
#[derive(Clone, Debug)]
pub struct Sizes {
    pub width: usize,
    pub growth: usize,
    pub depth: usize,
    pub blocks: usize,
    pub kernel: usize,
    pub side: usize,
    pub inputs: usize,
}

pub fn squeezenet(sizes: &Sizes) -> Table {
    let Sizes { width, growth, blocks, kernel, inputs, .. } = *sizes;
    let mut table = Table::default();
    table.biased("features.0", width, inputs, kernel);
    let mut channels = width;
    for block in 0..blocks {
        // A number is left out: a pool.
        let name = format!("features.{}", 3 + 2 * block);
        table.biased(&format!("{name}.squeeze"), growth, channels, 1);
        table.biased(&format!("{name}.expand1x1"), width, growth, 1);
        table.biased(&format!("{name}.expand3x3"), width, growth, 3);
        channels = 2 * width;
    }
    table.biased("classifier.1", 4, channels, 1);
    table
}

pub fn vgg(sizes: &Sizes) -> Table {
    let Sizes { width, growth, depth, blocks, side, inputs, .. } = *sizes;
    let mut table = Table::default();
    let (mut place, mut channels) = (0, inputs);
    for _ in 0..blocks {
        for _ in 0..depth {
            table.biased(&format!("features.{place}"), width, channels, 3);
            (place, channels) = (place + 2, width);
        }
        place += 1;
    }
    table.linear("classifier.0", growth, channels * side * side);
    table.linear("classifier.3", growth, growth);
    table.linear("classifier.6", 4, growth);
    table
}

pub fn densenet(sizes: &Sizes) -> Table {
    let Sizes { width, growth, depth, blocks, inputs, .. } = *sizes;
    let mut table = Table::default();
    table.conv("features.conv0", width, inputs, 7);
    table.norm("features.norm0", width);
    let mut channels = width;
    for block in 1..=blocks {
        for layer in 1..=depth {
            let name = format!("features.denseblock{block}.denselayer{layer}");
            table.norm(&format!("{name}.norm1"), channels);
            table.conv(&format!("{name}.conv1"), 4 * growth, channels, 1);
            table.norm(&format!("{name}.norm2"), 4 * growth);
            table.conv(&format!("{name}.conv2"), growth, 4 * growth, 3);
            channels += growth;
        }
        if block < blocks {
            table.norm(&format!("features.transition{block}.norm"), channels);
            table.conv(&format!("features.transition{block}.conv"), channels / 2, channels, 1);
            channels /= 2;
        }
    }
    table.norm("features.norm5", channels);
    table.linear("classifier", 4, channels);
    table
}

/// `growth` are the channels of a group.
pub fn resnet(sizes: &Sizes) -> Table {
    let Sizes { width, growth, depth, kernel, inputs, .. } = *sizes;
    let mut table = Table::default();
    table.conv("conv1", width, inputs, if kernel == 3 { 3 } else { 7 });
    table.norm("bn1", width);
    let mut channels = width;
    for layer in 1..=4 {
        for block in 0..depth {
            let name = format!("layer{layer}.{block}");
            table.conv(&format!("{name}.conv1"), width, channels, 1);
            table.norm(&format!("{name}.bn1"), width);
            table.conv(&format!("{name}.conv2"), width, growth.min(width), 3);
            table.norm(&format!("{name}.bn2"), width);
            table.conv(&format!("{name}.conv3"), 4 * width, width, 1);
            table.norm(&format!("{name}.bn3"), 4 * width);
            if block == 0 && (layer > 1 || channels != 4 * width) {
                table.conv(&format!("{name}.downsample.0"), 4 * width, channels, 1);
                table.norm(&format!("{name}.downsample.1"), 4 * width);
            }
            channels = 4 * width;
        }
    }
    table.linear("fc", 4, channels);
    table
}

/// `growth` is the expansion.
pub fn mobilenet(sizes: &Sizes) -> Table {
    let Sizes { width, growth, depth, blocks, inputs, .. } = *sizes;
    let mut table = Table::default();
    table.conv("features.0.0", width, inputs, 3);
    table.norm("features.0.1", width);
    let (mut channels, mut place) = (width, 1);
    // The paper's table has seven rows.
    for row in 0..6 + blocks.min(2) {
        let outputs = width + 2 * row;
        for _ in 0..depth {
            let name = format!("features.{place}.conv");
            let hidden = channels * growth;
            table.conv(&format!("{name}.0.0"), hidden, channels, 1);
            table.norm(&format!("{name}.0.1"), hidden);
            table.conv(&format!("{name}.1.0"), hidden, 1, 3);
            table.norm(&format!("{name}.1.1"), hidden);
            table.conv(&format!("{name}.2"), outputs, hidden, 1);
            table.norm(&format!("{name}.3"), outputs);
            (channels, place) = (outputs, place + 1);
        }
    }
    table.conv(&format!("features.{place}.0"), 2 * width, channels, 1);
    table.norm(&format!("features.{place}.1"), 2 * width);
    table.linear("classifier.1", 4, 2 * width);
    table
}

fn shufflenet(sizes: &Sizes) -> Table {
    let Sizes { width, growth, depth, inputs, .. } = *sizes;
    let mut table = Table::default();
    table.conv("conv1.0", 24, inputs, 3);
    table.norm("conv1.1", 24);
    let (half, mut channels) = (width, 24);
    for stage in 2..=4 {
        for unit in 0..depth {
            let name = format!("stage{stage}.{unit}");
            let inputs = if unit == 0 { channels } else { half };
            if unit == 0 {
                table.conv(&format!("{name}.branch1.0"), channels, 1, 3);
                table.norm(&format!("{name}.branch1.1"), channels);
                table.conv(&format!("{name}.branch1.2"), half, channels, 1);
                table.norm(&format!("{name}.branch1.3"), half);
            }
            table.conv(&format!("{name}.branch2.0"), half, inputs, 1);
            table.norm(&format!("{name}.branch2.1"), half);
            table.conv(&format!("{name}.branch2.3"), half, 1, 3);
            table.norm(&format!("{name}.branch2.4"), half);
            table.conv(&format!("{name}.branch2.5"), half, half, 1);
            table.norm(&format!("{name}.branch2.6"), half);
            channels = 2 * half;
        }
    }
    table.conv("conv5.0", growth, channels, 1);
    table.norm("conv5.1", growth);
    table.linear("fc", 4, growth);
    table
}

/// `growth` are the channels of a group.
pub fn regnet(sizes: &Sizes) -> Table {
    let Sizes { width, growth, depth, blocks, inputs, .. } = *sizes;
    let mut table = Table::default();
    let mut normed = |name: &str, outputs, inputs, kernel| {
        table.conv(&format!("{name}.0"), outputs, inputs, kernel);
        table.norm(&format!("{name}.1"), outputs);
    };
    normed("stem", width, inputs, 3);
    let (mut channels, outputs) = (width, width * growth);
    for stage in 1..=blocks {
        for place in 0..depth {
            let name = format!("trunk_output.block{stage}.block{stage}-{place}");
            if place == 0 {
                normed(&format!("{name}.proj"), outputs, channels, 1);
            }
            normed(&format!("{name}.f.a"), outputs, channels, 1);
            normed(&format!("{name}.f.b"), outputs, growth, 3);
            normed(&format!("{name}.f.c"), outputs, outputs, 1);
            channels = outputs;
        }
    }
    table.linear("fc", 4, channels);
    table
}

/// As transformers has it: sixteen blocks.
fn tensorflow(sizes: &Sizes) -> Table {
    let Sizes { width, growth, inputs, .. } = *sizes;
    let mut table = Table::default();
    let mut normed = |name: &str, outputs, inputs, kernel| {
        table.conv(&format!("{name}.convolution"), outputs, inputs, kernel);
        table.norm(&format!("{name}.normalization"), outputs);
    };
    normed("conv_stem.first_conv", width, inputs, 3);
    normed("conv_stem.conv_3x3", width, 1, 3);
    normed("conv_stem.reduce_1x1", growth, width, 1);
    for place in 0..16 {
        let name = format!("layer.{place}");
        normed(&format!("{name}.expand_1x1"), 2 * growth, growth, 1);
        normed(&format!("{name}.conv_3x3"), 2 * growth, 1, 3);
        normed(&format!("{name}.reduce_1x1"), growth, 2 * growth, 1);
    }
    normed("conv_1x1", width, growth, 1);
    table.linear("classifier", 4, width);
    table
}

/// Gives the tensors of a network of these sizes.
pub type Family = fn(&Sizes) -> Table;

/// Each by the name under which it is recognised.
pub const FAMILIES: [(&str, Family); 8] = [
    ("squeezenet_other", squeezenet),
    ("vgg_other", vgg),
    ("densenet_other", densenet),
    ("resnet_other", resnet),
    ("mobilenet_v2_other", mobilenet),
    ("shufflenet_v2_other", shufflenet),
    ("regnet_other", regnet),
    ("mobilenet_v2_tensorflow", tensorflow),
];
