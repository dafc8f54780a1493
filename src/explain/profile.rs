//! How long each layer takes, beside what it computes.

use burn::tensor::Tensor;
use web_time::Instant;

use super::Model;
use crate::Result;
use crate::cam::{Progress, Watch};
use crate::error::error;
use crate::kernels::multiply_at_peak;
use crate::network::{Part, Tap};
use crate::read_back::upload;
use crate::weights::Hashed;

/// How often the peak is measured; the best counts.
const PEAKS: usize = 8;
/// What stands for a method's name in the steps of a profile.
const NAME: &str = "profile";
/// A layer that takes fewer ticks of the clock is computed several times in a row: browsers' clocks tick every 5 µs to 1 ms.
const TICKS: f64 = 10.0;

/// How long a model takes for one picture, layer by layer. Times are medians, in seconds.
///
/// ```
/// # use std::ops::ControlFlow;
/// # use cam_lucida::{Device, Model, network::Architecture, weights::{Card, Hashed}};
/// # pollster::block_on(async {
/// # let card = Card { architecture: Some(Architecture::named("resnet_small")?), ..Card::default() };
/// # let model = Model::from_parameters(&Device::cpu(), card, &mut Hashed { classes: 3 }).await?;
/// let profile = model.profile(3, &|_| ControlFlow::Continue(())).await?;
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
    /// Of the backward pass, to the input.
    pub backward: f64,
}

impl Profile {
    /// More runs tell nothing more.
    pub const MAX_RUNS: usize = 1000;
}

impl Model {
    /// Measures how long each layer takes, one after another as in a pass, `runs` times; and the whole. `watch` hears of each
    /// layer, before it runs.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request): the model computes on a GPU, which has its own order; the network does not tell its
    /// layers; or `runs` is not 1 to [`Profile::MAX_RUNS`]. [`is_cancelled`](crate::Error::is_cancelled): `watch` ends it.
    pub async fn profile(&self, runs: usize, watch: &dyn Watch) -> Result<Profile> {
        if self.device().is_gpu() {
            return Err(error!(
                Request,
                "profile-on-gpu",
                "a profile times the CPU's layers, and this model is on a GPU; load it on the CPU"
            ));
        }
        let max = Profile::MAX_RUNS;
        if !(1..=max).contains(&runs) {
            return Err(error!(
                Request,
                "profile-runs", "a profile takes 1 to {max} runs, and {runs} were asked for", max, runs
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
        let values = Hashed::uniform(NAME, &[longest], 1.0);
        let numbers = Numbers { values, model: self, enough: TICKS * tick() };

        let whole = |x: Tensor<4>| self.network.forward(x, &mut Tap::default());
        numbers.times(picture, whole); // the first pass asks for memory
        let mut times = vec![Vec::new(); parts.len() + 1];
        let total = runs * times.len();
        for run in 0..runs {
            let step =
                |done| watch.step(Progress { method: NAME, done: run * (parts.len() + 1) + done, total });
            for (done, (part, times)) in parts.iter().zip(&mut times).enumerate() {
                step(done).go_on().await?;
                times.push(numbers.times(part.input, |x| part.forward(x)));
            }
            step(parts.len()).go_on().await?;
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

/// The input of layers, and how long to measure.
struct Numbers<'a> {
    values: Vec<f32>,
    model: &'a Model,
    /// Seconds that the clock measures well enough.
    enough: f64,
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
            upload(values, [1, k, h, w], self.model.device().tensors())
        };
        let forward = self.mean(x, &pass);
        let backward = self.mean(|| pass(x().autodiff().require_grad()).sum(), |y| y.backward());
        [forward, backward]
    }

    /// Seconds of `work` on what is `made`: the mean of as many runs as the clock needs.
    fn mean<T, U>(&self, made: impl Fn() -> T, work: impl Fn(T) -> U) -> f64 {
        let (mut seconds, mut count) = (0.0, 0.0);
        while seconds < self.enough {
            let made = made();
            let started = Instant::now();
            let done = work(made);
            seconds += started.elapsed().as_secs_f64();
            drop(done);
            count += 1.0;
        }
        seconds / count
    }
}

/// The shortest time that the clock tells, in seconds.
fn tick() -> f64 {
    let started = Instant::now();
    loop {
        let passed = started.elapsed().as_secs_f64();
        if passed > 0.0 {
            return passed;
        }
    }
}

fn median(times: &[[f64; 2]], pass: usize) -> f64 {
    let mut times: Vec<f64> = times.iter().map(|times| times[pass]).collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
