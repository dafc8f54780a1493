//! Networks whose sizes a weight file tells: whatever it tells, the answer is a network that runs, or an error in words.

mod common;

use cam_lucida::network::{Architecture, NETWORKS, Network, Tap};
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::weights::{Card, Hashed, PreprocessorOverrides};
use cam_lucida::{Device, ModelFile, Result, Size};
use common::weight_file::{Entry, WeightFile};
use proptest::prelude::*;
use safetensors::Dtype;

/// The tensors of a network: names and shapes.
#[derive(Clone, Default, Debug)]
struct Table(Vec<(String, Vec<usize>)>);

impl Table {
    fn add(&mut self, name: impl Into<String>, shape: &[usize]) {
        self.0.push((name.into(), shape.to_vec()));
    }

    /// A convolution without a bias.
    fn conv(&mut self, name: &str, outputs: usize, inputs: usize, kernel: usize) {
        self.add(format!("{name}.weight"), &[outputs, inputs, kernel, kernel]);
    }

    fn biased(&mut self, name: &str, outputs: usize, inputs: usize, kernel: usize) {
        self.conv(name, outputs, inputs, kernel);
        self.add(format!("{name}.bias"), &[outputs]);
    }

    fn norm(&mut self, name: &str, channels: usize) {
        for part in ["weight", "bias", "running_mean", "running_var"] {
            self.add(format!("{name}.{part}"), &[channels]);
        }
    }

    fn linear(&mut self, name: &str, outputs: usize, inputs: usize) {
        self.add(format!("{name}.weight"), &[outputs, inputs]);
        self.add(format!("{name}.bias"), &[outputs]);
    }

    fn bytes(&self) -> Vec<u8> {
        use cam_lucida::network::Parameters;
        let entry = |(name, shape): &(String, Vec<usize>)| Entry {
            name: name.clone(),
            shape: shape.clone(),
            values: Hashed { classes: 1 }.take(name, shape).unwrap(),
            dtype: Dtype::F16,
        };
        WeightFile(self.0.iter().map(entry).collect()).bytes()
    }
}

/// Sizes that a family is made of; each family takes what it needs.
#[derive(Clone, Debug)]
struct Sizes {
    width: usize,
    growth: usize,
    depth: usize,
    blocks: usize,
    kernel: usize,
    side: usize,
    inputs: usize,
}

