//! Training: it learns, it goes on where it was broken off, and what it writes is what it has learned.
#![cfg(feature = "train")]

mod common;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::network::language::Lstm;
use cam_lucida::network::ops::{BatchNorm, Conv2d, Convolution, Loader};
use cam_lucida::network::{Architecture, Network, Tap};
use cam_lucida::picture::{Picture, Preprocessor};
use cam_lucida::scenes::shapes::Shapes;
use cam_lucida::scenes::{Hair, Objects, People, Scene, World};
use cam_lucida::train::{
    Adjustment, LANGUAGE, Learner, RECIPES, Recipe, Report, Task, Trainer, WorldKind, read_tensors,
};
use cam_lucida::weights::{Hashed, Named, Weights};
use cam_lucida::{Device, Size};
use common::stickers;
use common::weight_file::{Entry, WeightFile};
use safetensors::tensor::Dtype;

const RECIPE: Recipe = Recipe {
    name: "test",
    title: "Test",
    network: "resnet_small",
    world: WorldKind::People,
    side: 32,
    batch: 8,
    cycles: &[6],
    rate: 2e-3,
    decay: 0.02,
    seed: 11,
    ..Recipe::CLASSIFIER
};

/// A world of so few scenes that they can be learned by heart.
struct Few<W>(W);

impl<W: World> World for Few<W> {
    fn classes(&self) -> Vec<&'static str> {
        self.0.classes()
    }

    fn is_multi_label(&self) -> bool {
        self.0.is_multi_label()
    }

    fn scene(&self, seed: u64, index: u64, side: u32) -> Scene {
        self.0.scene(seed, index % 8, side)
    }
}

fn people() -> People {
    People::new(Hair::Independent)
}

