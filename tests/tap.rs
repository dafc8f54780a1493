//! The tap: torchvision's names and shapes, and a tape that holds only what lies behind the tapped layer.

use std::collections::{BTreeMap, BTreeSet};

use burn::tensor::Tensor;
use cam_lucida::Device;
use cam_lucida::cam::{self, Explainer};
use cam_lucida::network::ops::{BatchNorm, Loader};
use cam_lucida::network::{Architecture, NETWORKS, Network, Parameters, Tap};
use cam_lucida::weights::Hashed;

fn network(name: &str, classes: usize) -> Box<dyn Network> {
    let architecture = Architecture::named(name).unwrap();
    architecture.load(&mut Hashed { classes }, Device::cpu().tensors()).unwrap()
}

fn picture(n: usize, side: usize) -> Tensor<4> {
    let shape = [n, 3, side, side];
    let values = Hashed::uniform("tap", &shape, 2.0);
    Tensor::from_data(burn::tensor::TensorData::new(values, shape), Device::cpu().tensors())
}

/// Weights of zero, which are made faster than any others.
struct Zeros;

impl Parameters for Zeros {
    fn take(&mut self, _: &str, shape: &[usize]) -> cam_lucida::Result<Vec<f32>> {
        Ok(vec![0.0; shape.iter().product()])
    }

    fn rows(&self, _: &str) -> cam_lucida::Result<usize> {
        Ok(1000)
    }
}

/// The network that golden files leave out: another's code with other numbers.
const LEFT_OUT: &str = "densenet161";

/// The small networks, which torchvision does not have, the sides of their last layers, and those of torchvision whose names their layers bear.
const SMALL: [(&str, usize, &[&str]); 6] = [
    ("resnet_small", 12, &["resnet18"]),
    ("mobilenet_v2_small", 12, &["mobilenet_v2"]),
    ("shufflenet_v2_small", 12, &["shufflenet_v2_x1_0"]),
    ("densenet_small", 12, &["densenet121"]),
    ("vgg_small", 12, &["vgg11_bn"]),
    // Its first convolution is not padded, as torchvision's is not.
    ("squeezenet_small", 11, &["squeezenet1_0", "squeezenet1_1"]),
];

