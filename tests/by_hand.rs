//! Maps derived by hand on a network of two layers.

use burn::tensor::Tensor;
use cam_lucida::cam::{self, Explainer, METHODS, Target, Weighting};
use cam_lucida::network::{LinearHead, Network, Tap};
use cam_lucida::{Device, Problem};

/// `A_0 = ReLU(x_0 - x_1)`, `A_1 = ReLU(x_1)`; `B = ReLU(A_0 - A_1 / 2)`; the one score is the sum of `B`.
struct TwoLayers;

impl Network for TwoLayers {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let a = tap.at("a", x, |x, tap| {
            let channel = |i: usize| x.clone().slice_dim(1, i..i + 1);
            tap.relu(Tensor::cat(vec![channel(0) - channel(1), channel(1)], 1))
        });
        let b = tap.at("b", a, |a, tap| {
            let channel = |i: usize| a.clone().slice_dim(1, i..i + 1);
            tap.relu(channel(0) - channel(1) / 2.0)
        });
        b.sum_dim(2).sum_dim(3).flatten(1, 3)
    }
}

/// With it `A_0 = [2 0; 3 4]`, `A_1 = [1 2; 0 1]`, `B = [1.5 0; 3 3.5]`, `y = 8`, `∂y/∂A_0 = [1 0; 1 1]` and
/// `∂y/∂A_1 = -[1 0; 1 1] / 2`.
const PICTURE: [[[[f32; 2]; 2]; 3]; 1] =
    [[[[3.0, 1.0], [2.0, 5.0]], [[1.0, 2.0], [-1.0, 1.0]], [[7.0, -7.0], [7.0, 7.0]]]];

fn found(method: &str, settings: &str) -> Vec<f32> {
    asked(method, settings, Target::Logit, Problem::SingleLabel, 1.0)
}

/// What the method finds in the picture times `scale`: by that much grow `A`, `B` and `y`, and no gradient.
fn asked(method: &str, settings: &str, target: Target, problem: Problem, scale: f32) -> Vec<f32> {
    let device = Device::cpu();
    let x = Tensor::from_data(PICTURE, device.tensors()) * scale;
    let methods = [cam::method(method).unwrap()];
    let explainer = Explainer::new(&TwoLayers, vec!["a"], &methods)
        .target(target)
        .problem(problem)
        .settings(&settings.parse().unwrap());
    let forward = explainer.forward(x.clone(), 1);
    let attributions = pollster::block_on(explainer.explain(x, forward, &[0])).unwrap();
    attributions[0].maps.to_data().try_to_vec().unwrap()
}

fn expect(method: &str, settings: &str, expected: &[f32]) {
    near(method, &found(method, settings), expected);
}

fn near(method: &str, found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{method}: {found:?}");
    let near = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-5);
    assert!(near, "{method}: {found:?} instead of {expected:?}");
}

#[test]
fn maps_of_a_layer() {
    // Weights ⟨g⟩ = 3/4 and -3/8.
    expect("grad-cam", "", &[1.125, 0.0, 2.25, 2.625]);
    // α_0 = 1 / (2 + ΣA_0) = 1/11 at three pixels, so w_0 = 3/11; nothing speaks for A_1.
    expect("grad-cam++", "", &[6.0 / 11.0, 0.0, 9.0 / 11.0, 12.0 / 11.0]);
    expect("hires-cam", "", &[1.5, 0.0, 3.0, 3.5]);
    expect("layer-cam", "", &[2.0, 0.0, 3.0, 4.0]);
    expect("element-wise", "", &[2.0, 0.0, 3.0, 4.0]);
    // w_0 = 9/9, w_1 = -(1 + 1) / 2 / 4.
    expect("xgrad-cam", "", &[1.75, 0.0, 3.0, 3.75]);
    // The network is homogeneous: along the path all gradients stay, activations grow from 0 by ½ on average.
    expect("integrated-grad-cam", "samples=4", &[0.5625, 0.0, 1.125, 1.3125]);
}

/// `A = x`; the scores are ⟨A_0⟩ - ⟨A_1⟩ and twice ⟨A_1⟩.
struct Pooled;

impl Pooled {
    const WEIGHT: [[f32; 3]; 2] = [[1.0, -1.0, 0.0], [0.0, 2.0, 0.0]];
}

impl Network for Pooled {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let a = tap.at("a", x, |x, _| x * 1.0);
        let pooled: Tensor<2> = a.mean_dim(3).mean_dim(2).flatten(1, 3);
        let weight = Tensor::<2>::from_data(Self::WEIGHT, &pooled.device());
        pooled.matmul(weight.transpose())
    }

    fn linear_head(&self) -> Option<LinearHead> {
        let weight = Tensor::from_data(Self::WEIGHT, Device::cpu().tensors());
        Some(LinearHead { layers: vec!["a".into()], weight })
    }
}

