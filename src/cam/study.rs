//! A study of one picture: the passes that a method asks for, in chunks that fit into memory, with progress.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::ops::{ControlFlow, Range};
use std::pin::Pin;

use burn::tensor::{Tensor, TensorData};

use super::{Evidence, Method, Pass, Settings};
use crate::network::{Layer, Memory, ReluRule, Tap, repeat_rows};
use crate::random::Random;
use crate::{Error, Result};

/// What a method's own passes are computed by.
pub type Work<'a> = Pin<Box<dyn Future<Output = Result<Tensor<4>>> + 'a>>;

/// Told of every step of the methods that take many; it ends the work by breaking.
pub type Watch<'a> = dyn Fn(Progress) -> ControlFlow<()> + 'a;

/// How far a method is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The name of the method, or of the measure.
    pub method: &'static str,
    /// Inputs done.
    pub done: usize,
    /// Inputs in all.
    pub total: usize,
}

/// What a limit on the channels left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Channels that were tried.
    pub used: usize,
    /// Channels that could have been.
    pub of: usize,
    /// Share of the layer's positive mean activation that the tried channels hold, 0 to 1.
    pub share: f32,
}

/// One picture, its evidence, and the means to ask the network more.
pub struct Study<'a> {
    /// What the layer shows of the picture itself, a row for each class.
    pub evidence: &'a Evidence<'a>,
    /// The picture `[1, 3, height, width]`.
    pub x: Tensor<4>,
    pub(super) method: &'static Method,
    pub(super) settings: &'a Settings,
    pub(super) noise: fn(u64) -> Box<dyn Random>,
    pub(super) watch: &'a Watch<'a>,
    pub(super) footprint: Footprint,
    /// Which of how many equal parts of a longer work this is.
    pub(super) part: (usize, usize),
    pub(super) budget: Cell<Option<Budget>>,
    pub(super) health: RefCell<Vec<Tensor<1>>>,
}

/// Bytes of one picture's activations, by which chunks are sized.
#[derive(Debug, Clone, Copy)]
pub(super) struct Footprint {
    largest: usize,
    all: usize,
}

impl Footprint {
    pub(super) fn of(layers: &[Layer]) -> Self {
        let bytes = layers.iter().map(|layer| 4 * layer.shape.iter().product::<usize>());
        Self { largest: bytes.clone().max().unwrap_or(1), all: bytes.sum() }
    }

    /// A forward pass holds few activations at a time, and a convolution's windows.
    fn forward(self) -> usize {
        12 * self.largest
    }

    /// The tape holds all of them.
    fn backward(self) -> usize {
        2 * self.all + self.forward()
    }
}

/// Memory that one chunk may take.
const CHUNK_BYTES: usize = 512 << 20;
/// Most inputs of a chunk: beyond it nothing gets faster, and progress shows less often.
const CHUNK_INPUTS: usize = 32;

impl<'a> Study<'a> {
    /// Rows and columns of the picture.
    pub fn size(&self) -> [usize; 2] {
        let [_, _, height, width] = self.x.dims();
        [height, width]
    }

    /// How many classes are explained.
    pub fn rows(&self) -> usize {
        self.evidence.classes.len()
    }

    /// The value of one of the method's settings.
    pub fn setting(&self, name: &str) -> f64 {
        self.settings.of(self.method, name)
    }

    /// The value of one of the method's settings that count something.
    pub fn count(&self, name: &str) -> usize {
        self.setting(name) as usize
    }

    /// The method's own random numbers.
    pub fn noise(&self) -> Box<dyn Random> {
        (self.noise)(self.setting("seed") as u64)
    }

    /// `values` of `shape` where the picture is.
    pub fn tensor<const D: usize>(&self, values: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
        Tensor::from_data(TensorData::new(values, shape), &self.x.device())
    }

