//! What layers put out: the tap's own numbers, in bounded many values; and which pixels each place sees.

use burn::tensor::{Tensor, TensorData};
use cam_lucida::network::{Architecture, NETWORKS, Network, Tap};
use cam_lucida::weights::{Card, Hashed};
use cam_lucida::{Device, Input, Model, Size};
use pollster::block_on;

const SIDE: usize = 96;
/// More values than any layer here has.
const ALL: usize = 1 << 24;

fn model() -> Model {
    model_of(3)
}

fn model_of(classes: usize) -> Model {
    let card = Card::new(Architecture::named("resnet_small").unwrap());
    block_on(Model::from_parameters(&Device::cpu(), card, &mut Hashed { classes })).unwrap()
}

fn input() -> Input {
    let size = Size { height: 96, width: 104 };
    Input::new(size, Hashed::uniform("activations", &[3, 96, 104], 2.0)).unwrap()
}

/// What a network's layers put out for one picture `[3, height, width]`: their values, and `[k, h, w]`.
fn tapped(network: &dyn Network, values: &[f32], size: Size, layers: &[&str]) -> Vec<(Vec<f32>, [usize; 3])> {
    let data = TensorData::new(values.to_vec(), [1, 3, size.height, size.width]);
    let mut tap = Tap::at_layers(layers);
    network.forward(Tensor::from_data(data, Device::cpu().tensors()), &mut tap);
    let taken = |name: &&str| {
        let output = tap.take(name).unwrap().activation;
        let [_, k, h, w] = output.dims();
        (output.into_data().try_to_vec().unwrap(), [k, h, w])
    };
    layers.iter().map(taken).collect()
}

fn load(name: &str) -> Box<dyn Network> {
    let architecture = Architecture::named(name).unwrap();
    architecture.load(&mut Hashed { classes: 3 }, Device::cpu().tensors()).unwrap()
}

#[test]
fn activations_are_those_of_the_layer_channel_by_channel() {
    let (model, input, network) = (model(), input(), load("resnet_small"));
    let layers = ["conv1", "layer2.0.bn2", "layer4"];
    let expected = tapped(network.as_ref(), input.values(), input.size(), &layers);
    for (layer, (values, [k, h, w])) in layers.into_iter().zip(expected) {
        let found = block_on(model.activations(&input, layer, ALL)).unwrap();
        assert_eq!((found.layer.as_str(), found.block), (layer, 1));
        assert_eq!((found.size, found.sheet), (Size { height: h, width: w }, Size { height: h, width: w }));
        assert_eq!(found.values, values, "{layer}");
        assert_eq!(found.channels.len(), k, "{layer}");
        for (channel, places) in found.channels.iter().zip(values.chunks_exact(h * w)) {
            let sorted = {
                let mut sorted = places.to_vec();
                sorted.sort_by(f32::total_cmp);
                sorted
            };
            assert_eq!((channel.min, channel.max), (sorted[0], sorted[h * w - 1]), "{layer}");
            let [row, column] = channel.peak;
            assert_eq!(places[row * w + column], channel.max, "{layer}");
            let mean = places.iter().map(|&value| f64::from(value)).sum::<f64>() / (h * w) as f64;
            assert!((f64::from(channel.mean) - mean).abs() < 1e-6, "{layer}");
        }
    }
}

#[test]
fn a_layer_of_too_many_values_comes_in_means_of_its_places() {
    let (model, input) = (model(), input());
    let whole = block_on(model.activations(&input, "conv1", ALL)).unwrap();
    let Size { height, width } = whole.size;
    assert_eq!((height, width), (48, 52));
    // 16 channels: blocks of 5 places are the smallest by which there are no more values, 10 × 11 for each channel.
    let found = block_on(model.activations(&input, "conv1", 16 * 10 * 11)).unwrap();
    assert_eq!((found.block, found.sheet), (5, Size { height: 10, width: 11 }));
    assert_eq!(found.channels, whole.channels, "what is said of a channel is said of all its places");
    for (at, &value) in found.values.iter().enumerate() {
        let (channel, row, column) = (at / 110, at % 110 / 11, at % 11);
        let rows = 5 * row..height.min(5 * row + 5);
        let places: Vec<f32> = rows
            .flat_map(|y| (5 * column..width.min(5 * column + 5)).map(move |x| (y, x)))
            .map(|(y, x)| whole.values[(channel * height + y) * width + x])
            .collect();
        let mean = places.iter().sum::<f32>() / places.len() as f32;
        assert!((value - mean).abs() < 1e-5, "{value} instead of {mean}");
    }
    let single = block_on(model.activations(&input, "conv1", 1)).unwrap();
    assert_eq!((single.sheet, single.values.len()), (Size::square(1), 16), "one for each channel");
    for (value, channel) in single.values.iter().zip(&single.channels) {
        assert!((value - channel.mean).abs() < 1e-6);
    }
}

