//! What must hold of any network and picture, whatever the numbers.

use std::cell::Cell;
use std::ops::ControlFlow;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::cam::{self, Explainer, Forward, METHODS, Needs, Output, Progress, Target};
use cam_lucida::network::Parameters;
use cam_lucida::network::{Architecture, LinearHead, Network, Tap};
use cam_lucida::weights::Hashed;
use cam_lucida::{Device, Problem};
use proptest::prelude::*;

const CLASSES: usize = 6;

fn network(name: &str) -> Box<dyn Network> {
    let architecture = Architecture::named(name).unwrap();
    architecture.load(&mut Hashed { classes: CLASSES }, Device::cpu().tensors()).unwrap()
}

fn picture(seed: u32, n: usize) -> Tensor<4> {
    let shape = [n, 3, 64, 96];
    let values = Hashed::uniform(&format!("picture {seed}"), &shape, 2.0);
    Tensor::from_data(TensorData::new(values, shape), Device::cpu().tensors())
}

fn map(
    network: &dyn Network,
    x: Tensor<4>,
    layer: &str,
    class: usize,
    method: &str,
    target: Target,
) -> Vec<f32> {
    let rows = vec![class; x.dims()[0]];
    let forward = Forward::run(network, x, &[layer], 1, true);
    let layers = forward.explain(&rows, target, Problem::SingleLabel, None).unwrap();
    let maps = cam::method(method).unwrap().map_layer(&layers[0]).unwrap().unwrap();
    maps.into_data().try_to_vec().unwrap()
}

/// Largest difference in parts of the largest of `b`.
fn deviation(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let largest = b.iter().fold(f32::MIN_POSITIVE, |max, b| max.max(b.abs()));
    a.iter().zip(b).fold(0.0_f32, |max, (a, b)| max.max((a - b).abs())) / largest
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// On global average pooling and a linear layer, ∂y/∂A is W / (h·w): Grad-CAM is CAM divided by the pixels.
    #[test]
    fn grad_cam_is_proportional_to_cam(seed: u32, class in 0..CLASSES, wide: bool) {
        let (name, layer) = if wide { ("resnet18", "layer4") } else { ("mobilenet_v2_x0_25", "features.18") };
        let network = network(name);
        for target in [Target::Logit, Target::Counterfactual, Target::Contrast((class + 1) % CLASSES)] {
            let cam = map(network.as_ref(), picture(seed, 1), layer, class, "cam", target);
            let pixels = cam.len() as f32;
            let grad = map(network.as_ref(), picture(seed, 1), layer, class, "grad-cam", target);
            let scaled: Vec<f32> = grad.iter().map(|v| v * pixels).collect();
            // The ReLU may leave a thousandth of what cancels out before it, so rounding counts by itself.
            let largest = cam.iter().fold(f32::MIN_POSITIVE, |max, value| max.max(value.abs()));
            let deviation = deviation(&scaled, &cam);
            prop_assert!(deviation * largest <= 1e-4 * largest + 2e-6, "{deviation} of {largest}");
        }
    }

    /// A batch of three gives what three batches of one give.
    #[test]
    fn a_batch_is_its_pictures(seed: u32, class in 0..CLASSES) {
        let network = network("squeezenet1_1");
        for method in ["grad-cam", "grad-cam++"] {
            let explain = |x| map(network.as_ref(), x, "features.9", class, method, Target::Logit);
            let batch = explain(picture(seed, 3));
            for (i, of_batch) in batch.chunks(batch.len() / 3).enumerate() {
                let alone = explain(picture(seed, 3).slice_dim(0, i..i + 1));
                prop_assert!(deviation(of_batch, &alone) < 1e-3);
            }
        }
    }

    /// A finite difference of the score along a direction of the activation is the gradient's share of it: with
    /// only global average pooling and a linear layer behind, the score is linear, so the difference is exact.
    #[test]
    fn gradients_equal_finite_differences(seed: u32, class in 0..CLASSES) {
        let network = network("mobilenet_v2_x0_25");
        let mut tap = Tap::at_layers(&["features.18"]).differentiating();
        let score = network.forward(picture(seed, 1), &mut tap).slice([0..1, class..class + 1]).sum();
        let before: f32 = score.clone().inner().into_scalar();
        let tapped = tap.take("features.18").unwrap();
        let gradient = tapped.leaf.unwrap().grad(&score.backward()).unwrap();
        let shape = gradient.dims();
        let direction = Hashed::uniform("direction", &shape, 1.0);
        let direction = Tensor::<4>::from_data(TensorData::new(direction, shape), Device::cpu().tensors());
        let share: f32 = (gradient * direction.clone()).sum().into_scalar();

        let LinearHead { weight, .. } = network.linear_head().unwrap();
        let moved = (tapped.activation.clone() + direction).mean_dims(&[2, 3]).reshape([1, shape[1]]);
        let still = tapped.activation.mean_dims(&[2, 3]).reshape([1, shape[1]]);
        let change = (moved - still).matmul(weight.transpose()).slice([0..1, class..class + 1]);
        let change: f32 = change.sum().into_scalar();
        prop_assert!((change - share).abs() <= 1e-3 * before.abs().max(1.0), "{change} {share}");
    }

    /// Maps are finite and never negative, at any layer.
    #[test]
    fn maps_are_finite_and_rectified(seed: u32, at in 0..40_usize, class in 0..CLASSES) {
        let network = network("resnet18");
        let mut tap = Tap::at_layers(&[]);
        network.forward(picture(seed, 1), &mut tap);
        let layer = &tap.layers()[at % tap.layers().len()].name;
        for method in METHODS.iter().filter(|method| method.needs == Needs::Gradients && method.output == Output::Map) {
            let map = map(network.as_ref(), picture(seed, 1), layer, class, method.name, Target::Logit);
            prop_assert!(map.iter().all(|v| v.is_finite() && *v >= 0.0), "{} at {layer}", method.name);
        }
    }
}

