//! Convolutions, depthwise and dense, while they are learned: their own gradients against Burn's, and against differences.

use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Tensor, TensorData};
use cam_lucida::network::Parameters;
use cam_lucida::network::ops::{Conv2d, Convolution, Loader};
use cam_lucida::weights::Hashed;
use cam_lucida::{Device, Result};

const PICTURES: usize = 2;
const CHANNELS: usize = 3;

/// One weight, handed out as a leaf of the tape.
struct Leaf(Tensor<1>);

impl Parameters for Leaf {
    fn take(&mut self, name: &str, _: &[usize]) -> Result<Vec<f32>> {
        panic!("{name} is taken as values, and could not be learned")
    }

    fn rows(&self, _: &str) -> Result<usize> {
        unreachable!("a convolution has no classes")
    }

    fn tensor(&mut self, _: &str, shape: &[usize], _: &burn::tensor::Device) -> Result<Tensor<1>> {
        assert_eq!(self.0.dims()[0], shape.iter().product::<usize>());
        Ok(self.0.clone())
    }
}

fn flat(values: &[f32]) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), Device::cpu().tensors())
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

#[derive(Debug, Clone, Copy)]
struct Case {
    /// 3, each by itself, or 2 that see all inputs.
    outputs: usize,
    sides: [usize; 2],
    window: usize,
    stride: usize,
    padding: usize,
}

impl Case {
    fn shape(self) -> [usize; 4] {
        [PICTURES, CHANNELS, self.sides[0], self.sides[1]]
    }

    fn x(self) -> Vec<f32> {
        Hashed::uniform("x", &self.shape(), 1.0)
    }

    fn groups(self) -> usize {
        if self.outputs == CHANNELS { CHANNELS } else { 1 }
    }

    fn weight_shape(self) -> [usize; 4] {
        [self.outputs, CHANNELS / self.groups(), self.window, self.window]
    }

    fn weight(self) -> Vec<f32> {
        Hashed::uniform("weight", &self.weight_shape(), 1.0)
    }

    /// The layer of the networks.
    fn layer(self, x: Tensor<1>, weight: Tensor<1>) -> Tensor<4> {
        let Self { outputs, window, stride, padding, .. } = self;
        let shape = Convolution::new(outputs, window).groups(self.groups()).stride(stride).padding(padding);
        let (mut leaf, device) = (Leaf(weight), Device::cpu());
        let layer =
            Conv2d::load(&mut Loader::new(&mut leaf, device.tensors()), "conv", shape, CHANNELS).unwrap();
        layer.forward(x.reshape(self.shape()))
    }

    /// Burn's convolution.
    fn burns(self, x: Tensor<1>, weight: Tensor<1>) -> Tensor<4> {
        let Self { stride, padding, .. } = self;
        let options = ConvOptions::new([stride; 2], [padding; 2], [1; 2], self.groups());
        conv2d(x.reshape(self.shape()), weight.reshape(self.weight_shape()), None, options)
    }
}

/// Sides that the last window reaches and that it does not, at either stride.
fn cases() -> impl Iterator<Item = Case> {
    let sides = [[7, 8], [8, 7], [6, 6], [9, 5], [3, 4]];
    let shapes = [(3, 1, 0), (3, 1, 1), (3, 2, 0), (3, 2, 1), (3, 3, 1), (3, 2, 2), (5, 2, 2)];
    let cases = sides.into_iter().flat_map(move |sides| {
        let cases = shapes.map(|(window, stride, padding)| Case {
            outputs: CHANNELS,
            sides,
            window,
            stride,
            padding,
        });
        cases.into_iter().flat_map(|case| [case, Case { outputs: 2, ..case }])
    });
    cases.filter(|case| case.sides.iter().all(|side| side + 2 * case.padding >= case.window))
}

/// What is differentiated: every output times a number of its own, summed.
fn score(output: Tensor<4>) -> Tensor<1> {
    let shape = output.dims();
    let factors = flat(&Hashed::uniform("factors", &shape, 1.0)).reshape(shape);
    (output * factors).sum()
}