/// Layers and their shapes `[k, h, w]` of torchvision's networks.
fn torchvisions() -> BTreeMap<String, BTreeMap<String, [usize; 3]>> {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/layers.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

fn values(logits: Tensor<2>) -> Vec<f32> {
    logits.into_data().try_to_vec().unwrap()
}

#[test]
fn every_layer_has_torchvisions_name_and_shape() {
    let golden = torchvisions();
    assert_eq!(golden.len(), NETWORKS.len() - 1 - SMALL.len());
    let left_out = |name: &str| name == LEFT_OUT || SMALL.iter().any(|(small, ..)| *small == name);
    for architecture in NETWORKS.iter().filter(|architecture| !left_out(architecture.name)) {
        let mut tap = Tap::at_layers(&[]);
        let network = architecture.load(&mut Zeros, Device::cpu().tensors()).unwrap();
        network.forward(picture(1, architecture.size as usize), &mut tap);
        let mut found: BTreeMap<_, _> =
            tap.layers().iter().map(|layer| (layer.name.clone(), layer.shape)).collect();
        assert_eq!(found.len(), tap.layers().len(), "{}: no name twice", architecture.name);
        assert!(found.contains_key(architecture.default_layer));
        if architecture.name.starts_with("densenet") {
            // torchvision calls this ReLU as a function, so it is no module there.
            assert_eq!(found.remove("relu"), Some(found["features"]));
        }
        assert_eq!(found, golden[architecture.name], "{}", architecture.name);
    }
}

/// Counts the numbers that a network takes, of as many classes as the embedded ones have.
struct Counting(usize);

impl Parameters for Counting {
    fn take(&mut self, _: &str, shape: &[usize]) -> cam_lucida::Result<Vec<f32>> {
        let count = shape.iter().product();
        self.0 += count;
        Ok(vec![0.0; count])
    }

    fn rows(&self, _: &str) -> cam_lucida::Result<usize> {
        Ok(32)
    }
}

/// `layer1.0.conv2` as `layer#.#.conv#`: depths and places may differ.
fn form(name: &str) -> String {
    let mut form = String::new();
    for character in name.chars() {
        let character = if character.is_ascii_digit() { '#' } else { character };
        if !(character == '#' && form.ends_with('#')) {
            form.push(character);
        }
    }
    form
}

#[test]
fn small_networks_have_fine_last_layers_torchvisions_names_and_files_of_less_than_0_8_mb() {
    let golden = torchvisions();
    let small: Vec<_> =
        NETWORKS.iter().filter(|network| network.name.ends_with("_small")).map(|n| n.name).collect();
    assert_eq!(small, SMALL.map(|(name, ..)| name));
    for (name, side, relatives) in SMALL {
        let architecture = Architecture::named(name).unwrap();
        assert_eq!(architecture.size, 96);
        let mut counting = Counting(0);
        let network = architecture.load(&mut counting, Device::cpu().tensors()).unwrap();
        let count = counting.0;
        assert!((100_000..400_000).contains(&count), "{name}: {count} numbers of two bytes each");
        let mut tap = Tap::at_layers(&[]);
        assert_eq!(network.forward(picture(1, 96), &mut tap).dims(), [1, 32]);
        let layers = tap.layers();
        let default = layers.iter().find(|layer| layer.name == architecture.default_layer);
        let [_, h, w] = default.unwrap_or_else(|| panic!("{name} has its default layer")).shape;
        assert_eq!([h, w], [side, side], "{name}");
        let known: BTreeSet<String> =
            relatives.iter().flat_map(|relative| golden[*relative].keys()).map(|name| form(name)).collect();
        for layer in layers {
            // As above: torchvision calls this ReLU of DenseNet as a function.
            let known =
                known.contains(&form(&layer.name)) || (name == "densenet_small" && layer.name == "relu");
            assert!(known, "{name}: torchvision's {relatives:?} name no layer like {}", layer.name);
        }
    }
}

/// A small network of each family, and layers of every kind that it has.
const FAMILIES: [(&str, &[&str]); 7] = [
    ("squeezenet1_1", &["features.2", "features.6.squeeze", "features.9.expand1x1", "features.9.expand3x3"]),
    ("mobilenet_v2_x0_25", &["features.0.0", "features.3.conv.0.1", "features.9", "features.14.conv.1.0"]),
    (
        "shufflenet_v2_x0_5",
        &["conv1.1", "stage2", "stage3.0.branch1.2", "stage3.0.branch2.3", "stage3.2.branch2.3", "conv5.0"],
    ),
    ("resnet18", &["maxpool", "layer2.0.downsample.0", "layer2.0.conv2", "layer3.1.bn1", "layer4"]),
    (
        "densenet121",
        &[
            "features.pool0",
            "features.denseblock1.denselayer1",
            "features.denseblock3.denselayer5.conv1",
            "features.transition2.norm",
            "features",
            "relu",
        ],
    ),
    (
        "inception_v3",
        &[
            "Conv2d_2a_3x3.conv",
            "maxpool2",
            "Mixed_5c.branch_pool",
            "Mixed_6a.branch3x3",
            "Mixed_6c.branch7x7dbl_3.bn",
            "Mixed_7b.branch3x3_2a",
            "Mixed_7c.branch3x3dbl_2",
            "Mixed_7c",
        ],
    ),
    ("vgg11", &["features.4", "features.19", "avgpool"]),
];

#[test]
fn a_pass_can_start_at_any_layer() {
    for (name, layers) in FAMILIES {
        let network = network(name, 5);
        for layer in layers {
            let mut tap = Tap::at_layers(&[layer]).remembering(layer);
            let expected: Vec<f32> = values(network.forward(picture(1, 96), &mut tap));
            let activation = tap.take(layer).unwrap().activation.repeat_dim(0, 3);
            let mut resumed = Tap::resuming(&tap.memory().unwrap(), activation);
            let found = values(network.forward(picture(1, 96), &mut resumed));
            assert_eq!(found.len(), 3 * expected.len(), "{name} at {layer}");
            let largest = expected.iter().fold(0.0_f32, |most, y| most.max(y.abs()));
            for row in found.chunks(expected.len()) {
                for (found, expected) in row.iter().zip(&expected) {
                    let error = (found - expected).abs();
                    assert!(error <= 1e-5 * largest, "{name} at {layer}: {found} instead of {expected}");
                }
            }
        }
    }
}

/// On the CPU a convolution, its norm and its ReLU are computed at once where nobody asks what is between them.
#[test]
fn layers_that_are_computed_at_once_give_what_each_gives_by_itself() {
    for name in SMALL.map(|(name, ..)| name).into_iter().chain(["vgg11", "vgg11_bn", "inception_v3"]) {
        let network = network(name, 3);
        let picture = picture(2, network.min_side().max(64));
        let mut at_once = Tap::default();
        let logits = network.forward(picture.clone(), &mut at_once);
        let names: Vec<&str> = at_once.layers().iter().map(|layer| layer.name.as_str()).collect();
        let mut by_themselves = Tap::at_layers(&names);
        assert_eq!(values(network.forward(picture, &mut by_themselves)), values(logits), "{name}");
        assert_eq!(by_themselves.layers(), at_once.layers(), "{name}");
        assert!(names.iter().all(|layer| by_themselves.take(layer).is_some()), "{name}");
    }
}

#[test]
fn a_pass_from_a_layer_depends_on_its_activation() {
    for (name, layers) in FAMILIES {
        let network = network(name, 5);
        for layer in layers {
            let mut tap = Tap::at_layers(&[layer]).remembering(layer);
            let expected = values(network.forward(picture(1, 96), &mut tap));
            let darkened = tap.take(layer).unwrap().activation * 0.5;
            let mut resumed = Tap::resuming(&tap.memory().unwrap(), darkened);
            let found = values(network.forward(picture(1, 96), &mut resumed));
            assert_ne!(found, expected, "{name} at {layer}");
        }
    }
}

#[test]
fn only_what_lies_behind_the_tapped_layer_is_on_the_tape() {
    for (name, layer) in [
        ("resnet18", "layer4"),
        ("resnet18", "layer3.1.conv2"),
        ("mobilenet_v2_x0_25", "features.14.conv.1.0"),
        ("squeezenet1_1", "features.9.expand3x3"),
        ("shufflenet_v2_x0_5", "stage3.2.branch2.3"),
        ("densenet121", "features.denseblock3.denselayer5.conv1"),
        ("inception_v3", "Mixed_6c.branch7x7_2.conv"),
        ("vgg11", "features.19"),
    ] {
        let mut tap = Tap::at_layers(&[layer]).differentiating();
        let logits = network(name, 3).forward(picture(1, 96), &mut tap);
        assert!(logits.is_tracked());
        let layers = tap.layers();
        let at = layers.iter().position(|l| l.name == layer).unwrap();
        let before: Vec<_> = layers[..at].iter().filter(|l| l.tracked).map(|l| &l.name).collect();
        // Inside `layer4`, blocks come before it in the list, and so do modules beside an inner layer.
        assert!(before.is_empty(), "{name} at {layer}: {before:?} are on the tape");
        let next = layers.iter().skip(at).find(|l| !l.name.starts_with("downsample"));
        assert!(next.unwrap().tracked);
        assert!(layers.last().unwrap().tracked, "the last layer is behind {layer}");
    }
}

#[test]
fn without_a_layer_to_differentiate_nothing_is_on_the_tape() {
    let mut tap = Tap::at_layers(&["layer4"]);
    let logits = network("resnet18", 3).forward(picture(1, 64), &mut tap);
    assert!(!logits.is_autodiff());
    assert!(tap.layers().iter().all(|layer| !layer.tracked));
    assert!(tap.take("layer4").is_some_and(|tapped| tapped.leaf.is_none()));
    // CAM asks for no gradients, so it gets none of their cost.
    let methods = [cam::method("cam").unwrap()];
    let network = network("resnet18", 3);
    let explainer = Explainer::new(network.as_ref(), vec!["layer4"], &methods);
    assert!(!explainer.forward(picture(1, 64), 2).is_tracked());
}

#[test]
fn several_layers_get_their_gradients_from_one_backward_pass() {
    let network = network("resnet18", 3);
    let gradient = |layers: &[&str], of: &str| -> Vec<f32> {
        let mut tap = Tap::at_layers(layers).differentiating();
        let gradients = network.forward(picture(1, 64), &mut tap).slice([0..1, 1..2]).sum().backward();
        let leaf = tap.take(of).unwrap().leaf.unwrap();
        leaf.grad(&gradients).unwrap().into_data().try_to_vec().unwrap()
    };
    let both = ["layer2", "layer3.1.bn1", "layer4"];
    for layer in both {
        let (alone, together) = (gradient(&[layer], layer), gradient(&both, layer));
        let largest = alone.iter().fold(0.0_f32, |most, g| most.max(g.abs()));
        assert!(largest > 0.0);
        let worst = alone.iter().zip(&together).fold(0.0_f32, |most, (a, b)| most.max((a - b).abs()));
        assert!(worst <= 1e-5 * largest, "{layer}: {worst} of {largest}");
    }
}

#[test]
fn the_tapped_activation_is_the_layers_output() {
    let network = network("resnet18", 3);
    let mut tap = Tap::at_layers(&["layer1", "layer1.1", "layer1.1.relu"]);
    network.forward(picture(2, 64), &mut tap);
    let [a, b, c] = ["layer1", "layer1.1", "layer1.1.relu"].map(|name| tap.take(name).unwrap().activation);
    assert_eq!(a.dims(), [2, 64, 16, 16]);
    a.to_data().assert_eq(&b.to_data(), true);
    a.to_data().assert_eq(&c.to_data(), true);
    assert!(tap.take("layer9").is_none());
}

#[test]
fn the_widths_of_mobilenet_are_multiples_of_eight() {
    // torchvision's _make_divisible: 1.4 · 24 = 33.6 → 32, 0.25 · 24 = 6 → 8, 1.4 · 1280 = 1792.
    struct Shapes(BTreeMap<String, Vec<usize>>);
    impl Parameters for Shapes {
        fn take(&mut self, name: &str, shape: &[usize]) -> cam_lucida::Result<Vec<f32>> {
            self.0.insert(name.into(), shape.into());
            Ok(vec![0.0; shape.iter().product()])
        }
        fn rows(&self, _: &str) -> cam_lucida::Result<usize> {
            Ok(2)
        }
    }
    let shapes = |name| {
        let mut shapes = Shapes(BTreeMap::new());
        Architecture::named(name).unwrap().load(&mut shapes, Device::cpu().tensors()).unwrap();
        shapes.0
    };
    assert_eq!(shapes("mobilenet_v2_x1_4")["features.3.conv.2.weight"][0], 32);
    assert_eq!(shapes("mobilenet_v2_x1_4")["classifier.1.weight"], [2, 1792]);
    assert_eq!(shapes("mobilenet_v2_x0_25")["features.2.conv.2.weight"][0], 8);
    assert_eq!(shapes("mobilenet_v2_x0_25")["classifier.1.weight"], [2, 1280]);
}

/// ReLUs and normalisation change numbers in place only where nobody else holds them.
#[test]
fn what_others_hold_stays_as_it_was() {
    let numbers =
        [[[[-1.0, f32::NAN, 7.0], [2.0, -0.5, 3.0]]], [[[8.0, -9.0, 4.0], [6.5, 0.0, f32::INFINITY]]]];
    let device = Device::cpu();
    let x = Tensor::<4>::from_floats(numbers, device.tensors());
    let bits = |x: Tensor<4>| x.into_data().iter::<f32>().map(f32::to_bits).collect::<Vec<_>>();
    let before = bits(x.clone());
    let tap = Tap::default();
    let loaded = |name, channels| {
        BatchNorm::load(&mut Loader::new(&mut Hashed { classes: 2 }, device.tensors()), name, channels, 1e-5)
    };
    let norm = loaded("bn1", 1).unwrap();
    // Whole, a part that begins behind the first number, and not in the order of memory.
    let views = [x.clone(), x.clone().narrow(0, 1, 1), x.clone().narrow(3, 1, 2), x.clone().swap_dims(2, 3)];
    for view in views {
        let original: Vec<f32> = view.to_data().iter().collect();
        for (cap, found) in [(f32::INFINITY, tap.relu(view.clone())), (6.0, tap.relu6(view.clone()))] {
            let found: Vec<f32> = found.into_data().iter().collect();
            for (found, x) in found.iter().zip(&original) {
                let expected = if x.is_nan() { f32::NAN } else { x.max(0.0).min(cap) };
                assert!(*found == expected || found.is_nan() && expected.is_nan(), "{found} of {x}");
            }
        }
        let BatchNorm::Running { scale, shift } = &norm else { unreachable!("nothing is learning") };
        let [scale, shift] = [scale, shift].map(|t| t.to_data().iter::<f32>().next().unwrap());
        let found: Vec<f32> = norm.forward(view).into_data().iter().collect();
        for (found, x) in found.iter().zip(&original) {
            let expected = x * scale + shift;
            assert!(*found == expected || found.is_nan() && expected.is_nan(), "{found} of {x}");
        }
        assert_eq!(bits(x.clone()), before);
    }
}