/// An offset of all logits does not count.
#[test]
fn contrast_with_itself_speaks_for_nothing() {
    let network = network("resnet18");
    let map = map(network.as_ref(), picture(1, 1), "layer4", 2, "grad-cam", Target::Contrast(2));
    assert!(map.iter().all(|v| *v == 0.0));
}

/// What speaks against the class is what its negated channel weights find: before the ReLU, map and counterfactual
/// cancel, so both are never positive at one pixel.
#[test]
fn counterfactual_lights_up_only_where_the_class_does_not() {
    let network = network("resnet18");
    let (mut spoke_for, mut spoke_against) = (false, false);
    for class in 0..CLASSES {
        let explain = |target| map(network.as_ref(), picture(3, 1), "layer3", class, "grad-cam", target);
        let (for_it, against) = (explain(Target::Logit), explain(Target::Counterfactual));
        assert!(for_it.iter().zip(&against).all(|(a, b)| *a == 0.0 || *b == 0.0));
        spoke_for |= for_it.iter().any(|v| *v > 0.0);
        spoke_against |= against.iter().any(|v| *v > 0.0);
    }
    assert!(spoke_for && spoke_against);
}

/// A network whose scores are those of another, scaled and shifted.
struct Rescaled {
    network: Box<dyn Network>,
    scale: f32,
    shift: f32,
}

impl Network for Rescaled {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        self.network.forward(x, tap) * self.scale + self.shift
    }
}

#[test]
fn maps_follow_the_scale_of_the_score_and_not_its_shift() {
    let plain = network("resnet18");
    let rescaled = Rescaled { network: network("resnet18"), scale: 3.0, shift: -50.0 };
    for method in ["grad-cam", "xgrad-cam", "hires-cam", "layer-cam", "element-wise"] {
        let explain = |network: &dyn Network| map(network, picture(5, 1), "layer3", 1, method, Target::Logit);
        let scaled: Vec<f32> = explain(plain.as_ref()).iter().map(|v| 3.0 * v).collect();
        assert!(deviation(&explain(&rescaled), &scaled) < 1e-4, "{method}");
    }
    let ablation =
        |network: &dyn Network| explained(network, picture(5, 1), "ablation-cam", "max_channels=8");
    let shifted = Rescaled { network: network("resnet18"), scale: 3.0, shift: 0.0 };
    // Its weights are shares of the score: a scale cancels.
    assert!(deviation(&ablation(&shifted), &ablation(plain.as_ref())) < 1e-3);
}

/// Every convolution's kernel mirrored left to right.
struct Mirrored(Hashed);

impl Parameters for Mirrored {
    fn take(&mut self, name: &str, shape: &[usize]) -> cam_lucida::Result<Vec<f32>> {
        let mut values = self.0.take(name, shape)?;
        if let &[_, _, _, width] = shape {
            values.chunks_exact_mut(width).for_each(<[f32]>::reverse);
        }
        Ok(values)
    }

    fn rows(&self, name: &str) -> cam_lucida::Result<usize> {
        self.0.rows(name)
    }
}

