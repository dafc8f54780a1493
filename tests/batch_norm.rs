//! Batch normalisation by the batch's own statistics: output, moments and gradients against f64 and differences.

mod common;

use std::collections::BTreeMap;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::network::ops::{BatchNorm, Loader};
use cam_lucida::network::{Moments, Parameters};
use cam_lucida::weights::Hashed;
use cam_lucida::{Device, Result};
use common::skip::{Skip, tests};

tests![output_moments_and_gradients_are_those_of_the_formula, they_are_on_the_gpu_too];

const PICTURES: usize = 3;
const CHANNELS: usize = 2;
const EPSILON: f64 = 1e-5;

/// Scale and shift, handed out as leaves of the tape, and where the moments went.
#[derive(Default)]
struct Leaves {
    leaves: BTreeMap<String, Tensor<1>>,
    moments: Moments,
}

impl Parameters for Leaves {
    fn take(&mut self, name: &str, _: &[usize]) -> Result<Vec<f32>> {
        panic!("{name} is taken as values, and could not be learned")
    }

    fn rows(&self, _: &str) -> Result<usize> {
        unreachable!("a normalisation has no classes")
    }

    fn tensor(&mut self, name: &str, _: &[usize], _: &burn::tensor::Device) -> Result<Tensor<1>> {
        Ok(self.leaves[name].clone())
    }

    fn moments(&mut self, _: &str, _: usize) -> Option<Moments> {
        Some(self.moments.clone())
    }
}

fn flat(values: &[f32], device: &Device) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), device.tensors())
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

/// Pictures of some height and width, the second channel far from zero; scale and shift of each channel.
struct Case {
    sides: [usize; 2],
    x: Vec<f32>,
    gamma: Vec<f32>,
    beta: Vec<f32>,
}

impl Case {
    fn new(sides: [usize; 2]) -> Self {
        let mut x = Hashed::uniform("x", &[PICTURES, CHANNELS, sides[0], sides[1]], 1.0);
        let planes = x.chunks_exact_mut(sides[0] * sides[1]).enumerate();
        planes
            .filter(|(i, _)| i % CHANNELS == 1)
            .for_each(|(_, plane)| plane.iter_mut().for_each(|x| *x = 0.3 * *x + 2.0));
        Self { sides, x, gamma: vec![0.7, -1.3], beta: vec![0.2, -0.4] }
    }

    fn pixels(&self) -> usize {
        self.sides[0] * self.sides[1]
    }

    fn channel(&self, i: usize) -> usize {
        i / self.pixels() % CHANNELS
    }

    fn count(&self) -> f64 {
        (PICTURES * self.pixels()) as f64
    }

    /// Mean and variance of each channel.
    fn moments(&self) -> [[f64; CHANNELS]; 2] {
        let mean_of = |value: &dyn Fn(usize) -> f64| {
            let mut sums = [0.0; CHANNELS];
            (0..self.x.len()).for_each(|i| sums[self.channel(i)] += value(i) / self.count());
            sums
        };
        let mean = mean_of(&|i| f64::from(self.x[i]));
        [mean, mean_of(&|i| (f64::from(self.x[i]) - mean[self.channel(i)]).powi(2))]
    }

    fn output(&self) -> Vec<f64> {
        let [mean, variance] = self.moments();
        let normal = |i: usize| {
            let k = self.channel(i);
            let centred = (f64::from(self.x[i]) - mean[k]) / (variance[k] + EPSILON).sqrt();
            f64::from(self.gamma[k]) * centred + f64::from(self.beta[k])
        };
        (0..self.x.len()).map(normal).collect()
    }

    /// What is differentiated: every output times a number of its own, summed.
    fn score(&self) -> f64 {
        self.output().iter().zip(self.factors()).map(|(output, factor)| output * f64::from(factor)).sum()
    }

    fn factors(&self) -> Vec<f32> {
        Hashed::uniform("factors", &[self.x.len()], 1.0)
    }
}

fn assert_close(what: &str, found: f32, expected: f64) {
    assert!(
        (f64::from(found) - expected).abs() < 2e-4 * expected.abs().max(1.0),
        "{what}: {found} instead of {expected}"
    );
}

fn output_moments_and_gradients_are_those_of_the_formula() -> std::result::Result<(), Skip> {
    check(&Device::cpu());
    Ok(())
}

fn they_are_on_the_gpu_too() -> std::result::Result<(), Skip> {
    check(&common::gpu()?);
    Ok(())
}

fn check(device: &Device) {
    // Fewer pixels than a processor's lanes, as many, and more.
    for sides in [[1, 3], [4, 4], [5, 7], [6, 8]] {
        let mut case = Case::new(sides);
        let [x, gamma, beta] =
            [&case.x, &case.gamma, &case.beta].map(|values| flat(values, device).autodiff().require_grad());
        let leaves = [("bn.weight", &gamma), ("bn.bias", &beta)];
        let leaves = leaves.into_iter().map(|(name, leaf)| (name.into(), leaf.clone())).collect();
        let mut leaves = Leaves { leaves, ..Leaves::default() };
        let layer = BatchNorm::load(
            &mut Loader::new(&mut leaves, device.tensors()),
            "bn",
            CHANNELS,
            BatchNorm::EPSILON,
        )
        .unwrap();
        let output = layer.forward(x.clone().reshape([PICTURES, CHANNELS, sides[0], sides[1]]));
        let gradients = (output.clone().flatten::<1>(0, 3) * flat(&case.factors(), device)).sum().backward();

        for (i, (found, expected)) in values(output.inner()).into_iter().zip(case.output()).enumerate() {
            assert_close(&format!("output {i} of {sides:?}"), found, expected);
        }
        let [mean, variance] = case.moments();
        let [found_mean, found_variance] = leaves.moments.take().unwrap().map(values);
        for k in 0..CHANNELS {
            assert_close("mean", found_mean[k], mean[k]);
            assert_close(
                "unbiased variance",
                found_variance[k],
                variance[k] * case.count() / (case.count() - 1.0),
            );
        }
        let found = [x, gamma, beta].map(|leaf| values(leaf.grad(&gradients).unwrap()));
        let parts: [fn(&mut Case) -> &mut Vec<f32>; 3] =
            [|case| &mut case.x, |case| &mut case.gamma, |case| &mut case.beta];
        for (part, found) in parts.into_iter().zip(found) {
            for (i, found) in found.into_iter().enumerate() {
                let before = part(&mut case)[i];
                let mut score_at = |value: f32| {
                    part(&mut case)[i] = value;
                    (f64::from(value), case.score())
                };
                let (ahead, behind) = (score_at(before + 1e-3), score_at(before - 1e-3));
                score_at(before);
                assert_close(
                    &format!("gradient {i} of {sides:?}"),
                    found,
                    (ahead.1 - behind.1) / (ahead.0 - behind.0),
                );
            }
        }
    }
}
