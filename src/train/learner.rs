//! The numbers of a network while they are being learned.

use std::collections::BTreeMap;

use burn::optim::{AdamW, AdamWConfig, AdamWState, Optimizer};
use burn::tensor::{Device, Tensor, TensorData};

use crate::Result;
use crate::error::error;
use crate::network::{Moments, Parameters};
use crate::random::{Random, seeded};
use crate::weights::Named;

/// The weight of a batch's statistics in the running ones: PyTorch's default.
const MOMENTUM: f32 = 0.1;

/// Every tensor of a network under torchvision's names, with the state of its optimiser.
///
/// As [`Parameters`] it hands tensors out as leaves of the tape. New tensors start as in He 2015: weights of two or more
/// axes normal with variance `2 / fan_in`, BatchNorm's weights at 1, the rest at 0. An LSTM starts with its forget gates open, by
/// biases that sum to 2: what the second of eight words said would be forgotten otherwise (Jozefowicz 2015).
///
/// ```
/// use cam_lucida::Device;
/// use cam_lucida::network::Architecture;
/// use cam_lucida::train::Learner;
///
/// let device = Device::cpu();
/// let mut learner = Learner::new(1, 2, device.tensors());
/// let network = Architecture::named("resnet_small")?.load(&mut learner, device.tensors())?;
/// // `network.forward` records on the tape; `learner.descend` follows the gradient of a loss.
/// let (shape, _) = &learner.values()?["fc.weight"];
/// assert_eq!(shape, &[2, 96]);
/// # drop(network);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Learner {
    pub(super) tensors: BTreeMap<String, Learned>,
    /// Running mean and variance of each batch normalisation.
    pub(super) running: BTreeMap<String, [Tensor<1>; 2]>,
    /// Leaves of the pass under way.
    leaves: Vec<(String, Tensor<1>)>,
    moments: Vec<(String, Moments)>,
    noise: Box<dyn Random>,
    classes: usize,
    words: usize,
    clip: Option<f32>,
    adjustments: &'static [Adjustment],
    start: Named,
    device: Device,
}

/// How some tensors are learned unlike the others.
///
/// See the example of [`Recipe`](super::Recipe).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adjustment {
    /// How the tensors' names begin.
    pub prefix: &'static str,
    /// How they end.
    pub suffix: &'static str,
    /// Factor of the first values of weights.
    pub scale: f32,
    /// Factor of the learning rate.
    pub rate: f64,
}

/// One tensor, flat.
pub(super) struct Learned {
    pub shape: Vec<usize>,
    pub values: Tensor<1>,
    pub state: Option<AdamWState<1>>,
}

impl Learner {
    /// An untrained network of `classes` classes.
    pub fn new(seed: u64, classes: usize, device: &Device) -> Self {
        Self {
            tensors: BTreeMap::new(),
            running: BTreeMap::new(),
            leaves: Vec::new(),
            moments: Vec::new(),
            noise: seeded(seed),
            classes,
            words: 0,
            clip: None,
            adjustments: &[],
            start: Named::new(),
            device: device.clone(),
        }
    }

    /// The same for a network that knows `words` words.
    pub fn with_words(self, words: usize) -> Self {
        Self { words, ..self }
    }

    /// The same with gradients shortened to a norm of `clip`, over all tensors together (Pascanu 2013).
    pub fn clipped(self, clip: Option<f32>) -> Self {
        Self { clip, ..self }
    }

    /// The same with some tensors that are learned unlike the others: the first of `adjustments` counts that fits a name.
    pub fn adjusted(self, adjustments: &'static [Adjustment]) -> Self {
        Self { adjustments, ..self }
    }

    /// The same where tensors and running statistics of these names start with these values.
    pub fn starting_from(self, start: Named) -> Self {
        Self { start, ..self }
    }

    /// Checks that the network, once it was loaded, has taken every tensor that it was to start from.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights), naming one that it has not.
    pub(super) fn check_start(&self) -> Result<()> {
        match self.start.keys().next() {
            None => Ok(()),
            Some(name) => Err(error!(
                Weights,
                "start-unused",
                "the network was to start from tensor `{name}`, but has none of this name",
                name
            )),
        }
    }

    /// Follows the gradient of `loss` one step at `rate`; weights of two or more axes decay. The batch's statistics enter
    /// the running ones.
    pub fn descend(&mut self, loss: Tensor<1>, rate: f64, decay: f32) {
        let gradients = loss.backward();
        let [decaying, free] = [decay, 0.0].map(optimizer);
        let of_leaf = |(name, leaf): (String, Tensor<1>)| Some((name, leaf.grad(&gradients)?));
        let mut gradients: Vec<(String, Tensor<1>)> = self.leaves.drain(..).filter_map(of_leaf).collect();
        if let Some(clip) = self.clip {
            shorten(&mut gradients, clip);
        }
        for (name, gradient) in gradients {
            let rate = rate * adjustment(self.adjustments, &name).map_or(1.0, |found| found.rate);
            let learned = self.tensors.get_mut(&name).expect("a leaf is one of these");
            let optimizer = if learned.shape.len() > 1 { &decaying } else { &free };
            let (values, state) =
                optimizer.step(rate, learned.values.clone(), gradient, learned.state.take());
            (learned.values, learned.state) = (values, state);
        }
        for (name, moments) in self.moments.drain(..) {
            let Some(batch) = moments.take() else { continue };
            let running = self.running.get_mut(&name).expect("it was made with the moments");
            for (running, batch) in running.iter_mut().zip(batch) {
                *running = running.clone() * (1.0 - MOMENTUM) + batch * MOMENTUM;
            }
        }
    }