fn device() -> burn::tensor::Device {
    Device::cpu().tensors().clone()
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

fn assert_equal(found: &Named, expected: &Named) {
    assert!(found.keys().eq(expected.keys()));
    for (name, (shape, values)) in expected {
        assert_eq!(&found[name].0, shape, "{name}");
        let same = found[name].1.iter().zip(values).all(|(a, b)| a.to_bits() == b.to_bits());
        assert!(same && found[name].1.len() == values.len(), "{name} differs");
    }
}

#[test]
fn scenes_are_learned_by_heart() {
    let (people, objects) = (Few(people()), Few(Objects::new(stickers())));
    let worlds: [(&dyn World, &str); 3] =
        [(&people, "resnet_small"), (&objects, "resnet_small"), (&objects, "mobilenet_v2_small")];
    for (world, network) in worlds {
        let recipe = Recipe { network, cycles: &[60], ..RECIPE };
        let mut losses = Vec::new();
        let mut trainer = Trainer::new(recipe, world, &device());
        trainer
            .run(60, |step, loss| {
                losses.push(loss);
                assert_eq!(step, losses.len());
            })
            .unwrap();
        assert_eq!(losses.len(), 60);
        let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
        let (first, last) = (mean(&losses[..6]), mean(&losses[54..]));
        println!("{network}: {first} to {last}");
        // To guess costs ln 2 a class.
        assert!(losses[0] > 0.5 * std::f32::consts::LN_2, "{network}: {} at first", losses[0]);
        assert!(last < 0.5 * first, "{network}: from {first} to {last}");
    }
}

#[test]
fn what_thing_each_pixel_shows_is_learned() {
    let recipe = Recipe { world: WorldKind::Shapes, task: Task::Things, cycles: &[60], ..RECIPE };
    let (world, mut losses) = (Shapes::training(), Vec::new());
    let mut trainer = Trainer::new(recipe, &world, &device());
    trainer.run(60, |_, loss| losses.push(loss)).unwrap();
    // Sixteen kinds, eight colours, and whether it is the middle of a thing.
    assert_eq!(trainer.learner().values().unwrap()["fc.weight"].0, [25, 96]);
    let (first, last) = (losses[0], losses[50..].iter().sum::<f32>() / 10.0);
    println!("from {first} to {last}");
    // Two in a hundred are so: who knows no more loses 0.1.
    assert!(first > 0.5 && last < 0.2, "from {first} to {last}");
}

/// Answers and words that are guessed at first, and what they depend on soon after.
#[test]
fn questions_and_captions_are_learned() {
    for (task, network) in [(Task::Questions(4), "film_small"), (Task::Captions, "caption_small")] {
        let recipe = Recipe { network, task, world: WorldKind::Shapes, cycles: &[60], ..LANGUAGE[1] };
        let recipe = Recipe { side: 32, batch: 4, start: None, ..recipe };
        let world = Shapes::training();
        let mut losses = Vec::new();
        let mut trainer = Trainer::new(recipe, &world, &device());
        trainer.run(30, |_, loss| losses.push(loss)).unwrap();
        let checkpoint = trainer.checkpoint(1.0).unwrap();
        let (mut resumed, _) = Trainer::resume(recipe, &world, &device(), &checkpoint).unwrap();
        trainer.run(32, |_, _| ()).unwrap();
        resumed.run(32, |_, _| ()).unwrap();
        assert_equal(&resumed.learner().values().unwrap(), &trainer.learner().values().unwrap());
        resumed.run(60, |_, loss| losses.push(loss)).unwrap();
        let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
        let (first, last) = (mean(&losses[..5]), mean(&losses[losses.len() - 10..]));
        println!("{network}: {first} to {last}");
        // To guess costs ln 32 and ln 45.
        assert!(losses[0] > 3.0, "{network}: {} at first", losses[0]);
        assert!(last < first - 0.3, "{network}: from {first} to {last}");
    }
}

/// A network of one convolution of one pixel, whose gradient is that of `factor` times the sum of its weight.
fn descend(learner: &mut Learner, factor: f32) -> Named {
    let device = device();
    let mut loader = Loader::new(learner, &device);
    let conv = Conv2d::load(&mut loader, "conv", Convolution::new(2, 1), 8).unwrap();
    let x = Tensor::<4>::ones([1, 8, 1, 1], &device) * factor;
    learner.descend(conv.forward(x).sum(), 0.01, 0.0);
    learner.values().unwrap()
}

/// Adam's second moment is a thousandth of the square of the gradient at first, and its step forgets the size: only two
/// steps tell a clipped gradient from one that is not.
#[test]
fn gradients_are_shortened_to_the_norm_that_is_allowed() {
    let moved = |clip: Option<f32>, factors: [f32; 2]| {
        let mut learner = Learner::new(1, 2, &device()).clipped(clip);
        let before = descend(&mut learner, factors[0])["conv.weight"].1[0];
        descend(&mut learner, factors[1])["conv.weight"].1[0] - before
    };
    // 16 weights, each with the factor for a gradient: a norm of four times the factor.
    let [plain, clipped, same] =
        [moved(None, [1.0, 100.0]), moved(Some(4.0), [1.0, 100.0]), moved(None, [1.0, 1.0])];
    assert!((plain - same).abs() > 1e-3, "it would move otherwise: {plain}, {same}");
    assert!((clipped - same).abs() < 1e-6, "a gradient of the norm that is allowed: {clipped}, {same}");
    assert!((moved(Some(500.0), [1.0, 100.0]) - plain).abs() < 1e-7, "a shorter one stays");
}

#[test]
fn some_tensors_start_smaller_and_learn_more_slowly() {
    const ADJUSTMENTS: &[Adjustment] =
        &[Adjustment { prefix: "conv", suffix: ".weight", scale: 0.1, rate: 0.25 }];
    let mut plain = Learner::new(1, 2, &device());
    let mut adjusted = Learner::new(1, 2, &device()).adjusted(ADJUSTMENTS);
    let starts = [&mut plain, &mut adjusted].map(|learner| {
        let device = device();
        Conv2d::load(&mut Loader::new(learner, &device), "conv", Convolution::new(2, 1), 8).unwrap();
        learner.descend(Tensor::<1>::ones([1], &device).autodiff().require_grad(), 0.0, 0.0);
        learner.values().unwrap()["conv.weight"].1.clone()
    });
    let ends = [descend(&mut plain, 1.0), descend(&mut adjusted, 1.0)];
    for (i, (plain, adjusted)) in starts[0].iter().zip(&starts[1]).enumerate() {
        assert!((plain * 0.1 - adjusted).abs() < 1e-7, "{adjusted} instead of a tenth of {plain}");
        let moved = [0, 1].map(|which| ends[which]["conv.weight"].1[i] - starts[which][i]);
        assert!((moved[0] * 0.25 - moved[1]).abs() < 1e-6, "{moved:?}");
    }
}

#[test]
fn an_lstm_starts_with_its_forget_gates_open() {
    let mut learner = Learner::new(1, 2, &device());
    Lstm::load(&mut Loader::new(&mut learner, &device()), "lstm", 3, 2).unwrap();
    for bias in ["lstm.bias_ih_l0", "lstm.bias_hh_l0"] {
        assert_eq!(learner.values().unwrap()[bias].1, [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    }
}

#[test]
fn a_network_starts_from_anothers_tensors_up_to_layer4() {
    let recipe = Recipe { world: WorldKind::Shapes, ..RECIPE };
    let (people, shapes) = (people(), Shapes::training());
    let mut first = Trainer::new(RECIPE, &people, &device());
    first.run(1, |_, _| ()).unwrap();
    let learned = first.learner().values().unwrap();
    for file in [first.checkpoint(1.0).unwrap(), first.learner().weight_file().unwrap()] {
        let start = read_tensors(file).unwrap();
        assert!(start.keys().eq(learned.keys()), "tensors and statistics, no state of the optimiser");
        let trainer = Trainer::new(Recipe { rate: 0.0, ..recipe }, &shapes, &device());
        let mut trainer = trainer.starting_from(start.clone());
        trainer.run(1, |_, _| ()).unwrap();
        let found = trainer.learner().values().unwrap();
        assert_eq!(found["fc.weight"].0, [128, 96]);
        for (name, (_, values)) in found.iter().filter(|(name, _)| !name.starts_with("fc.")) {
            let same = values == &start[name].1;
            assert!(same || name.contains(".running_"), "{name}");
        }
    }
    let unknown = [("layer9.weight".to_string(), (vec![1], vec![1.0]))].into();
    let error = Trainer::new(recipe, &shapes, &device()).starting_from(unknown).run(1, |_, _| ());
    assert_eq!(error.unwrap_err().code(), "start-unused");
    let short = [("conv1.weight".to_string(), (vec![1], vec![1.0]))].into();
    let error = Trainer::new(recipe, &shapes, &device()).starting_from(short).run(1, |_, _| ());
    assert_eq!(error.unwrap_err().code(), "start-shape");
}

#[test]
fn recipes_start_from_others_that_come_before_them() {
    let stages: Vec<usize> = LANGUAGE.iter().map(Recipe::stage).collect();
    assert_eq!(stages, [1, 2, 2]);
    assert!(RECIPES.iter().all(|recipe| recipe.stage() == usize::from(recipe.start.is_some())));
    assert_eq!(Recipe::named("caption-shapes").unwrap().network, "caption_small");
    assert!(
        Recipe::named("caption-shape").unwrap_err().to_string().contains("did you mean `caption-shapes`")
    );
}

#[test]
fn a_run_that_was_broken_off_goes_on_to_the_same_numbers() {
    let world = people();
    let mut whole = Trainer::new(RECIPE, &world, &device());
    whole.run(6, |_, _| ()).unwrap();
    let mut part = Trainer::new(RECIPE, &world, &device());
    part.run(3, |_, _| ()).unwrap();
    let checkpoint = part.checkpoint(12.5).unwrap();
    let (mut resumed, seconds) = Trainer::resume(RECIPE, &world, &device(), &checkpoint).unwrap();
    assert_eq!((resumed.step(), seconds), (3, 12.5));
    let before = resumed.learner().values().unwrap();
    assert_equal(&before, &part.learner().values().unwrap());
    resumed.run(6, |_, _| ()).unwrap();
    assert_eq!(resumed.step(), 6);
    let after = resumed.learner().values().unwrap();
    assert_equal(&after, &whole.learner().values().unwrap());
    for (name, (_, values)) in &after {
        assert_ne!(values, &before[name].1, "{name} has learned");
    }
    // Nothing is left to do.
    resumed.run(9, |_, _| panic!("a step beyond the recipe's")).unwrap();
}

#[test]
fn what_is_no_checkpoint_of_the_recipe_is_refused() {
    let world = people();
    let mut trainer = Trainer::new(RECIPE, &world, &device());
    trainer.run(1, |_, _| ()).unwrap();
    let checkpoint = trainer.checkpoint(1.0).unwrap();
    let refused = |recipe: Recipe, file: &[u8], words: &[&str]| {
        let error = Trainer::resume(recipe, &world, &device(), file).err().expect("it does not fit");
        assert!(error.is_weights());
        for word in words {
            assert!(error.to_string().contains(word), "“{error}” does not say “{word}”");
        }
    };
    for other in [Recipe { seed: 12, ..RECIPE }, Recipe { cycles: &[7], ..RECIPE }, RECIPES[0]] {
        refused(other, &checkpoint, &["another recipe", "remove it"]);
    }
    for length in [0, 7, 100, checkpoint.len() / 2, checkpoint.len() - 1] {
        refused(RECIPE, &checkpoint[..length], &["not a checkpoint"]);
    }
    refused(RECIPE, &trainer.learner().weight_file().unwrap(), &["not a checkpoint", "its recipe"]);
    // What was learned by another loss, or by one of which it says nothing.
    let renamed = |from: &str, to: &str| {
        let at = checkpoint.windows(from.len()).position(|bytes| bytes == from.as_bytes()).unwrap();
        [&checkpoint[..at], to.as_bytes(), &checkpoint[at + from.len()..]].concat()
    };
    let said = ["another loss", "not classes 1", "remove it to start again"];
    refused(RECIPE, &renamed("classes 1", "classes 0"), &[&said[..], &["classes 0"]].concat());
    refused(RECIPE, &renamed("\"loss\"", "\"lost\""), &[&said[..], &["one without a name"]].concat());
}

/// A loss that finds the same network otherwise wrong must have another name, so that no run goes on with it unawares.
#[test]
fn a_loss_is_what_its_name_says() {
    let cases = [
        ("people-balanced", "classes 1", 0.684_543_6),
        ("resnet-shapes", "things 1", 0.921_827_7),
        ("film-shapes", "questions 1", 22.682_68),
        ("caption-shapes", "captions 1", 22.748_97),
    ];
    let mut wrong = Vec::new();
    for (name, loss, expected) in cases {
        let recipe = Recipe { batch: 3, ..*Recipe::named(name).unwrap() };
        let world = recipe.world.build(|| unreachable!("no stickers")).unwrap();
        let mut trainer = Trainer::new(recipe, &*world, &device());
        let mut found = 0.0;
        trainer.run(1, |_, loss| found = loss).unwrap();
        if (found / expected - 1.0_f32).abs() > 1e-3 {
            wrong.push(format!("{loss}: {found} instead of {expected}"));
        }
        let checkpoint = trainer.checkpoint(1.0).unwrap();
        let said = format!("\"loss\":\"{loss}\"");
        assert!(checkpoint.windows(said.len()).any(|bytes| bytes == said.as_bytes()), "{name} says its loss");
    }
    assert!(wrong.is_empty(), "{wrong:?}; a loss that has changed needs another name");
}

/// A convolution and its normalisation, whose numbers are `learner`'s.
fn layers(learner: &mut Learner) -> (Conv2d, BatchNorm) {
    let device = device();
    let mut loader = Loader::new(learner, &device);
    let conv = Conv2d::load(&mut loader, "conv", Convolution::new(CHANNELS, 3), 3).unwrap();
    (conv, BatchNorm::load(&mut loader, "bn", CHANNELS, BatchNorm::EPSILON).unwrap())
}

const CHANNELS: usize = 2;
const PIXELS: usize = 4 * 5;

/// Three pictures of 4 × 5 pixels.
fn batch(name: &str) -> Tensor<4> {
    let shape = [3, 3, 4, 5];
    Tensor::from_data(TensorData::new(Hashed::uniform(name, &shape, 2.0), shape), &device())
}

/// Mean and variance of each channel, with the number of values that it is divided by less `less`.
fn moments(output: &[f32], less: f64) -> [[f64; 2]; CHANNELS] {
    std::array::from_fn(|channel| {
        let planes = output.chunks(PIXELS).skip(channel).step_by(CHANNELS);
        let values: Vec<f64> = planes.flatten().map(|&value| f64::from(value)).collect();
        let count = values.len() as f64;
        assert_eq!(count, 60.0);
        let mean = values.iter().sum::<f64>() / count;
        [mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - less)]
    })
}

fn close(found: f32, expected: f64, what: &str) {
    assert!((f64::from(found) - expected).abs() < 2e-5, "{what}: {found} instead of {expected}");
}

#[test]
fn batches_are_normalised_by_their_moments_and_running_ones_follow() {
    let mut learner = Learner::new(1, 2, &device());
    // As PyTorch starts them.
    let mut running = [[0.0, 1.0]; CHANNELS];
    for name in ["first", "second"] {
        let (conv, bn) = layers(&mut learner);
        let convolved = conv.forward(batch(name));
        let output = values(convolved.clone().inner());
        let normalised = bn.forward(convolved);
        let of_batch = moments(&output, 0.0);
        for (i, (found, value)) in values(normalised.clone().inner()).iter().zip(&output).enumerate() {
            let [mean, variance] = of_batch[i / PIXELS % CHANNELS];
            close(*found, (f64::from(*value) - mean) / (variance + 1e-5).sqrt(), "a normalised value");
        }
        learner.descend(normalised.sum(), 0.0, 0.0);
        let unbiased = moments(&output, 1.0);
        let found = learner.values().unwrap();
        for channel in 0..CHANNELS {
            for (moment, statistic) in ["bn.running_mean", "bn.running_var"].iter().enumerate() {
                let old = running[channel][moment];
                running[channel][moment] = 0.9 * old + 0.1 * unbiased[channel][moment];
                close(found[*statistic].1[channel], running[channel][moment], statistic);
            }
        }
    }
}

/// At the first step both of Adam's moments are the gradient's own, so that it moves by the rate along its sign.
#[test]
fn the_first_step_moves_by_the_rate_against_the_gradient_and_decays_weights_alone() {
    let (rate, decay) = (0.01, 0.5);
    let mut learner = Learner::new(1, 2, &device());
    let (conv, bn) = layers(&mut learner);
    let before = learner.values().unwrap();
    let output = bn.forward(conv.forward(batch("first")));
    let factors = batch("factors").slice([0..3, 0..CHANNELS, 0..4, 0..5]);
    // Of the shift the gradient is the sum of these; of the scale that of their products with what is normalised.
    let (loss, plain) = ((output.clone() * factors.clone()).sum(), values(output.inner()));
    let factors = values(factors);
    learner.descend(loss, rate, decay);
    let after = learner.values().unwrap();
    for channel in 0..CHANNELS {
        let of_channel = |i: &usize| i / PIXELS % CHANNELS == channel;
        let sum = |factor: &dyn Fn(usize) -> f32| {
            (0..plain.len()).filter(of_channel).map(|i| f64::from(factor(i) * factors[i])).sum::<f64>()
        };
        let gradients = [("bn.bias", sum(&|_| 1.0)), ("bn.weight", sum(&|i| plain[i]))];
        for (name, gradient) in gradients {
            assert!(gradient.abs() > 0.1, "{name}: a gradient that has a sign");
            let expected = f64::from(before[name].1[channel]) - rate * gradient.signum();
            close(after[name].1[channel], expected, name);
        }
    }
    for (before, after) in before["conv.weight"].1.iter().zip(&after["conv.weight"].1) {
        let decayed = f64::from(*before) * (1.0 - rate * f64::from(decay));
        let moved = (f64::from(*after) - decayed).abs();
        assert!((moved - rate).abs() < 1e-4, "{before} to {after}: by {moved} beside the decay");
    }
}

fn load(file: Vec<u8>) -> Box<dyn Network> {
    let mut weights = Weights::read(file).unwrap();
    let architecture = Architecture::named(RECIPE.network).unwrap();
    weights.fit(architecture).unwrap();
    architecture.load(&mut weights, &device()).unwrap()
}

#[test]
fn the_weight_file_is_the_network_that_was_learned() {
    let world = people();
    let mut trainer = Trainer::new(Recipe { cycles: &[30], ..RECIPE }, &world, &device());
    trainer.run(30, |_, _| ()).unwrap();
    let file = trainer.learner().weight_file().unwrap();
    let learned = trainer.learner().values().unwrap();
    let bytes: usize = learned.values().map(|(_, values)| 2 * values.len()).sum();
    assert!((bytes..bytes + 16_384).contains(&file.len()), "{} bytes, of tensors in f16 {bytes}", file.len());
    // The same tensors as they were learned, without rounding.
    let entries = learned
        .into_iter()
        .map(|(name, (shape, values))| Entry { name, shape, values, dtype: Dtype::F32 })
        .collect();
    let exact = WeightFile(entries).bytes();
    let shape = [4, 3, 32, 32];
    let preprocessor = Preprocessor::imagenet(32);
    let pictures = (0..4).flat_map(|index| preprocessor.normalise(&world.scene(99, index, 32).picture));
    let pictures = Tensor::from_data(TensorData::new(pictures.collect(), shape), &device());
    let [found, expected] = [file, exact].map(|file| {
        let logits = load(file).forward(Tensor::<4>::clone(&pictures), &mut Tap::default());
        assert_eq!(logits.dims(), [4, 2]);
        values(logits)
    });
    let spread = expected.iter().fold(0.0_f32, |max, logit| max.max((logit - expected[0]).abs()));
    assert!(spread > 0.2, "pictures and classes differ: {expected:?}");
    for (found, expected) in found.iter().zip(&expected) {
        assert!((found - expected).abs() < 0.02, "{found} instead of {expected}");
    }
}

#[test]
fn in_each_cycle_the_rate_rises_over_a_twentieth_and_falls_to_nothing() {
    let ours = Recipe { cycles: &[100, 200], ..RECIPE };
    assert_eq!(ours.steps(), 300);
    // A twentieth of 100 are 5 steps, of 200 are 10; half the way down is the cosine's zero, after 52.5 % of the cycle.
    let known = [(0, 0.2), (4, 1.0), (99, 0.0), (100, 0.1), (104, 0.5), (109, 1.0), (204, 0.5), (299, 0.0)];
    for (step, part) in known {
        let found = ours.rate_at(step) / ours.rate;
        assert!((found - part).abs() < 1e-9, "step {step}: {found} of the highest rate, not {part}");
    }
    for recipe in RECIPES.iter().chain(LANGUAGE).chain([&ours]) {
        let mut start = 0;
        for &steps in recipe.cycles {
            let rates: Vec<f64> = (start..start + steps).map(|step| recipe.rate_at(step)).collect();
            let peak = steps / 20 - 1;
            assert!(rates[0] > 0.0 && rates[..=peak].is_sorted(), "{} from {start}", recipe.name);
            assert!(rates[peak..].is_sorted_by(|a, b| a >= b), "{} from {start}", recipe.name);
            assert!((rates[peak] / recipe.rate - 1.0).abs() < 1e-9, "{} from {start}", recipe.name);
            assert!(rates[steps - 1].abs() < 1e-6 * recipe.rate, "{} from {start}", recipe.name);
            start += steps;
        }
        assert_eq!(start, recipe.steps());
    }
}

/// Scenes whose colour is their number, and what is in each.
struct Numbered {
    multi_label: bool,
    labels: &'static [&'static [usize]],
}

impl World for Numbered {
    fn classes(&self) -> Vec<&'static str> {
        vec!["ant", "bee", "cow"]
    }

    fn is_multi_label(&self) -> bool {
        self.multi_label
    }

    fn scene(&self, seed: u64, index: u64, side: u32) -> Scene {
        assert_eq!(seed, 77);
        let pixels = (side * side) as usize;
        let picture = Picture::new(Size::square(side as usize), vec![index as u8; 3 * pixels]).unwrap();
        let labels = self.labels[index as usize % self.labels.len()].to_vec();
        Scene { picture, labels, objects: Vec::new(), owners: vec![0; pixels] }
    }
}

