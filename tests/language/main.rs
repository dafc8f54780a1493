//! Networks of language: against PyTorch, in the tap, and as classifiers that every method explains.

mod explained;
mod lstm;
mod sentences;
mod torch;

use std::sync::Arc;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::cam::{self, Forward, Target};
use cam_lucida::network::Network;
use cam_lucida::network::language::{Captioner, Film};
use cam_lucida::weights::Hashed;
use cam_lucida::{Device, Problem};

/// Words that the networks know, and answers that the first of them gives.
const WORDS: usize = 32;
const QUESTION: &[usize] = &[5, 3, 9, 17];
const CAPTION: &[usize] = &[12, 7, 4, 9];

fn device() -> burn::tensor::Device {
    Device::cpu().tensors().clone()
}

fn film() -> Arc<Film> {
    Arc::new(Film::load(&mut Hashed { classes: WORDS }, &device()).unwrap())
}

fn captioner() -> Arc<Captioner> {
    Arc::new(Captioner::load(&mut Hashed { classes: WORDS }, &device()).unwrap())
}

/// `n` pictures of 64 rows and 96 columns.
fn pictures(n: usize) -> Tensor<4> {
    let shape = [n, 3, 64, 96];
    Tensor::from_data(TensorData::new(Hashed::uniform("pictures", &shape, 2.0), shape), &device())
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

/// The largest difference, in parts of the largest expected value.
fn deviation(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    let largest = expected.iter().fold(f32::MIN_POSITIVE, |max, value| max.max(value.abs()));
    found.iter().zip(expected).fold(0.0_f32, |max, (found, value)| max.max((found - value).abs())) / largest
}

fn assert_near(what: &str, found: &[f32], expected: &[f32], allowed: f32) {
    let deviation = deviation(found, expected);
    assert!(deviation <= allowed, "{what}: off by {deviation:.1e} of the largest, {allowed:.0e} are allowed");
}

/// Raw maps of `method` for classes of pictures `x`, a row for each picture and class.
fn maps(network: &dyn Network, x: Tensor<4>, layer: &str, method: &str, classes: &[usize]) -> Vec<f32> {
    let n = x.dims()[0];
    let forward = Forward::run(network, x, &[layer], classes.len(), true);
    let layers = forward.explain(&classes.repeat(n), Target::Logit, Problem::SingleLabel, None).unwrap();
    let map = cam::method(method).unwrap().map_layer(&layers[0]).expect("one pass is enough");
    values(map.unwrap())
}
