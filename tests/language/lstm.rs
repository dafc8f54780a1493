//! The gradients of an LSTM against differences of its formula in f64.

use std::collections::BTreeMap;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::Result;
use cam_lucida::network::Parameters;
use cam_lucida::network::language::Lstm;
use cam_lucida::network::ops::Loader;
use cam_lucida::weights::Hashed;

use crate::{device, values};

const INPUTS: usize = 2;
const WIDTH: usize = 3;
const STEPS: usize = 3;
const NAMES: [(&str, &[usize]); 4] = [
    ("lstm.weight_ih_l0", &[4 * WIDTH, INPUTS]),
    ("lstm.weight_hh_l0", &[4 * WIDTH, WIDTH]),
    ("lstm.bias_ih_l0", &[4 * WIDTH]),
    ("lstm.bias_hh_l0", &[4 * WIDTH]),
];

type Weights = BTreeMap<&'static str, Vec<f32>>;

fn steps() -> Vec<f32> {
    Hashed::uniform("steps", &[STEPS, INPUTS], 1.0)
}

/// What every output at the end counts.
fn factors() -> Vec<f32> {
    Hashed::uniform("factors", &[WIDTH], 1.0)
}

/// The sum of the last outputs, each times its factor.
fn score(weights: &Weights, x: &[f32]) -> f64 {
    let at = |name: &str, i: usize| f64::from(weights[name][i]);
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let (mut output, mut cell) = ([0.0; WIDTH], [0.0; WIDTH]);
    for x in x.chunks(INPUTS) {
        let gate = |row: usize, output: &[f64]| {
            let seen = (0..INPUTS).map(|i| at(NAMES[0].0, row * INPUTS + i) * f64::from(x[i])).sum::<f64>();
            let known = (0..WIDTH).map(|i| at(NAMES[1].0, row * WIDTH + i) * output[i]).sum::<f64>();
            seen + known + at(NAMES[2].0, row) + at(NAMES[3].0, row)
        };
        let before = output;
        for i in 0..WIDTH {
            let [input, forget, candidate, out] = [0, 1, 2, 3].map(|gates| gate(gates * WIDTH + i, &before));
            cell[i] = sigmoid(forget) * cell[i] + sigmoid(input) * candidate.tanh();
            output[i] = sigmoid(out) * cell[i].tanh();
        }
    }
    output.iter().zip(factors()).map(|(output, factor)| output * f64::from(factor)).sum()
}

#[derive(Default)]
struct Leaves(BTreeMap<String, Tensor<1>>);

impl Parameters for Leaves {
    fn take(&mut self, name: &str, _: &[usize]) -> Result<Vec<f32>> {
        panic!("{name} is taken as values, and could not be learned")
    }

    fn rows(&self, _: &str) -> Result<usize> {
        unreachable!("an LSTM tells nothing apart")
    }

    fn tensor(&mut self, name: &str, shape: &[usize], device: &burn::tensor::Device) -> Result<Tensor<1>> {
        let leaf = Hashed { classes: 0 }.tensor(name, shape, device)?.autodiff().require_grad();
        self.0.insert(name.into(), leaf.clone());
        Ok(leaf)
    }
}

#[test]
fn gradients_of_an_lstm_are_those_of_its_formula() {
    let (device, mut leaves) = (device(), Leaves::default());
    let lstm = Lstm::load(&mut Loader::new(&mut leaves, &device), "lstm", INPUTS, WIDTH).unwrap();
    let x =
        Tensor::<2>::from_data(TensorData::new(steps(), [STEPS, INPUTS]), &device).autodiff().require_grad();
    let mut state = lstm.start(1, &device);
    for t in 0..STEPS {
        state = lstm.step(x.clone().narrow(0, t, 1), state);
    }
    let factors = Tensor::<2>::from_data(TensorData::new(factors(), [1, WIDTH]), &device);
    let found = (state.output * factors).sum();
    let mut weights: Weights =
        NAMES.iter().map(|&(name, shape)| (name, Hashed { classes: 0 }.take(name, shape).unwrap())).collect();
    let mut pixels = steps();
    let value = values(found.clone().inner())[0];
    assert!((f64::from(value) - score(&weights, &pixels)).abs() < 1e-6);

    let gradients = found.backward();
    let close = |what: &str, found: f32, score: &mut dyn FnMut(f32) -> f64, before: f32| {
        let (ahead, behind) = (before + 1e-3, before - 1e-3);
        let expected = (score(ahead) - score(behind)) / f64::from(ahead - behind);
        assert!((f64::from(found) - expected).abs() < 1e-5, "{what}: {found} instead of {expected}");
    };
    for (name, _) in NAMES {
        for (i, found) in values(leaves.0[name].grad(&gradients).unwrap()).into_iter().enumerate() {
            let before = weights[name][i];
            let mut at = |value: f32| {
                weights.get_mut(name).unwrap()[i] = value;
                score(&weights, &pixels)
            };
            close(&format!("{name} {i}"), found, &mut at, before);
            weights.get_mut(name).unwrap()[i] = before;
        }
    }
    for (i, found) in values(x.grad(&gradients).unwrap()).into_iter().enumerate() {
        let before = pixels[i];
        let mut at = |value: f32| {
            pixels[i] = value;
            score(&weights, &pixels)
        };
        close(&format!("input {i}"), found, &mut at, before);
        pixels[i] = before;
    }
}
