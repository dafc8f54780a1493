//! What a model makes of its card, of several labels at once and of several classes.

mod common;

use cam_lucida::cam::{self, ClassSum};
use cam_lucida::network::Architecture;
use cam_lucida::weights::{Card, Hashed, PreprocessorOverrides};
use cam_lucida::{Device, Explanation, Input, Model, Problem, Request, Size};
use common::weight_file::WeightFile;
use pollster::block_on;

const NETWORK: &str = "mobilenet_v2_x0_25";
const CLASSES: usize = 10;

fn card() -> Card {
    Card::new(Architecture::named(NETWORK).unwrap())
}

fn input() -> Input {
    Input::new(Size { height: 96, width: 128 }, Hashed::uniform("input", &[3, 96, 128], 2.0)).unwrap()
}

fn model(card: Card, file: &WeightFile) -> Model {
    block_on(Model::load(&Device::cpu(), card, file.bytes())).unwrap()
}

/// A network that answers every picture with these scores.
fn constant(scores: [f32; 3]) -> WeightFile {
    let mut file = WeightFile::hashed(card().architecture.unwrap(), 3);
    file.entry("classifier.1.weight").values.fill(0.0);
    file.entry("classifier.1.bias").values.copy_from_slice(&scores);
    file
}

#[test]
fn probabilities_are_softmax_or_sigmoid() {
    let scores = [3.0_f32.ln(), -3.0_f32.ln(), 0.0];
    // e^y is 3, 1/3 and 1: softmax divides by their sum 13/3, sigmoid is e^y / (1 + e^y).
    let cases = [
        (Problem::SingleLabel, [9.0 / 13.0, 1.0 / 13.0, 3.0 / 13.0]),
        (Problem::MultiLabel, [0.75, 0.25, 0.5]),
    ];
    for (problem, expected) in cases {
        let model = model(Card { problem, ..card() }, &constant(scores));
        let found = block_on(model.classify(&input())).unwrap();
        for (found, expected) in found.probabilities.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{}: {found} instead of {expected}", problem.name());
        }
        assert_eq!(found.top(3), [0, 2, 1]);
    }
    // Where e^-y is beyond any number the probability is not.
    let model = model(Card { problem: Problem::MultiLabel, ..card() }, &constant([-1000.0, 1000.0, 0.0]));
    assert_eq!(block_on(model.classify(&input())).unwrap().probabilities, [0.0, 1.0, 0.5]);
}

#[test]
fn a_card_that_does_not_fit_the_weights_is_refused() {
    let file = WeightFile::hashed(card().architecture.unwrap(), CLASSES).bytes();
    let inception = Architecture::named("inception_v3").unwrap();
    let mut small = Card::new(inception);
    small.overrides.size = Some(74);
    let cases = [
        (Card { classes: Some(9), ..card() }, file.clone(), "says 9 classes, the weights have 10"),
        (Card { labels: Some(vec!["cat".into()]), ..card() }, file, "1 labels do not fit"),
        (small, WeightFile::hashed(inception, 2).bytes(), "74×74 pixels, but Inception v3 needs 75 to 2048"),
    ];
    for (card, file, words) in cases {
        let error = block_on(Model::load(&Device::cpu(), card, file)).err().unwrap();
        assert!(error.is_weights() && error.to_string().contains(words), "{error}");
    }
}

#[test]
fn the_card_says_what_the_network_is_shown() {
    let mut own = card();
    own.overrides =
        PreprocessorOverrides { size: Some(64), mean: Some([0.0; 3]), std: Some([1.0; 3]), fill: None };
    let model = model(own, &WeightFile::hashed(card().architecture.unwrap(), CLASSES));
    let white = cam_lucida::picture::Picture::new(Size::square(8), vec![255; 3 * 64]).unwrap();
    let input = model.input(&white, Default::default()).unwrap();
    assert_eq!((input.size(), input.values()), (Size::square(64), &[1.0; 3 * 64 * 64][..]));
    // Five times halved.
    assert_eq!(model.layers().last().unwrap().shape[1..], [2, 2]);
}

fn explain(model: &Model, classes: &[usize]) -> Explanation {
    let methods =
        ["grad-cam", "score-cam", "gradient", "occlusion"].map(|name| cam::method(name).unwrap()).into();
    let settings = "max_channels=4,patch=48,stride=48".parse().unwrap();
    let request =
        Request { classes: ClassSum::each(classes.iter().copied()), methods, settings, ..Request::default() };
    block_on(model.explain(&input(), &request)).unwrap()
}

#[test]
fn several_classes_are_explained_as_each_alone() {
    let model = model(card(), &WeightFile::hashed(card().architecture.unwrap(), CLASSES));
    let classes = [7, 2, 4];
    // Asked for twice, explained once.
    let together = explain(&model, &[7, 2, 7, 4]);
    assert_eq!(together.classes, classes);
    let alone = classes.map(|class| explain(&model, &[class]));
    let mut found = together.heatmaps.iter();
    for method in 0..alone[0].heatmaps.len() {
        for explanation in &alone {
            let (found, expected) = (found.next().unwrap(), &explanation.heatmaps[method]);
            assert_eq!((found.method.name, &found.class), (expected.method.name, &expected.class));
            assert_eq!(found.map.dims(), expected.map.dims());
            let [a, b] = [found, expected].map(|heatmap| block_on(heatmap.values()).unwrap());
            let largest = b.iter().fold(f32::MIN_POSITIVE, |most, value| most.max(value.abs()));
            let worst = a.iter().zip(&b).fold(0.0_f32, |most, (a, b)| most.max((a - b).abs()));
            assert!(worst <= 1e-3 * largest, "{} of {}: {worst}", found.method.name, found.class);
            let worst = (found.min - expected.min).abs().max((found.max - expected.max).abs());
            assert!(worst <= 1e-3 * largest, "{} of {}: {worst}", found.method.name, found.class);
            assert_eq!(found.is_flat(), expected.is_flat());
            assert_eq!(together.scores.logits, explanation.scores.logits);
        }
    }
    assert!(found.next().is_none());
}

#[test]
fn classes_must_exist_and_be_few() {
    let model = model(card(), &WeightFile::hashed(card().architecture.unwrap(), 20));
    let refused = |classes: Vec<usize>| {
        let request = Request { classes: ClassSum::each(classes), ..Request::default() };
        let error = block_on(model.explain(&input(), &request)).err().unwrap();
        assert!(error.is_request(), "{error}");
        error.to_string()
    };
    assert!(refused(vec![3, 20]).contains("class 20 does not exist"));
    assert!(refused((0..17).collect()).contains("17 classes were asked for, up to 16"));
}