type Convolve = fn(Case, Tensor<1>, Tensor<1>) -> Tensor<4>;

/// Output, and gradients of input and weight.
fn gradients(case: Case, convolve: Convolve) -> [Vec<f32>; 3] {
    let [x, weight] = [case.x(), case.weight()].map(|values| flat(&values).autodiff().require_grad());
    let output = convolve(case, x.clone(), weight.clone());
    let gradients = score(output.clone()).backward();
    let [of_x, of_weight] = [x, weight].map(|leaf| values(leaf.grad(&gradients).unwrap()));
    [values(output.inner()), of_x, of_weight]
}

#[test]
fn output_and_gradients_are_those_of_burns_convolution() {
    assert!(cases().count() > 60);
    for case in cases() {
        let found = gradients(case, Case::layer);
        let expected = gradients(case, Case::burns);
        for (what, (found, expected)) in
            ["output", "input's gradient", "weight's gradient"].iter().zip(found.iter().zip(&expected))
        {
            assert_eq!(found.len(), expected.len(), "{what} of {case:?}");
            for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
                let error = (found - expected).abs();
                assert!(error < 1e-5, "{what} of {case:?} at {i}: {found} instead of {expected}");
            }
        }
    }
}

/// The score by hand, in f64.
fn score_by_hand(case: Case, x: &[f32], weight: &[f32]) -> f64 {
    let Case { outputs, sides: [h, w], window, stride, padding } = case;
    let [rows, columns] = [h, w].map(|side| (side + 2 * padding - window) / stride + 1);
    let factors = Hashed::uniform("factors", &[PICTURES, outputs, rows, columns], 1.0);
    let (inputs, pixels) = (CHANNELS / case.groups(), window * window);
    let mut sum = 0.0;
    for (i, factor) in factors.iter().enumerate() {
        let (picture, output) = (i / (outputs * rows * columns), i / (rows * columns) % outputs);
        let (row, column) = (i / columns % rows, i % columns);
        for (input, pixel) in (0..inputs).flat_map(|input| (0..pixels).map(move |pixel| (input, pixel))) {
            let channel = if inputs == 1 { output } else { input };
            let y = row * stride + pixel / window;
            let left = column * stride + pixel % window;
            if (padding..h + padding).contains(&y) && (padding..w + padding).contains(&left) {
                let at = ((picture * CHANNELS + channel) * h + y - padding) * w + left - padding;
                let weight = weight[(output * inputs + input) * pixels + pixel];
                sum += f64::from(*factor) * f64::from(x[at]) * f64::from(weight);
            }
        }
    }
    sum
}

#[test]
fn gradients_are_differences() {
    for case in cases() {
        let [_, of_x, of_weight] = gradients(case, Case::layer);
        let (x, weight) = (case.x(), case.weight());
        let before = score_by_hand(case, &x, &weight);
        let check = |what: &str, found: f32, after: f64, step: f32| {
            let expected = (after - before) / f64::from(step);
            let error = (f64::from(found) - expected).abs();
            assert!(error < 1e-5, "{what} of {case:?}: {found} instead of {expected}");
        };
        // The score is linear in each number: any step will do.
        for at in (0..x.len()).step_by(5) {
            let mut more = x.clone();
            more[at] += 0.5;
            let after = score_by_hand(case, &more, &weight);
            check(&format!("input {at}"), of_x[at], after, more[at] - x[at]);
        }
        for at in 0..weight.len() {
            let mut more = weight.clone();
            more[at] += 0.5;
            let after = score_by_hand(case, &x, &more);
            check(&format!("weight {at}"), of_weight[at], after, more[at] - weight[at]);
        }
    }
}

#[test]
fn channels_that_form_no_groups_are_an_error() {
    let (mut weights, device) = (Hashed { classes: 2 }, Device::cpu());
    let mut loader = Loader::new(&mut weights, device.tensors());
    let error = Conv2d::load(&mut loader, "conv", Convolution::new(4, 3).groups(2), 5).err().unwrap();
    assert!(error.is_weights());
    assert!(error.to_string().contains("`conv` has 5 channels in and 4 out"), "{error}");
}
