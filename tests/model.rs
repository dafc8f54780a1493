//! What a model makes of its card, of several labels at once and of several classes.

mod common;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::cam::{self, ClassSum, Target};
use cam_lucida::network::{Architecture, Tap};
use cam_lucida::picture::Preprocess;
use cam_lucida::weights::{Card, Hashed, PreprocessorOverrides, Weights};
use cam_lucida::{Device, Explanation, Input, Model, Problem, Request, Size};
use common::weight_file::{Entry, WeightFile};
use pollster::block_on;
use safetensors::Dtype;

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
        let model = model(Card { problem: Some(problem), ..card() }, &constant(scores));
        let found = block_on(model.classify(&input())).unwrap();
        for (found, expected) in found.probabilities.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{}: {found} instead of {expected}", problem.name());
        }
        assert_eq!(found.top(3), [0, 2, 1]);
    }
    // Where e^-y is beyond any number the probability is not.
    let model =
        model(Card { problem: Some(Problem::MultiLabel), ..card() }, &constant([-1000.0, 1000.0, 0.0]));
    assert_eq!(block_on(model.classify(&input())).unwrap().probabilities, [0.0, 1.0, 0.5]);
}

/// Of one output.
fn single(labels: Option<Vec<String>>, problem: Option<Problem>) -> Card {
    Card { labels, problem, ..card() }
}

#[test]
fn one_output_says_yes_or_no_and_each_has_a_map() {
    let file = WeightFile::hashed(card().architecture.unwrap(), 1);
    for problem in [None, Some(Problem::SingleLabel), Some(Problem::MultiLabel)] {
        let model = model(single(None, problem), &file);
        assert_eq!((model.classes(), model.problem_name()), (2, "yes-no"));
        assert!(model.is_yes_or_no());
        assert_eq!(model.labels().unwrap(), ["no", "yes"]);
        // The output itself, of the network alone.
        let mut weights = Weights::read(file.bytes()).unwrap();
        let alone = card().architecture.unwrap().load(&mut weights, model.device().tensors()).unwrap();
        let x = TensorData::new(input().values().to_vec(), [1, 3, 96, 128]);
        let x = Tensor::from_data(x, model.device().tensors());
        let y = alone.forward(x, &mut Tap::default()).into_data().try_to_vec::<f32>().unwrap()[0];
        let scores = block_on(model.classify(&input())).unwrap();
        assert!((scores.logits[1] - y).abs() < 1e-6 && (scores.logits[0] + y).abs() < 1e-6, "{scores:?} {y}");
        let yes = 1.0 / (1.0 + (-f64::from(y)).exp());
        assert!((f64::from(scores.probabilities[1]) - yes).abs() < 1e-6, "{scores:?} {yes}");
        assert!((scores.probabilities[0] + scores.probabilities[1] - 1.0).abs() < 1e-6, "{scores:?}");
    }
    let model = model(single(None, None), &file);
    let maps = |target: Target, class: usize| {
        let methods = ["grad-cam", "cam", "gradient"].map(|name| cam::method(name).unwrap());
        let request = Request { target, classes: vec![class.into()], ..Request::new(methods) };
        let explanation = block_on(model.explain(&input(), &request)).unwrap();
        explanation.heatmaps.iter().map(|map| block_on(map.values()).unwrap()).collect::<Vec<_>>()
    };
    let (no, yes) = (maps(Target::Logit, 0), maps(Target::Logit, 1));
    let against = maps(Target::Counterfactual, 1);
    for (((no, yes), against), method) in
        no.iter().zip(&yes).zip(&against).zip(["grad-cam", "cam", "gradient"])
    {
        assert_ne!(no, yes, "{method}");
        if method != "cam" {
            let max = no.iter().fold(0.0_f32, |max, v| max.max(v.abs()));
            assert!(no.iter().zip(against).all(|(a, b)| (a - b).abs() <= 1e-5 * max), "{method}");
        }
    }
}

#[test]
fn one_output_takes_one_name_or_two() {
    let file = WeightFile::hashed(card().architecture.unwrap(), 1);
    let names = |names: &[&str]| Some(names.iter().map(|name| name.to_string()).collect());
    let known = model(single(names(&["cat", "dog"]), None), &file);
    assert_eq!(known.labels().unwrap(), ["cat", "dog"]);
    assert_eq!(model(single(names(&["tumour"]), None), &file).labels().unwrap(), ["not tumour", "tumour"]);
    // Its card makes the same again.
    let mut weights = Weights::read(file.bytes()).unwrap();
    let again = block_on(known.with_parameters(&mut weights)).unwrap();
    assert_eq!((again.labels(), again.is_yes_or_no()), (known.labels(), true));
    let error = block_on(Model::load(&Device::cpu(), single(names(&["a", "b", "c"]), None), file.bytes()));
    assert_eq!(error.err().unwrap().code(), "label-count");
    let error =
        block_on(Model::load(&Device::cpu(), single(names(&["a", "b"]), Some(Problem::Value)), file.bytes()));
    assert_eq!(error.err().unwrap().code(), "label-count");
}