/// The weights by which a method adds up the channels of `a`, and the map.
fn taken_apart(network: &dyn Network, method: &str, class: usize) -> (Weighting, Vec<f32>) {
    let x = Tensor::from_data(PICTURE, Device::cpu().tensors());
    let methods = [cam::method(method).unwrap()];
    let explainer = Explainer::new(network, vec!["a"], &methods);
    let forward = explainer.forward(x.clone(), 1);
    let found = pollster::block_on(explainer.decompose(x, forward, class)).unwrap();
    (found.weighting, found.attribution.maps.to_data().try_to_vec().unwrap())
}

#[test]
fn weights_of_maps() {
    let (s0, s1) = (0.982_013_8, 0.017_986_2);
    let step = |y: f32| y.exp();
    // IS-CAM opens each mask in ten steps: A_0 / 4 leaves 6.5 i/10, A_1 / 2 leaves 2.5 i/10; the means are 3.575 and 1.375.
    let i0 = step(3.575) / (step(3.575) + step(1.375));
    let channels: [(&str, [f32; 2]); 7] = [
        ("grad-cam", [0.75, -0.375]),
        ("grad-cam++", [3.0 / 11.0, 0.0]),
        ("xgrad-cam", [1.0, -0.25]),
        ("score-cam", [s0, s1]),
        ("is-cam", [i0, 1.0 - i0]),
        ("ablation-cam", [1.0, -0.125]),
        ("cam", [1.0, -1.0]),
    ];
    let a = [[2.0, 0.0, 3.0, 4.0], [1.0, 2.0, 0.0, 1.0]];
    for (method, expected) in channels {
        let pooled = method == "cam";
        let network: &dyn Network = if pooled { &Pooled } else { &TwoLayers };
        let (Weighting::Channels(weights), map) = taken_apart(network, method, 0) else {
            panic!("{method} weights channels");
        };
        let weights: Vec<f32> = weights.to_data().try_to_vec().unwrap();
        near(method, &weights[..2], &expected);
        // The channels of the pooled network are those of the picture: [3 1; 2 5] and [1 2; -1 1].
        let [a0, a1] = if pooled { [[3.0, 1.0, 2.0, 5.0], [1.0, 2.0, -1.0, 1.0]] } else { a };
        let sum = |i: usize| (expected[0] * a0[i] + expected[1] * a1[i]).max(0.0);
        near(method, &map, &[0, 1, 2, 3].map(sum));
    }
    // Of each pixel: the gradients [1 0; 1 1] and -[1 0; 1 1] / 2, and their positive part.
    let pixels: [(&str, [f32; 8]); 2] = [
        ("hires-cam", [1.0, 0.0, 1.0, 1.0, -0.5, 0.0, -0.5, -0.5]),
        ("layer-cam", [1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]),
    ];
    for (method, expected) in pixels {
        let (Weighting::Pixels(weights), _) = taken_apart(&TwoLayers, method, 0) else {
            panic!("{method} weights pixels");
        };
        near(method, &weights.to_data().try_to_vec::<f32>().unwrap(), &expected);
    }
    // SS-CAM's noise is no matter of hands: its weights are a softmax.
    let (Weighting::Channels(weights), _) = taken_apart(&TwoLayers, "ss-cam", 0) else {
        panic!("ss-cam weights channels");
    };
    let weights: Vec<f32> = weights.to_data().try_to_vec().unwrap();
    assert!((weights[0] + weights[1] - 1.0).abs() < 1e-5 && weights[0] > weights[1], "{weights:?}");
    let tested = channels
        .map(|(method, _)| method)
        .into_iter()
        .chain(pixels.map(|(method, _)| method))
        .chain(["ss-cam"]);
    let weighted: Vec<&str> =
        METHODS.iter().filter(|one| one.is_weighted_sum()).map(|one| one.name).collect();
    assert!(
        tested.clone().all(|method| weighted.contains(&method)) && tested.count() == weighted.len(),
        "{weighted:?}"
    );
}

#[test]
fn one_map_of_one_weighted_sum_is_taken_apart() {
    let refused = |methods: &[&str], smooth: bool, layers: Vec<&'static str>| {
        let x = Tensor::from_data(PICTURE, Device::cpu().tensors());
        let methods: Vec<_> = methods.iter().map(|name| cam::method(name).unwrap()).collect();
        let explainer = Explainer::new(&TwoLayers, layers, &methods).smooth(smooth);
        let forward = explainer.forward(x.clone(), 1);
        let error = pollster::block_on(explainer.decompose(x, forward, 0)).err().unwrap();
        assert!(error.is_request());
        error.code().to_string()
    };
    assert_eq!(refused(&["eigen-cam"], false, vec!["a"]), "no-weighted-sum");
    assert_eq!(refused(&["grad-cam", "cam"], false, vec!["a"]), "decomposed-together");
    assert_eq!(refused(&["grad-cam"], true, vec!["a"]), "decomposed-together");
    assert_eq!(refused(&["grad-cam"], false, vec!["a", "b"]), "decomposed-together");
}