/// Says of scene `i` of the above that the classes of entry `i` are in it.
struct Answers(&'static [&'static [usize]]);

impl Network for Answers {
    fn forward(&self, x: Tensor<4>, _: &mut Tap) -> Tensor<2> {
        let [n, _, h, w] = x.dims();
        let Preprocessor { mean, std, .. } = Preprocessor::imagenet(h as u32);
        let pictures = values(x);
        let logits = pictures.chunks(3 * h * w).flat_map(|picture| {
            let index = ((picture[0] * std[0] + mean[0]) * 255.0).round() as usize;
            let seen = self.0[index % self.0.len()];
            (0..3).map(move |class| if seen.contains(&class) { 0.25 } else { -0.25 - class as f32 })
        });
        let logits: Vec<f32> = logits.collect();
        Tensor::from_data(TensorData::new(logits, [n, 3]), &device())
    }
}

struct Expected {
    exact: f64,
    /// Of each class: scenes, accuracy, precision, recall, F1.
    classes: [(usize, [f64; 4]); 3],
    confusion: [[usize; 3]; 3],
}

fn check(world: &Numbered, answers: Answers, scenes: usize, expected: &Expected) {
    let report = Report::measure(&answers, world, (77, scenes), 32, &device()).unwrap();
    let near = |a: f64, b: f64, what: &str| assert!((a - b).abs() < 1e-9, "{what}: {a} instead of {b}");
    assert_eq!(report.scenes, scenes);
    near(report.exact, expected.exact, "exact");
    near(report.macro_f1, expected.classes.iter().map(|(_, [.., f1])| f1).sum::<f64>() / 3.0, "macro F1");
    for (found, ((count, numbers), name)) in
        report.classes.iter().zip(expected.classes.iter().zip(["ant", "bee", "cow"]))
    {
        assert_eq!((found.name.as_str(), found.scenes), (name, *count));
        for (found, expected) in [found.accuracy, found.precision, found.recall, found.f1].iter().zip(numbers)
        {
            near(*found, *expected, name);
        }
    }
    assert_eq!(report.confusion, expected.confusion);
}