    /// What the layer shows of other pictures `[n, 3, height, width]`: `n * rows` rows.
    pub fn evidence_of(&self, x: Tensor<4>) -> Result<Evidence<'a>> {
        let Evidence { network, layer, target, problem, preset, classes, .. } = self.evidence;
        let pass = Pass::run(*network, x.clone(), &[layer], self.rows(), true);
        let classes = classes.repeat(x.dims()[0]);
        let mut evidence = pass.explain(&classes, *target, *problem, *preset)?;
        let evidence = evidence.remove(0);
        self.health.borrow_mut().push(evidence.health());
        Ok(evidence)
    }

    /// `∂y/∂x` of pictures `[n, 3, height, width]`: `[n * rows, 3, height, width]`, ReLUs passing gradients by `rule`.
    pub fn input_gradient(&self, x: Tensor<4>, rule: ReluRule, modules_only: bool) -> Result<Tensor<4>> {
        let Evidence { network, target, problem, classes, .. } = self.evidence;
        let classes = classes.repeat(x.dims()[0]);
        let leaf = repeat_rows(x, self.rows()).autodiff().require_grad();
        let mut tap = Tap::default().with_relu(rule, modules_only);
        let logits = network.forward(leaf.clone(), &mut tap);
        let gradients = target.score(*problem, logits, &classes).backward();
        let unreached = || Error::request("the picture does not reach the class scores");
        let gradient = leaf.grad(&gradients).ok_or_else(unreached)?;
        self.health.borrow_mut().push(gradient.clone().sum());
        Ok(gradient)
    }

    /// `y` of each class for pictures `[n, 3, height, width]`: `[n, rows]`.
    pub fn scores_of(&self, x: Tensor<4>) -> Tensor<2> {
        self.target_scores(self.evidence.network.forward(x, &mut Tap::default()))
    }

    fn target_scores(&self, logits: Tensor<2>) -> Tensor<2> {
        let Evidence { target, problem, classes, .. } = self.evidence;
        target.scores(*problem, logits, classes)
    }

    /// `y` of each class for the picture itself.
    pub async fn score(&self) -> Result<Vec<f64>> {
        let logits = self.evidence.logits.clone().slice_dim(0, 0..1);
        let scores = self.read(self.target_scores(logits).flatten(0, 1)).await?;
        Ok(scores.into_iter().map(f64::from).collect())
    }

    /// `y` of each class for `count` inputs, made a chunk at a time by `make` as `[n, 3, height, width]`: a vector for each class.
    pub async fn scores(
        &self,
        count: usize,
        mut make: impl FnMut(Range<usize>) -> Tensor<4>,
    ) -> Result<Vec<Vec<f64>>> {
        let bytes = self.footprint.forward();
        self.scores_by(count, bytes, |range| self.scores_of(make(range))).await
    }

    /// `y` of each class for `count` activations of the layer, made by `make` as `[n, k, h, w]`. Only what lies
    /// behind the layer is computed.
    pub async fn scores_from_layer(
        &self,
        count: usize,
        make: impl Fn(Range<usize>) -> Tensor<4>,
    ) -> Result<Vec<Vec<f64>>> {
        let memory = self.memory()?;
        let run = |activation| {
            let mut tap = Tap::resuming(&memory, activation);
            let logits = self.evidence.network.forward(self.x.clone(), &mut tap);
            (logits, Footprint::of(tap.layers()))
        };
        let [_, k, h, w] = self.evidence.activations.dims();
        let (_, behind) = run(self.evidence.activations.clone().slice_dim(0, 0..1));
        let bytes = behind.forward().max(4 * 4 * k * h * w);
        self.scores_by(count, bytes, |range| self.target_scores(run(make(range)).0)).await
    }

    fn memory(&self) -> Result<Memory> {
        let mut tap = Tap::default().remembering(self.evidence.layer);
        self.evidence.network.forward(self.x.clone(), &mut tap);
        tap.memory().ok_or_else(|| Error::request("the pass remembered nothing"))
    }

    async fn scores_by(
        &self,
        count: usize,
        bytes: usize,
        mut score: impl FnMut(Range<usize>) -> Tensor<2>,
    ) -> Result<Vec<Vec<f64>>> {
        let rows = self.rows();
        let mut scores = vec![Vec::with_capacity(count); rows];
        for range in chunks(count, bytes) {
            let done = range.end;
            let found = self.read(score(range).flatten::<1>(0, 1)).await?;
            for (i, value) in found.into_iter().enumerate() {
                scores[i % rows].push(f64::from(value));
            }
            self.step(done, count)?;
        }
        Ok(scores)
    }

    /// The mean, over `count` inputs made by `make` as `[n, 3, height, width]`, of what `of` says of them:
    /// `[n * rows, k, h, w]` to `[rows, k, h, w]`.
    pub async fn mean(
        &self,
        count: usize,
        mut make: impl FnMut(Range<usize>) -> Tensor<4>,
        of: impl Fn(Tensor<4>) -> Result<Tensor<4>>,
    ) -> Result<Tensor<4>> {
        let rows = self.rows();
        let mut sum: Option<Tensor<4>> = None;
        for range in chunks(count, rows * self.footprint.backward()) {
            let (n, done) = (range.len(), range.end);
            let found = of(make(range))?;
            // One after another: reduced along the batch, gradients of the picture, whose strides are not those of
            // their shape, come out wrong on Burn 0.22.1's GPU.
            let of_input = |i: usize| found.clone().slice_dim(0, i * rows..(i + 1) * rows);
            let part = (0..n).map(of_input).reduce(|a, b| a + b).expect("a chunk is not empty");
            let so_far = sum.take().map_or(part.clone(), |sum| sum + part);
            self.settle(so_far.clone().sum(), done, count).await?;
            sum = Some(so_far);
        }
        Ok(sum.expect("at least one input") / count as f32)
    }

    /// Chunks of `count` inputs for forward passes.
    pub fn chunks(&self, count: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        chunks(count, self.footprint.forward())
    }

    /// Waits for the device to have computed `number`, checks that it is finite, and tells how far the work is.
    ///
    /// # Errors
    /// [`is_device`](Error::is_device) if it is not; [`is_cancelled`](Error::is_cancelled) if that was asked for.
    pub async fn settle(&self, number: Tensor<1>, done: usize, total: usize) -> Result<()> {
        self.read(number).await?;
        self.step(done, total)
    }

    /// The numbers, which must be finite.
    ///
    /// # Errors
    /// [`is_device`](Error::is_device) if they are not.
    pub async fn read(&self, numbers: Tensor<1>) -> Result<Vec<f32>> {
        let numbers = crate::read_back::read(numbers).await?;
        crate::read_back::check_finite(&numbers, "scores, activations or gradients")?;
        Ok(numbers)
    }

    fn step(&self, done: usize, total: usize) -> Result<()> {
        let (part, parts) = self.part;
        let progress = Progress { method: self.method.name, done: part * total + done, total: parts * total };
        match (self.watch)(progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::cancelled()),
        }
    }

    /// The channels that a method that tries each of them shall try: those that are not flat, of these at most
    /// `max_channels` with the highest mean activation, in order.
    pub async fn channels(&self) -> Result<Vec<usize>> {
        let [_, k, h, w] = self.evidence.activations.dims();
        let pixels = self.evidence.activations.clone().slice_dim(0, 0..1).reshape([k, h * w]);
        let numbers = [pixels.clone().mean_dim(1), pixels.clone().max_dim(1) - pixels.min_dim(1)];
        let numbers = self.read(Tensor::cat(numbers.to_vec(), 1).reshape([2 * k])).await?;
        let mean = |channel: usize| numbers[2 * channel];
        let mut channels: Vec<usize> = (0..k).filter(|channel| numbers[2 * channel + 1] > 0.0).collect();
        let weight = |channels: &[usize]| channels.iter().map(|&channel| mean(channel).max(0.0)).sum::<f32>();
        let (of, all) = (channels.len(), weight(&channels));
        let most = self.setting("max_channels");
        if (of as f64) > most {
            channels.sort_by(|&a, &b| mean(b).total_cmp(&mean(a)));
            channels.truncate(most as usize);
            channels.sort_unstable();
            let share = if all > 0.0 { weight(&channels) / all } else { 0.0 };
            self.budget.set(Some(Budget { used: channels.len(), of, share }));
        }
        Ok(channels)
    }

    /// Weights `[rows, k]` of all channels from those of `channels`, a vector for each class; of the others zero.
    pub fn channel_weights(&self, channels: &[usize], weights: &[Vec<f64>]) -> Tensor<2> {
        let k = self.evidence.activations.dims()[1];
        let mut all = vec![0.0; weights.len() * k];
        for (row, weights) in weights.iter().enumerate() {
            for (channel, weight) in channels.iter().zip(weights) {
                all[row * k + channel] = *weight as f32;
            }
        }
        self.tensor(all, [weights.len(), k])
    }
}

/// `0..count` in chunks whose forward passes fit into memory: of inputs with `enlarged` times the pixels that `layers`
/// were listed for.
pub(crate) fn forward_chunks(
    layers: &[Layer],
    enlarged: f64,
    count: usize,
) -> impl Iterator<Item = Range<usize>> + use<> {
    chunks(count, (Footprint::of(layers).forward() as f64 * enlarged) as usize)
}

/// `0..count` in equal chunks of `bytes` an input.
fn chunks(count: usize, bytes: usize) -> impl Iterator<Item = Range<usize>> + use<> {
    let most = (CHUNK_BYTES / bytes.max(1)).clamp(1, CHUNK_INPUTS);
    let size = count.div_ceil(count.div_ceil(most).max(1)).max(1);
    (0..count).step_by(size).map(move |start| start..count.min(start + size))
}