fn squeezenet(sizes: &Sizes) -> Table {
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

fn vgg(sizes: &Sizes) -> Table {
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

fn densenet(sizes: &Sizes) -> Table {
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
fn resnet(sizes: &Sizes) -> Table {
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
fn mobilenet(sizes: &Sizes) -> Table {
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
fn regnet(sizes: &Sizes) -> Table {
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
type Family = fn(&Sizes) -> Table;

const FAMILIES: [(&str, Family); 8] = [
    ("squeezenet_other", squeezenet),
    ("vgg_other", vgg),
    ("densenet_other", densenet),
    ("resnet_other", resnet),
    ("mobilenet_v2_other", mobilenet),
    ("shufflenet_v2_other", shufflenet),
    ("regnet_other", regnet),
    ("mobilenet_v2_tensorflow", tensorflow),
];

/// Recognises the network of a file, loads it for inputs of `side` pixels, and lets it look at a picture.
fn run(file: Vec<u8>, side: u32) -> Result<&'static str> {
    let overrides = PreprocessorOverrides { size: Some(Size::square(side as usize)), ..Default::default() };
    let card = Card { overrides, ..Card::default() };
    let model = pollster::block_on(ModelFile::read(&Device::cpu(), card, file)?.load())?;
    let picture = Picture::new(Size::square(8), (0..8 * 8 * 3).collect())?;
    pollster::block_on(model.classify(&model.input(&picture, Preprocess::Squash)?))?;
    Ok(model.architecture().name)
}

fn refused(what: &str, table: &Table, side: u32, words: &[&str]) {
    let error = run(table.bytes(), side).err().unwrap_or_else(|| panic!("{what} was loaded"));
    for word in words {
        assert!(error.to_string().contains(word), "{what}: “{error}” does not say “{word}”");
    }
}

fn plain() -> Sizes {
    Sizes { width: 6, growth: 3, depth: 1, blocks: 2, kernel: 3, side: 1, inputs: 3 }
}

#[test]
fn a_network_of_each_family_is_recognised_and_runs() {
    for (name, family) in FAMILIES {
        let blocks = if name == "mobilenet_v2_other" { 1 } else { 2 };
        let found = run(family(&Sizes { blocks, ..plain() }).bytes(), 64);
        assert_eq!(found.unwrap_or_else(|error| panic!("{name}: {error}")), name);
    }
}

#[test]
fn a_window_larger_than_the_picture_says_how_large_an_input_must_be() {
    let window = |kernel| squeezenet(&Sizes { kernel, blocks: 1, ..plain() });
    // 225 pixels of window, then two pools of three: the first needs two pixels, moved by two, at least.
    refused("a window of 225 pixels", &window(225), 224, &["224×224", "to 2048", "larger input size"]);
    assert_eq!(run(window(225).bytes(), 232).unwrap(), "squeezenet_other");
    refused(
        "a window of 2500 pixels",
        &squeezenet(&Sizes { kernel: 2500, width: 1, blocks: 1, ..plain() }),
        224,
        &["2048"],
    );
    let deep = vgg(&Sizes { blocks: 9, ..plain() });
    refused("nine pools", &deep, 224, &["224×224", "512 to 2048"]);
    assert_eq!(run(deep.bytes(), 512).unwrap(), "vgg_other");
    refused(
        "seven dense blocks",
        &densenet(&Sizes { blocks: 7, ..plain() }),
        96,
        &["96×96", "larger input size"],
    );
    refused("thirty pools", &vgg(&Sizes { blocks: 30, ..plain() }), 224, &["nothing is left of any picture"]);
}

#[test]
fn a_size_that_becomes_zero_is_an_error() {
    let mut table = vgg(&plain());
    table.0.iter_mut().find(|(name, _)| name == "classifier.0.weight").unwrap().1 = vec![3, 1];
    refused("a head on no pixels", &table, 224, &["classifier.0.weight"]);
    let mut table = mobilenet(&Sizes { blocks: 1, ..plain() });
    for (name, shape) in &mut table.0 {
        // Fewer channels inside than go in: the expansion becomes 0.
        if name.starts_with("features.2.conv.0") || name.starts_with("features.2.conv.1") {
            shape[0] = 2;
        }
        if name == "features.2.conv.2.weight" {
            shape[1] = 2;
        }
    }
    refused("an expansion of 0", &table, 224, &["features.2.conv"]);
    refused(
        "groups that do not divide",
        &resnet(&Sizes { width: 64, growth: 3, ..plain() }),
        64,
        &["21 groups"],
    );
    let mut table = regnet(&Sizes { width: 16, growth: 4, ..plain() });
    for (name, shape) in &mut table.0 {
        if name.ends_with("block1-0.f.b.0.weight") {
            shape[1] = 3;
        }
    }
    refused("groups of RegNet that do not divide", &table, 64, &["f.b.0", "21 groups"]);
}

#[test]
fn activations_beyond_memory_are_refused_before_the_first_pass() {
    let wide = squeezenet(&Sizes { width: 60_000, growth: 1, kernel: 1, blocks: 1, ..plain() });
    refused("60,000 channels", &wide, 224, &["224×224", "smaller input", "fewer channels"]);
}

/// The smallest sides that torchvision's networks take, found by running them on PyTorch's device `meta`.
#[test]
fn the_smallest_picture_is_that_of_pytorch() {
    let expected = [
        ("squeezenet1_0", 21),
        ("squeezenet1_1", 17),
        ("vgg11", 32),
        ("densenet121", 29),
        ("inception_v3", 75),
        ("resnet18", 1),
        ("mobilenet_v2", 1),
        ("shufflenet_v2_x0_5", 1),
    ];
    for (name, side) in expected {
        let blueprint = Architecture::named(name).unwrap().blueprint(&Hashed { classes: 2 }).unwrap();
        assert_eq!(blueprint.min_side, side, "{name}");
    }
}

#[test]
fn the_largest_activation_is_that_of_the_pass() {
    let device = Device::cpu();
    for architecture in NETWORKS.iter().filter(|network| network.name.ends_with("_small")) {
        let network = architecture.load(&mut Hashed { classes: 2 }, device.tensors()).unwrap();
        let x = burn::tensor::Tensor::zeros([1, 3, 70, 41], device.tensors());
        let mut tap = Tap::at_layers(&[]);
        network.forward(x, &mut tap);
        let found = tap.layers().iter().map(|layer| layer.shape.iter().product::<usize>()).max();
        assert_eq!(Some(Network::largest_activation(&*network, [70, 41])), found, "{}", architecture.name);
    }
}

fn sizes() -> impl Strategy<Value = Sizes> {
    let inputs = prop_oneof![6 => Just(3_usize), 1 => 0..5_usize];
    let kernel = prop_oneof![3 => 1..8_usize, 1 => 30..70_usize];
    (1..9_usize, 1..7_usize, 1..3_usize, 1..9_usize, kernel, 1..4_usize, inputs).prop_map(
        |(width, growth, depth, blocks, kernel, side, inputs)| Sizes {
            width,
            growth,
            depth,
            blocks,
            kernel,
            side,
            inputs,
        },
    )
}

/// What is done to a table: a tensor, an axis, and the side that it gets; without a side the tensor goes.
type Spoilt = (prop::sample::Index, prop::sample::Index, Option<usize>);

fn spoilt() -> impl Strategy<Value = Vec<Spoilt>> {
    let side = prop_oneof![Just(None), (0..10_usize).prop_map(Some), Just(Some(64)), Just(Some(300))];
    prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), side), 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    /// Plausible and hostile tables of shapes: a network that runs, or an error; never a panic.
    #[test]
    fn any_table_of_shapes_gives_a_network_or_an_error(
        family in 0..FAMILIES.len(),
        sizes in sizes(),
        spoilt in spoilt(),
        side in prop_oneof![Just(32_u32), Just(61), Just(96)],
        lead in any::<bool>(),
    ) {
        let mut table = FAMILIES[family].1(&sizes);
        for (tensor, axis, new) in spoilt {
            if table.0.is_empty() {
                break;
            }
            // The first tensors tell the sizes.
            let count = if lead { table.0.len().min(6) } else { table.0.len() };
            let at = tensor.index(count);
            match new {
                None => drop(table.0.remove(at)),
                Some(new) => {
                    let shape = &mut table.0[at].1;
                    let axis = axis.index(shape.len());
                    shape[axis] = new;
                }
            }
        }
        if let Err(error) = run(table.bytes(), side) {
            prop_assert!(error.is_weights() || error.is_request(), "{}", error);
        }
    }

    /// A network whose own sizes are sound needs nothing but a picture that is large enough.
    #[test]
    fn any_sound_sizes_give_a_network_that_runs(family in 0..FAMILIES.len(), sizes in sizes()) {
        let sizes = Sizes { inputs: 3, blocks: 1 + sizes.blocks % 3, growth: 2, width: 2 * sizes.width, kernel: 3, ..sizes };
        let (name, family) = FAMILIES[family];
        let sizes = if name == "mobilenet_v2_other" { Sizes { blocks: 1, ..sizes } } else { sizes };
        let table = family(&sizes);
        let found = run(table.bytes(), 64);
        prop_assert!(found.is_ok(), "{}: {}", name, found.unwrap_err());
    }
}