/// Ten scenes four times over, more than go through the network together.
#[test]
fn a_report_counts_the_classes_of_scenes_that_have_one() {
    let labels: &[&[usize]] = &[&[0], &[0], &[0], &[0], &[1], &[1], &[1], &[2], &[2], &[2]];
    let answers = Answers(&[&[0], &[0], &[0], &[1], &[1], &[1], &[0], &[2], &[1], &[1]]);
    let expected = Expected {
        exact: 0.6,
        classes: [
            // 3 right, 1 missed, 1 wrongly seen; 2, 1 and 3; 1, 2 and 0.
            (16, [0.8, 3.0 / 4.0, 3.0 / 4.0, 6.0 / 8.0]),
            (12, [0.6, 2.0 / 5.0, 2.0 / 3.0, 4.0 / 8.0]),
            (12, [0.8, 1.0, 1.0 / 3.0, 2.0 / 4.0]),
        ],
        confusion: [[0, 4, 0], [4, 0, 0], [0, 8, 0]],
    };
    check(&Numbered { multi_label: false, labels }, answers, 40, &expected);
}

#[test]
fn a_report_counts_each_class_of_scenes_that_have_several() {
    let labels: &[&[usize]] = &[&[0], &[0, 1], &[1], &[0, 2], &[]];
    let answers = Answers(&[&[0], &[0], &[0, 1], &[1], &[]]);
    let expected = Expected {
        exact: 0.4,
        classes: [
            // 2 right, 1 missed, 1 wrongly seen; 1, 1 and 1; none right nor wrongly seen, 1 missed.
            (3, [0.6, 2.0 / 3.0, 2.0 / 3.0, 4.0 / 6.0]),
            (2, [0.6, 1.0 / 2.0, 1.0 / 2.0, 2.0 / 4.0]),
            (1, [0.8, 0.0, 0.0, 0.0]),
        ],
        // Ant and cow were missed where bee was wrongly seen.
        confusion: [[0, 1, 0], [0, 0, 0], [0, 1, 0]],
    };
    check(&Numbered { multi_label: true, labels }, answers, 5, &expected);
}