/// With sides of 2^n + 1 pixels every stride leaves the picture symmetric.
#[test]
fn a_mirrored_network_sees_a_mirrored_picture_mirrored() {
    let architecture = Architecture::named("resnet18").unwrap();
    let mirrored = architecture.load(&mut Mirrored(Hashed { classes: CLASSES }), Device::cpu().tensors());
    let (plain, mirrored) = (network("resnet18"), mirrored.unwrap());
    let shape = [1, 3, 65, 129];
    let values = Hashed::uniform("mirror", &shape, 2.0);
    let x: Tensor<4> = Tensor::from_data(TensorData::new(values, shape), Device::cpu().tensors());
    for (method, settings) in [
        ("grad-cam", ""),
        ("grad-cam++", ""),
        ("layer-cam", ""),
        ("eigen-cam", ""),
        ("score-cam", "max_channels=8"),
        ("ablation-cam", "max_channels=8"),
        ("guided-backprop", ""),
        ("occlusion", "patch=43,stride=43"),
    ] {
        let found = explained(mirrored.as_ref(), x.clone().flip([3]), method, settings);
        let mut expected = explained(plain.as_ref(), x.clone(), method, settings);
        let width = if expected.len() >= 65 * 129 { 129 } else { 5 };
        expected.chunks_exact_mut(width).for_each(<[f32]>::reverse);
        assert!(deviation(&found, &expected) < 2e-3, "{method}: {}", deviation(&found, &expected));
    }
}

/// Integrated gradients add up to the score's way from the baseline (Sundararajan 2017).
#[test]
fn integrated_gradients_are_complete() {
    let network = network("squeezenet1_1");
    let score =
        |x: Tensor<4>| -> f32 { network.forward(x, &mut Tap::default()).slice([0..1, 1..2]).into_scalar() };
    let way = score(picture(2, 1)) - score(picture(2, 1).zeros_like());
    let missing = |steps: usize| {
        let settings = format!("samples={steps}");
        let sum: f32 =
            explained(network.as_ref(), picture(2, 1), "integrated-gradients", &settings).iter().sum();
        (sum - way).abs() / way.abs()
    };
    assert!(missing(128) < 0.01, "{} of the way is missing", missing(128));
    assert!(missing(128) < missing(2));
}

#[test]
fn a_seed_gives_the_same_map_again_and_another_seed_another() {
    let network = network("squeezenet1_1");
    for method in ["smooth-grad", "smooth-grad-cam++", "rise"] {
        let explain =
            |seed: u32| explained(network.as_ref(), picture(2, 1), method, &format!("samples=4,seed={seed}"));
        assert_eq!(explain(7), explain(7), "{method}");
        assert_ne!(explain(7), explain(8), "{method}");
    }
}

#[test]
fn work_that_is_broken_off_ends_at_the_next_step() {
    let network = network("squeezenet1_1");
    let steps = Cell::new(0);
    let watch = |progress: Progress| {
        steps.set(steps.get() + 1);
        assert_eq!((progress.method, progress.total), ("rise", 100));
        if progress.done > 40 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let found = watched(network.as_ref(), picture(2, 1), "rise", "samples=100", &watch);
    assert!(found.unwrap_err().is_cancelled());
    assert_eq!(steps.get(), 2, "chunks of 25 or more: the second passes 40");
}

fn explained(network: &dyn Network, x: Tensor<4>, method: &str, settings: &str) -> Vec<f32> {
    watched(network, x, method, settings, &|_| ControlFlow::Continue(())).unwrap()
}

/// The raw map of class 1 at the last layer.
fn watched(
    network: &dyn Network,
    x: Tensor<4>,
    method: &str,
    settings: &str,
    watch: &dyn cam::Watch,
) -> cam_lucida::Result<Vec<f32>> {
    let mut tap = Tap::default();
    network.forward(x.clone(), &mut tap);
    let last =
        tap.layers().iter().rev().find(|layer| ["layer4", "features.12"].contains(&&*layer.name)).unwrap();
    let methods = [cam::method(method)?];
    let explainer =
        Explainer::new(network, vec![&last.name], &methods).settings(&settings.parse()?).watch(watch);
    let forward = explainer.forward(x.clone(), 1);
    let attributions = pollster::block_on(explainer.explain(x, forward, &[1]))?;
    Ok(attributions[0].maps.to_data().try_to_vec().unwrap())
}

#[test]
fn several_classes_in_one_pass_equal_each_alone() {
    let network = network("resnet18");
    let classes = [4, 0, 5];
    let forward = Forward::run(network.as_ref(), picture(8, 2), &["layer3"], 3, true);
    let rows: Vec<usize> = [classes, classes].concat();
    let together = forward.explain(&rows, Target::Logit, Problem::SingleLabel, None).unwrap();
    for method in ["grad-cam", "grad-cam++"] {
        let maps = cam::method(method).unwrap().map_layer(&together[0]).unwrap().unwrap();
        for (row, class) in rows.iter().enumerate() {
            let found: Vec<f32> = maps.clone().slice_dim(0, row..row + 1).into_data().try_to_vec().unwrap();
            let x = picture(8, 2).slice_dim(0, row / 3..row / 3 + 1);
            let alone = map(network.as_ref(), x, "layer3", *class, method, Target::Logit);
            assert!(deviation(&found, &alone) < 1e-4);
        }
    }
}