#[test]
fn a_layer_that_the_network_does_not_have_is_refused() {
    let refused = block_on(model().activations(&input(), "layer5", ALL)).unwrap_err();
    assert!(refused.is_request(), "{refused}");
    assert!(refused.to_string().contains("layer5"), "{refused}");
}

/// The picture with other values on each axis from the first to the last of some rows and columns; `outside`: everywhere else.
fn changed(values: &[f32], rows: [isize; 2], columns: [isize; 2], outside: bool) -> Vec<f32> {
    let noise = Hashed::uniform("noise", &[3, SIDE, SIDE], 20.0);
    let inside = |at: usize| {
        let (y, x) = ((at / SIDE % SIDE) as isize, (at % SIDE) as isize);
        (rows[0]..=rows[1]).contains(&y) && (columns[0]..=columns[1]).contains(&x)
    };
    values
        .iter()
        .zip(noise)
        .enumerate()
        .map(|(at, (&value, noise))| if inside(at) == outside { value } else { noise })
        .collect()
}

/// By the numbers themselves: nothing outside matters, and each border of the field does, in every layer of every small network.
#[test]
fn a_place_sees_its_receptive_field_and_nothing_else() {
    let picture = Hashed::uniform("field", &[3, SIDE, SIDE], 2.0);
    let small = NETWORKS.iter().filter(|network| network.size as usize == SIDE);
    let (mut layers, mut borders) = (0, 0);
    for architecture in small {
        let network = load(architecture.name);
        let mut tap = Tap::default();
        network.forward(Tensor::zeros([1, 3, SIDE, SIDE], Device::cpu().tensors()), &mut tap);
        for layer in tap.layers() {
            let Some(field) = network.receptive_field(&layer.name) else { continue };
            let [_, h, w] = layer.shape;
            let (row, column) = (h / 2, w / 2);
            let (top, bottom) = field.rows.at(row);
            let (left, right) = field.columns.at(column);
            let at_place = |values: &[f32]| {
                let found = tapped(network.as_ref(), values, Size::square(SIDE), &[&layer.name]).remove(0).0;
                found.chunks_exact(h * w).map(|places| places[row * w + column]).collect::<Vec<f32>>()
            };
            let name = format!("{}: {}", architecture.name, layer.name);
            let before = at_place(&picture);
            let outside = at_place(&changed(&picture, [top, bottom], [left, right], true));
            let far = before.iter().zip(&outside).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(far < 1e-5, "{name} sees more than {field:?}: {far}");
            layers += 1;
            let within = |pixel: isize| (0..SIDE as isize).contains(&pixel);
            let edges = [
                ([top, top], [left, right], top),
                ([bottom, bottom], [left, right], bottom),
                ([top, bottom], [left, left], left),
                ([top, bottom], [right, right], right),
            ];
            for (rows, columns, edge) in edges.into_iter().filter(|(.., edge)| within(*edge)) {
                let edge_matters = at_place(&changed(&picture, rows, columns, false)) != before;
                assert!(edge_matters, "{name} sees less than {field:?}: not {edge}");
                borders += 1;
            }
        }
    }
    assert!(layers > 100 && borders > 100, "{layers} layers, {borders} borders");
}

/// One output becomes two classes, but its layers see what they saw.
#[test]
fn a_network_of_one_output_tells_what_its_places_see() {
    let field = |model: &Model| block_on(model.activations(&input(), "layer3", ALL)).unwrap().field;
    let (several, one) = (model(), model_of(1));
    assert!(one.is_yes_or_no());
    assert!(field(&one).is_some());
    assert_eq!(field(&one), field(&several));
}

/// A layer in the head may see all, and says nothing; so does one that is not there.
#[test]
fn what_has_no_regular_field_tells_none() {
    let network = load("resnet_small");
    assert!(network.receptive_field("layer4").is_some());
    assert_eq!(network.receptive_field("avgpool"), None);
    assert_eq!(network.receptive_field("layer5"), None);
    assert_eq!(network.receptive_field("layer4."), None);
}