#[test]
fn values_are_no_probabilities() {
    let scores = [37.5, -2.0, 0.25];
    let model = model(Card { problem: Some(Problem::Value), ..card() }, &constant(scores));
    let found = block_on(model.classify(&input())).unwrap();
    assert_eq!((&found.logits[..], &found.probabilities[..]), (&scores[..], &scores[..]));
    for target in [Target::Probability, Target::LogProbability] {
        let request = Request { target, ..Request::default() };
        let error = block_on(model.explain(&input(), &request)).err().unwrap();
        assert_eq!((error.code(), error.is_request()), ("target-without-probability", true));
    }
    let one = WeightFile::hashed(card().architecture.unwrap(), 1);
    let age = block_on(Model::load(&Device::cpu(), single(None, Some(Problem::Value)), one.bytes())).unwrap();
    assert_eq!((age.classes(), age.problem_name(), age.label(0)), (1, "value", Some("value")));
}

#[test]
fn features_without_a_classifier_are_explained_by_methods_that_need_no_class() {
    let whole = WeightFile::hashed(card().architecture.unwrap(), CLASSES);
    let mut features = WeightFile::hashed(card().architecture.unwrap(), CLASSES);
    features.0.retain(|entry| !entry.name.starts_with("classifier."));
    let alone = model(card(), &features);
    assert_eq!(
        (alone.has_classifier(), alone.classes(), alone.label(0)),
        (false, 1, Some("mean activation"))
    );
    assert!(alone.notes().iter().any(|note| note.code() == "no-head"));
    let request = |method: &str| Request::new([cam::method(method).unwrap()]);
    let map = |model: &Model| {
        let explanation = block_on(model.explain(&input(), &request("eigen-cam"))).unwrap();
        (block_on(explanation.heatmaps[0].values()).unwrap(), explanation.scores.logits[0])
    };
    let (found, mean) = map(&alone);
    assert_eq!(found, map(&model(card(), &whole)).0);
    // The last layer is rectified: its mean is that of what is pooled.
    let gradients = block_on(alone.classify(&input())).unwrap();
    assert!(mean > 0.0 && (gradients.logits[0] - mean).abs() <= 1e-6 * mean, "{mean}");
    for method in cam::METHODS.iter().filter(|method| !method.ignores_class()) {
        let error = block_on(alone.explain(&input(), &request(method.name))).err().unwrap();
        assert_eq!((error.code(), error.is_request()), ("method-needs-classifier", true), "{}", method.name);
        assert!(error.to_string().contains("choose EigenCAM"), "{error}");
    }
    // Its card makes the same again.
    let again = block_on(alone.with_parameters(&mut Weights::read(features.bytes()).unwrap())).unwrap();
    assert!(!again.has_classifier());
}

#[test]
fn outputs_that_a_loss_weighs_one_by_one_are_independent() {
    let mut file = WeightFile::hashed(card().architecture.unwrap(), CLASSES);
    let weight = |length: usize| Entry {
        name: "criterion.pos_weight".into(),
        shape: vec![length],
        values: vec![2.0; length],
        dtype: Dtype::F32,
    };
    file.0.push(weight(CLASSES));
    let guessed = |card: Card, file: &WeightFile| {
        let model = model(card, file);
        let told = model.notes().iter().any(|note| note.code() == "outputs-independent");
        (model.problem(), told)
    };
    assert_eq!(guessed(card(), &file), (Problem::MultiLabel, true));
    // Who says what it is knows better.
    let said = Card { problem: Some(Problem::SingleLabel), ..card() };
    assert_eq!(guessed(said, &file), (Problem::SingleLabel, false));
    file.0.pop();
    file.0.push(weight(CLASSES + 1));
    assert_eq!(guessed(card(), &file), (Problem::SingleLabel, false));
}

#[test]
fn a_card_that_does_not_fit_the_weights_is_refused() {
    let file = WeightFile::hashed(card().architecture.unwrap(), CLASSES).bytes();
    let inception = Architecture::named("inception_v3").unwrap();
    let mut small = Card::new(inception);
    small.overrides.size = Some(Size::square(74));
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
    own.overrides = PreprocessorOverrides {
        size: Some(Size::square(64)),
        mean: Some([0.0; 3]),
        std: Some([1.0; 3]),
        fill: None,
        ..Default::default()
    };
    let model = model(own, &WeightFile::hashed(card().architecture.unwrap(), CLASSES));
    let white = cam_lucida::picture::Picture::new(Size::square(8), vec![255; 3 * 64]).unwrap();
    let input = model.input(&white, Default::default()).unwrap();
    assert_eq!((input.size(), input.values()), (Size::square(64), &[1.0; 3 * 64 * 64][..]));
    // Five times halved.
    assert_eq!(model.layers().last().unwrap().shape[1..], [2, 2]);
}

#[test]
fn a_network_of_inputs_that_are_no_squares_is_explained_in_their_shape() {
    let mut own = card();
    own.overrides.size = Some(Size { height: 128, width: 64 });
    let model = model(own, &WeightFile::hashed(card().architecture.unwrap(), CLASSES));
    assert_eq!(model.layers().last().unwrap().shape[1..], [4, 2]);
    let picture = cam_lucida::picture::Picture::new(Size::square(8), (0..192).collect()).unwrap();
    for (preprocess, map) in [(Preprocess::Squash, [1, 4, 2]), (Preprocess::Fit, [1, 4, 4])] {
        let input = model.input(&picture, preprocess).unwrap();
        let request = Request::default();
        let explanation = block_on(model.explain(&input, &request)).unwrap();
        assert_eq!(explanation.heatmaps[0].map.dims(), map);
    }
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
