//! How long each layer takes, beside what it computes.

use burn::tensor::{Tensor, TensorData};
use web_time::Instant;

use super::Model;
use crate::Result;
use crate::error::error;
use crate::kernels::multiply_at_peak;
use crate::network::{Part, Tap};
use crate::weights::Hashed;

/// How often the peak is measured; the best counts.
const PEAKS: usize = 8;

/// How long a model takes for one picture, layer by layer. Times are medians, in seconds.
///
/// ```
/// # use cam_lucida::{Device, Model, network::Architecture, weights::{Card, Hashed}};
/// # pollster::block_on(async {
/// # let card = Card { architecture: Some(Architecture::named("resnet_small")?), ..Card::default() };
/// # let model = Model::from_parameters(&Device::cpu(), card, &mut Hashed { classes: 3 }).await?;
/// let profile = model.profile(3)?;
/// let slowest = profile.layers.iter().max_by(|a, b| a.forward.total_cmp(&b.forward)).unwrap();
/// println!("{} takes {} ms of {}", slowest.name, 1e3 * slowest.forward, 1e3 * profile.forward);
/// println!("{:.0} % of the peak", 100.0 * slowest.flops as f64 / slowest.forward / profile.peak);
/// # Ok::<(), cam_lucida::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct Profile {
    /// The layers that hold no others, in order.
    pub layers: Vec<LayerProfile>,
    /// A whole forward pass. What the layers leave of it lies between them: sums and concatenations of branches.
    pub forward: f64,
    /// A whole backward pass, to the picture.
    pub backward: f64,
    /// Floating-point operations a second of the program's own product of matrices, where all stays in the caches.
    pub peak: f64,
}

/// One layer of a [`Profile`].
///
/// See the example of [`Profile`].
#[derive(Debug, Clone)]
pub struct LayerProfile {
    /// As [`Part::name`].
    pub name: String,
    /// As [`Part::output`].
    pub output: [usize; 3],
    /// As [`Part::flops`].
    pub flops: usize,
    /// As [`Part::bytes`].
    pub bytes: usize,
    /// Of the forward pass.
    pub forward: f64,
    /// Of the backward pass, to what goes in.
    pub backward: f64,
}

impl Model {
    /// Measures how long each layer takes, one after another as in a pass, `runs` times; and the whole.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request): the model computes on a GPU, which has its own order; the network does not tell its
    /// layers; or there are no `runs`.
    pub fn profile(&self, runs: usize) -> Result<Profile> {
        if self.device().is_gpu() {
            return Err(error!(
                Request,
                "profile-on-gpu",
                "a profile times the CPU's layers, and this model is on a GPU; load it on the CPU"
            ));
        }
        if runs == 0 {
            return Err(error!(
                Request,
                "profile-runs", "a profile needs at least 1 run, and 0 were asked for"
            ));
        }
        let size = self.preprocessor().size;
        let sides = [size.height, size.width];
        let parts = self.network.parts(sides);
        if parts.is_empty() {
            let network = self.architecture().title;
            return Err(error!(
                Request,
                "profile-unknown",
                "{network} does not tell its layers one by one; choose a network that takes pictures alone",
                network
            ));
        }
        let picture = [self.input_channels(), sides[0], sides[1]];
        let shapes = parts.iter().map(|part| part.input).chain([picture]);
        let longest = shapes.map(|shape| shape.iter().product()).max().unwrap_or(0);
        let numbers = Numbers { values: Hashed::uniform("profile", &[longest], 1.0), model: self };

        let whole = |x: Tensor<4>| self.network.forward(x, &mut Tap::default());
        numbers.times(picture, whole); // the first pass asks for memory
        let mut times = vec![Vec::new(); parts.len() + 1];
        for _ in 0..runs {
            for (part, times) in parts.iter().zip(&mut times) {
                times.push(numbers.times(part.input, |x| part.forward(x)));
            }
            times[parts.len()].push(numbers.times(picture, whole));
        }
        let mut medians = times.into_iter().map(|times| [0, 1].map(|pass| median(&times, pass)));
        let layers = parts.iter().zip(medians.by_ref());
        let layers = layers.map(|(part, times)| LayerProfile::new(part, times)).collect();
        let [forward, backward] = medians.next().expect("that of the whole comes last");
        let peak = (0..PEAKS).map(|_| {
            let started = Instant::now();
            multiply_at_peak() as f64 / started.elapsed().as_secs_f64()
        });
        Ok(Profile { layers, forward, backward, peak: peak.fold(0.0, f64::max) })
    }
}

impl LayerProfile {
    fn new(part: &Part, [forward, backward]: [f64; 2]) -> Self {
        let (name, output) = (part.name.clone(), part.output);
        Self { name, output, flops: part.flops(), bytes: part.bytes(), forward, backward }
    }
}

/// What goes into layers.
struct Numbers<'a> {
    values: Vec<f32>,
    model: &'a Model,
}

impl Numbers<'_> {
    /// Seconds of `pass` of one picture of this shape, and of its gradient.
    fn times<const D: usize>(
        &self,
        [k, h, w]: [usize; 3],
        pass: impl Fn(Tensor<4>) -> Tensor<D>,
    ) -> [f64; 2] {
        let x = || {
            let values = self.values[..k * h * w].to_vec();
            Tensor::<4>::from_data(TensorData::new(values, [1, k, h, w]), self.model.device().tensors())
        };
        let x_forward = x();
        let started = Instant::now();
        let y = pass(x_forward);
        let forward = started.elapsed().as_secs_f64();
        drop(y);
        let y = pass(x().autodiff().require_grad()).sum();
        let started = Instant::now();
        let gradients = y.backward();
        let backward = started.elapsed().as_secs_f64();
        drop(gradients);
        [forward, backward]
    }
}

fn median(times: &[[f64; 2]], pass: usize) -> f64 {
    let mut times: Vec<f64> = times.iter().map(|times| times[pass]).collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
