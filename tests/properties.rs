//! What must hold of any network and picture, whatever the numbers.

use burn::tensor::{Tensor, TensorData};
use cam_lucida::Device;
use cam_lucida::cam::{self, METHODS, Pass, Target};
use cam_lucida::network::{Architecture, LinearHead, Network, Tap};
use cam_lucida::weights::Hashed;
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
    let methods = [cam::method(method).unwrap()];
    let rows = vec![class; x.dims()[0]];
    let maps = Pass::run(network, x, layer, 1, &methods).explain(&rows, target, None).unwrap();
    maps.raw[0].to_data().try_to_vec().unwrap()
}

/// Largest difference in parts of the largest of `b`.
fn deviation(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let largest = b.iter().fold(f32::MIN_POSITIVE, |most, b| most.max(b.abs()));
    a.iter().zip(b).fold(0.0_f32, |most, (a, b)| most.max((a - b).abs())) / largest
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
            prop_assert!(deviation(&scaled, &cam) < 1e-4);
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
        for method in METHODS.iter().filter(|method| method.needs().gradients) {
            let map = map(network.as_ref(), picture(seed, 1), layer, class, method.name(), Target::Logit);
            prop_assert!(map.iter().all(|v| v.is_finite() && *v >= 0.0), "{} at {layer}", method.name());
        }
    }
}

/// Grad-CAM of the logit does not change with an offset of the logits, and grows in proportion to their scale:
/// here both hold exactly, as the target's factors are linear.
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

/// A network of one convolution's worth of arithmetic, worked out by hand.
struct ByHand {
    weight: Tensor<2>,
}

impl Network for ByHand {
    /// `A` is the picture's first two channels; the score of class 0 is `2·mean(A_0) - mean(A_1)`, of class 1 the
    /// mean of `A_0²`.
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let a = tap.at("a", x, |x, _| x.slice([0..1, 0..2]));
        let means = a.clone().mean_dims(&[2, 3]).reshape([1, 2]);
        let squares = a.slice([0..1, 0..1]).square().mean_dims(&[2, 3]).reshape([1, 1]);
        Tensor::cat(vec![means.matmul(self.weight.clone()), squares], 1)
    }
}

#[test]
fn maps_derived_by_hand() {
    let device = Device::cpu();
    let network = ByHand { weight: Tensor::from_data([[2.0], [-1.0]], device.tensors()) };
    let picture = [[[[1.0_f32, 2.0], [3.0, 4.0]], [[4.0, 0.0], [0.0, 1.0]], [[9.0; 2]; 2]]];
    let x = || Tensor::<4>::from_data(picture, device.tensors());
    // ∂y_0/∂A_0 = 2/4, ∂y_0/∂A_1 = -1/4: ReLU(A_0 / 2 - A_1 / 4).
    let found = map(&network, x(), "a", 0, "grad-cam", Target::Logit);
    assert_eq!(found, [0.0, 1.0, 1.5, 1.75]);
    // Grad-CAM++: α = 1 / (2 + ΣA_0 · 1/2) = 1/7 where g > 0, w_0 = 4 · 1/7 · 1/2 = 2/7, w_1 = 0.
    let found = map(&network, x(), "a", 0, "grad-cam++", Target::Logit);
    let expected = [2.0 / 7.0, 4.0 / 7.0, 6.0 / 7.0, 8.0 / 7.0];
    assert!(deviation(&found, &expected) < 1e-6, "{found:?}");
    // ∂y_1/∂A_0 = A_0 / 2: weight mean(A_0) / 2 = 1.25.
    let found = map(&network, x(), "a", 1, "grad-cam", Target::Logit);
    assert_eq!(found, [1.25, 2.5, 3.75, 5.0]);
}

#[test]
fn several_classes_in_one_pass_equal_each_alone() {
    let network = network("resnet18");
    let methods = [cam::method("grad-cam").unwrap(), cam::method("grad-cam++").unwrap()];
    let classes = [4, 0, 5];
    let pass = Pass::run(network.as_ref(), picture(8, 2), "layer3", 3, &methods);
    let rows: Vec<usize> = [classes, classes].concat();
    let together = pass.explain(&rows, Target::Logit, None).unwrap();
    for (method, maps) in methods.iter().zip(together.raw) {
        for (row, class) in rows.iter().enumerate() {
            let found: Vec<f32> = maps.clone().slice_dim(0, row..row + 1).into_data().try_to_vec().unwrap();
            let x = picture(8, 2).slice_dim(0, row / 3..row / 3 + 1);
            let alone = map(network.as_ref(), x, "layer3", *class, method.name(), Target::Logit);
            assert!(deviation(&found, &alone) < 1e-4);
        }
    }
}
