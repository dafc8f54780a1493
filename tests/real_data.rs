//! Real weights on real photographs, where a developer has them; the figures are pytorch-grad-cam's.

mod common;

use cam_lucida::cam::ClassSum;
use cam_lucida::network::Architecture;
use cam_lucida::network::Parameters;
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::render::upsample;
use cam_lucida::weights::{Card, Weights};
use cam_lucida::{Device, Explanation, Model, Request, Size};
use common::skip::{Skip, tests};
use common::torch_file::{Named, legacy, zipped};

tests![
    the_files_of_pytorch_give_the_same_logits,
    mobilenet_tells_the_dog_from_the_cat,
    squeezenet_names_the_flamingo,
];

fn explain(network: &str, weights: &str, picture: &str, class: Option<usize>) -> Result<Explanation, Skip> {
    let weights = std::fs::read(common::real(weights)?).unwrap();
    let picture = Picture::decode(&std::fs::read(common::real(picture)?).unwrap()).unwrap();
    let model = pollster::block_on(Model::load(
        &Device::cpu(),
        Card::new(Architecture::named(network).unwrap()),
        weights,
    ))
    .unwrap();
    let input = model.input(&picture, Preprocess::Squash).unwrap();
    let request = Request { classes: ClassSum::each(class), ..Request::default() };
    Ok(pollster::block_on(model.explain(&input, &request)).unwrap())
}

/// The same numbers as PyTorch would have saved them, in both of its formats and under a prefix, give the same logits.
fn the_files_of_pytorch_give_the_same_logits() -> Result<(), Skip> {
    const WEIGHTS: &str = "weights/squeezenet1_1.f16.safetensors";
    let (file, picture) = (common::real(WEIGHTS)?, common::real("images/flamingo.jpg")?);
    let file = std::fs::read(file).unwrap();
    let mut weights = Weights::read(file.clone()).unwrap();
    let tensors: Vec<(String, Vec<usize>)> =
        weights.tensors().map(|(name, shape)| (name.into(), shape.into())).collect();
    let named = |(name, shape): (String, Vec<usize>)| {
        let values = weights.take(&name, &shape).unwrap();
        (format!("module.{name}"), shape, values)
    };
    let tensors: Vec<Named> = tensors.into_iter().map(named).collect();
    let picture = Picture::decode(&std::fs::read(picture).unwrap()).unwrap();
    let logits = |file: Vec<u8>| {
        let model = pollster::block_on(Model::load(&Device::cpu(), Card::default(), file)).unwrap();
        assert_eq!(model.architecture().name, "squeezenet1_1");
        let input = model.input(&picture, Preprocess::Squash).unwrap();
        pollster::block_on(model.classify(&input)).unwrap().logits
    };
    let expected = logits(file);
    assert_eq!(logits(zipped(&tensors)), expected);
    assert_eq!(logits(legacy(&tensors)), expected);
    Ok(())
}

/// Share of the map's mass in the upper half, and where it peaks, (x, y) of 224.
fn half_and_peak(explanation: &Explanation) -> (f32, (usize, usize)) {
    let heatmap = &explanation.heatmaps[0];
    let [_, h, w] = heatmap.map.dims();
    let values = pollster::block_on(heatmap.values()).unwrap();
    let map = upsample(&values, Size { height: h, width: w }, Size::square(224));
    let upper: f32 = map[..112 * 224].iter().sum();
    let highest = map.iter().copied().fold(0.0_f32, f32::max);
    let peak = map.iter().position(|value| *value == highest).unwrap();
    (upper / map.iter().sum::<f32>(), (peak % 224, peak / 224))
}

fn near((x, y): (usize, usize), (wanted_x, wanted_y): (usize, usize)) -> bool {
    x.abs_diff(wanted_x) <= 12 && y.abs_diff(wanted_y) <= 12
}

fn mobilenet_tells_the_dog_from_the_cat() -> Result<(), Skip> {
    let explain = |class| {
        explain("mobilenet_v2", "weights/mobilenet_v2.f16.safetensors", "images/dog-and-cat.png", class)
    };
    let dog = explain(None)?;
    assert_eq!(dog.classes, [243], "bull mastiff");
    assert!((dog.scores.logits[243] - 7.43).abs() < 0.03 * 7.43, "logit {}", dog.scores.logits[243]);
    assert!((dog.scores.probabilities[243] - 0.35).abs() < 0.03, "p {}", dog.scores.probabilities[243]);
    let (upper, peak) = half_and_peak(&dog);
    assert!((upper - 0.78).abs() < 0.03, "{upper} of the dog's map in the upper half");
    assert!(near(peak, (144, 79)), "the dog's map peaks at {peak:?}");
    let cat = explain(Some(281))?;
    let (upper, peak) = half_and_peak(&cat);
    assert!((upper - 0.02).abs() < 0.03, "{upper} of the cat's map in the upper half");
    assert!(near(peak, (112, 208)), "the cat's map peaks at {peak:?}");
    Ok(())
}

fn squeezenet_names_the_flamingo() -> Result<(), Skip> {
    let weights = "weights/squeezenet1_1.f16.safetensors";
    let flamingo = explain("squeezenet1_1", weights, "images/flamingo.jpg", None)?;
    assert_eq!(flamingo.classes, [130], "flamingo");
    assert!(flamingo.scores.probabilities[130] > 0.95, "p {}", flamingo.scores.probabilities[130]);
    Ok(())
}