    /// Every tensor with its shape and values, as a weight file has them.
    ///
    /// # Errors
    /// [`is_device`](crate::Error::is_device) when the device fails.
    pub fn values(&self) -> Result<Named> {
        let mut values = BTreeMap::new();
        for (name, learned) in &self.tensors {
            values.insert(name.clone(), (learned.shape.clone(), read(&learned.values)?));
        }
        for (name, running) in &self.running {
            for (statistic, tensor) in ["running_mean", "running_var"].iter().zip(running) {
                let numbers = read(tensor)?;
                values.insert(format!("{name}.{statistic}"), (vec![numbers.len()], numbers));
            }
        }
        Ok(values)
    }

    fn start(&mut self, name: &str, shape: &[usize]) -> Result<Tensor<1>> {
        let count = shape.iter().product();
        if let Some((found, values)) = self.start.remove(name) {
            return match found == shape {
                true => Ok(Tensor::from_data(TensorData::new(values, [count]), &self.device)),
                false => Err(error!(
                    Weights,
                    "start-shape",
                    "the network was to start from tensor `{name}` of shape {found}, but needs one of shape {wanted}",
                    name,
                    found = format_args!("{found:?}"),
                    wanted = format_args!("{shape:?}")
                )),
            };
        }
        let values = match shape {
            [_, fan @ ..] if !fan.is_empty() => {
                let mut deviation = (2.0 / fan.iter().product::<usize>() as f32).sqrt();
                if let Some(adjustment) = adjustment(self.adjustments, name) {
                    deviation *= adjustment.scale;
                }
                self.noise.normal(count).into_iter().map(|value| value * deviation).collect()
            }
            _ if name.ends_with(".weight") => vec![1.0; count],
            // Gates in PyTorch's order; there are two biases.
            _ if name.contains(".bias_") => {
                (0..count).map(|i| if i * 4 / count == 1 { 1.0 } else { 0.0 }).collect()
            }
            _ => vec![0.0; count],
        };
        Ok(Tensor::from_data(TensorData::new(values, [count]), &self.device))
    }
}

impl Parameters for Learner {
    fn take(&mut self, name: &str, _shape: &[usize]) -> Result<Vec<f32>> {
        Err(error!(
            Weights,
            "tensor-learned",
            "tensor `{name}` is being learned, so only a leaf of the tape stands for it",
            name
        ))
    }

    fn rows(&self, name: &str) -> Result<usize> {
        Ok(if name.starts_with("embedding.") { self.words } else { self.classes })
    }

    fn tensor(&mut self, name: &str, shape: &[usize], _device: &Device) -> Result<Tensor<1>> {
        if !self.tensors.contains_key(name) {
            let values = self.start(name, shape)?;
            self.tensors.insert(name.into(), Learned { shape: shape.to_vec(), values, state: None });
        }
        let leaf = self.tensors[name].values.clone().autodiff().require_grad();
        self.leaves.push((name.into(), leaf.clone()));
        Ok(leaf)
    }

    fn moments(&mut self, name: &str, channels: usize) -> Option<Moments> {
        if !self.running.contains_key(name) {
            let device = &self.device;
            let mut statistic = |statistic: &str, plain: f32| {
                let started = self.start.remove(&format!("{name}.{statistic}"));
                let values = started.map_or_else(|| vec![plain; channels], |(_, values)| values);
                let count = values.len();
                Tensor::from_data(TensorData::new(values, [count]), device)
            };
            let running = [statistic("running_mean", 0.0), statistic("running_var", 1.0)];
            self.running.insert(name.into(), running);
        }
        let moments = Moments::default();
        self.moments.push((name.into(), moments.clone()));
        Some(moments)
    }
}

/// The adjustment of tensor `name`.
fn adjustment(adjustments: &'static [Adjustment], name: &str) -> Option<&'static Adjustment> {
    adjustments.iter().find(|found| name.starts_with(found.prefix) && name.ends_with(found.suffix))
}

/// Shortens gradients whose norm is above `clip`, over all of them, to that.
fn shorten(gradients: &mut [(String, Tensor<1>)], clip: f32) {
    let squares = gradients.iter().map(|(_, gradient)| (gradient.clone() * gradient.clone()).sum());
    let Some(sum) = squares.reduce(|a, b| a + b) else { return };
    let norm = sum.into_scalar::<f32>().sqrt();
    if norm > clip {
        for (_, gradient) in gradients {
            *gradient = gradient.clone() * (clip / norm);
        }
    }
}

fn optimizer(decay: f32) -> AdamW {
    AdamWConfig::new().with_weight_decay(decay).with_epsilon(1e-8).build()
}

pub(super) fn read(tensor: &Tensor<1>) -> Result<Vec<f32>> {
    tensor.clone().into_data().try_to_vec().map_err(|cause| {
        error!(Device, "training", "the device failed while training: {cause}", cause).with_source(cause)
    })
}