#[test]
fn maps_of_scores() {
    // The masks A_0 / 4 and A_1 / 2 leave y = 6.5 and 2.5; softmax: 1 / (1 + e^-4) and 1 / (1 + e^4).
    let (w0, w1) = (0.982_013_8, 0.017_986_2);
    expect("score-cam", "", &[2.0 * w0 + w1, 2.0 * w1, 3.0 * w0, 4.0 * w0 + w1]);
    // Only A_0, the more active one, is tried.
    expect("score-cam", "max_channels=1", &[2.0, 0.0, 3.0, 4.0]);
    // Without A_0 nothing is left, without A_1 y is 9: weights 1 and -1/8.
    expect("ablation-cam", "", &[1.875, 0.0, 3.0, 3.875]);
    expect("occlusion", "patch=1,stride=1", &[1.5, 0.0, 3.0, 3.5]);
    // One patch over everything.
    expect("occlusion", "patch=2,stride=2", &[8.0, 8.0, 8.0, 8.0]);
}

#[test]
fn a_probability_of_several_labels_is_the_sigmoid() {
    let probability = |method: &str, settings: &str, problem: Problem| {
        asked(method, settings, Target::Probability, problem, 1.0 / 8.0)
    };
    // At y = 1 the sigmoid rises by p (1 - p) with p = e / (1 + e); Grad-CAM's map is otherwise an eighth of that above.
    let rise = 0.196_611_93 / 8.0;
    let found = probability("grad-cam", "", Problem::MultiLabel);
    near("grad-cam", &found, &[1.125 * rise, 0.0, 2.25 * rise, 2.625 * rise]);
    let found = probability("gradient", "", Problem::MultiLabel);
    near("gradient", &found[..4], &[0.196_611_93, 0.0, 0.196_611_93, 0.196_611_93]);
    // Without a pixel y is 1 less 3/16, 0, 3/8 and 7/16.
    let sigmoid = |y: f32| 1.0 / (1.0 + (-y).exp());
    let lost = [0.1875, 0.0, 0.375, 0.4375].map(|less| sigmoid(1.0) - sigmoid(1.0 - less));
    near("occlusion", &probability("occlusion", "patch=1,stride=1", Problem::MultiLabel), &lost);
    // Of one class alone softmax is certain, whatever the score.
    near("grad-cam", &probability("grad-cam", "", Problem::SingleLabel), &[0.0; 4]);
}

#[test]
fn pictures_of_gradients() {
    let none = [0.0; 4];
    let gradient = [[1.0, 0.0, 1.0, 1.0], [-1.5, 0.0, -1.0, -1.5], none].concat();
    expect("gradient", "", &gradient);
    expect("smooth-grad", "samples=3,spread=0", &gradient);
    let times_input = [[3.0, 0.0, 2.0, 5.0], [-1.5, 0.0, 1.0, -1.5], none].concat();
    expect("gradient-x-input", "", &times_input);
    expect("integrated-gradients", "samples=3", &times_input);
    // What speaks against, -½ on its way to A_1, is stopped at its ReLU.
    expect("guided-backprop", "", &[[1.0, 0.0, 1.0, 1.0], [-1.0, 0.0, -1.0, -1.0], none].concat());
    // And ReLUs that were shut let it through.
    expect("deconvnet", "", &[[1.0; 4], [-1.0; 4], none].concat());
    // Times Grad-CAM in 0..1: [3/7 0; 6/7 1].
    let (a, b) = (3.0 / 7.0, 6.0 / 7.0);
    expect("guided-grad-cam", "", &[[a, 0.0, b, 1.0], [-a, 0.0, -b, -1.0], none].concat());
}

#[test]
fn the_first_component_has_a_positive_mean() {
    // Of M = [2 0 3 4; 1 2 0 1]: M Mᵀ = [29 6; 6 6], eigenvalue λ = (35 + √673) / 2, v ∝ (6, λ - 29), σ u = Mᵀ v.
    let eigenvalue = (35.0 + 673.0_f32.sqrt()) / 2.0;
    let (v0, v1) = (6.0, eigenvalue - 29.0);
    let length = (v0 * v0 + v1 * v1).sqrt();
    let (v0, v1) = (v0 / length, v1 / length);
    expect("eigen-cam", "", &[2.0 * v0 + v1, 2.0 * v1, 3.0 * v0, 4.0 * v0 + v1]);
}
