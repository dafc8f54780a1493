//! Networks whose sizes a weight file tells: whatever it tells, the answer is a network that runs, or an error in words.

mod common;

use cam_lucida::network::{Architecture, NETWORKS, Network, Tap};
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::weights::{Card, Hashed, PreprocessorOverrides};
use cam_lucida::{Device, ModelFile, Result, Size};
use common::tables::{FAMILIES, Sizes, Table, densenet, mobilenet, regnet, resnet, squeezenet, vgg};
use common::weight_file::{Entry, WeightFile};
use proptest::prelude::*;
use safetensors::Dtype;

impl Table {
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
