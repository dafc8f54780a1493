//! A study of one picture: runs the passes that a method asks for, in chunks that fit into memory, and tells progress.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::ops::{ControlFlow, Range};
use std::pin::Pin;

use burn::tensor::{Device, Tensor};

use super::{ClassSum, Forward, LayerActivations, Method, Setting, Settings, Weighting};
use crate::error::error;
use crate::network::{Layer, Memory, ReluRule, Tap, repeat_rows};
use crate::random::Random;
use crate::read_back::upload;
use crate::{Error, Result, Size};

/// The work of a method that runs passes of its own: it gives the raw maps `[rows, c, h, w]`, or weights.
pub(crate) type Work<'a, T = Tensor<4>> = Pin<Box<dyn Future<Output = Result<T>> + 'a>>;

/// Gets every step of the methods that take many; it cancels the work by breaking. A closure that returns a
/// [`ControlFlow`] is a watch, and so is one that returns an [`Answer`].
///
/// ```
/// use std::ops::ControlFlow;
///
/// use cam_lucida::cam::{Answer, Progress, Watch};
///
/// let watch = |Progress { method, done, total }: Progress| {
///     println!("{method}: {done} of {total}");
///     if done < 200 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
/// };
/// let answer = watch.step(Progress { method: "rise", done: 224, total: 1000 });
/// assert!(matches!(answer, Answer::Now(ControlFlow::Break(()))));
/// ```
pub trait Watch {
    /// Is told how far the work has got. The work goes on, or ends, once the answer is there.
    fn step(&self, progress: Progress) -> Answer;
}

impl<F: Fn(Progress) -> A, A: Into<Answer>> Watch for F {
    fn step(&self, progress: Progress) -> Answer {
        self(progress).into()
    }
}

/// Whether the work goes on.
///
/// See the example of [`Watch`].
pub enum Answer {
    /// It is known at once.
    Now(ControlFlow<()>),
    /// It is known later. In a browser, other work of the same thread gets its turn until then.
    Later(Pin<Box<dyn Future<Output = ControlFlow<()>>>>),
}

impl From<ControlFlow<()>> for Answer {
    fn from(answer: ControlFlow<()>) -> Self {
        Self::Now(answer)
    }
}

impl Answer {
    /// Waits for the answer.
    ///
    /// # Errors
    /// [`is_cancelled`](Error::is_cancelled) when the work is to end.
    pub async fn go_on(self) -> Result<()> {
        let answer = match self {
            Self::Now(answer) => answer,
            Self::Later(answer) => answer.await,
        };
        if answer.is_break() { Err(Error::cancelled()) } else { Ok(()) }
    }
}

/// How far a method or a measure has got.
///
/// See the example of [`Watch`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The name of the method or measure.
    pub method: &'static str,
    /// How many inputs are done.
    pub done: usize,
    /// How many inputs there are.
    pub total: usize,
}

/// What a limit on the channels left out.
///
/// See the example of [`Explainer`](super::Explainer).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// How many channels were tried.
    pub used: usize,
    /// How many channels could have been tried.
    pub total: usize,
    /// The tried channels' share of the layer's positive mean activation, 0 to 1.
    pub share: f32,
}

/// One picture, what a layer shows of it, and further passes of the network.
pub(crate) struct Study<'a> {
    /// What the layer shows of the picture itself, one row for each class.
    pub layer: &'a LayerActivations<'a>,
    /// The picture `[1, 3, height, width]`.
    pub x: Tensor<4>,
    pub(super) method: &'static Method,
    pub(super) settings: &'a Settings,
    pub(super) random: fn(u64) -> Box<dyn Random>,
    pub(super) watch: &'a dyn Watch,
    pub(super) footprint: Footprint,
    /// Which part of the whole work this study is.
    pub(super) part: Part,
    pub(super) budget: Cell<Option<Budget>>,
    pub(super) health: RefCell<Vec<Tensor<1>>>,
}

/// One of `count` equal parts of the whole work.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    index: usize,
    count: usize,
}

impl Part {
    pub(super) const WHOLE: Self = Self { index: 0, count: 1 };

    /// Part `index` of `count` equal parts of this one.
    pub(super) fn split(self, index: usize, count: usize) -> Self {
        Self { index: self.index * count + index, count: self.count * count }
    }
}

/// Bytes of one picture's activations, which give the size of chunks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Footprint {
    largest: usize,
    all: usize,
}

impl Footprint {
    pub(super) fn from_layers(layers: &[Layer]) -> Self {
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

/// Bytes that one chunk may take.
const MAX_CHUNK_BYTES: usize = 512 << 20;
/// The same on the CPU in a browser: so few that whoever cancels need not wait long for a chunk to end.
const MAX_CHUNK_BYTES_IN_BROWSER: usize = 64 << 20;
/// Inputs that one chunk may hold. More are no faster, and progress would show less often.
const MAX_CHUNK_INPUTS: usize = 32;

impl<'a> Study<'a> {
    /// The size of the picture.
    pub fn size(&self) -> Size {
        let [_, _, height, width] = self.x.dims();
        Size { height, width }
    }

    /// How many classes are explained.
    pub fn rows(&self) -> usize {
        self.layer.classes.len()
    }

    /// The value of one of the method's settings.
    pub fn value(&self, setting: &Setting) -> f64 {
        assert!(self.method.settings.contains(setting), "{} lists {}", self.method.name, setting.name);
        self.settings.value(setting)
    }

    /// The value of one of the method's settings that take whole numbers.
    pub fn count(&self, setting: &Setting) -> usize {
        self.value(setting) as usize
    }

    /// The method's own random numbers, which start at its seed.
    pub fn random(&self) -> Box<dyn Random> {
        (self.random)(self.value(&Setting::SEED) as u64)
    }

    /// `values` of `shape` on the picture's device.
    pub fn tensor<const D: usize>(&self, values: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
        upload(values, shape, &self.x.device())
    }

    /// What the layer shows of other pictures `[n, 3, height, width]`: `n * rows` rows.
    pub fn layer_for(&self, x: Tensor<4>) -> Result<LayerActivations<'a>> {
        let LayerActivations { network, name, target, problem, preset, classes, .. } = self.layer;
        let forward = Forward::run(*network, x.clone(), &[name], self.rows(), true);
        let classes = repeated(classes, x.dims()[0]);
        let layer = forward.explain(&classes, *target, *problem, *preset)?.remove(0);
        self.health.borrow_mut().push(layer.health());
        Ok(layer)
    }

    /// `∂y/∂x` at pictures `[n, 3, height, width]`: `[n * rows, 3, height, width]`. ReLUs pass gradients by `rule`; with
    /// `modules_only`, only those that are modules in torchvision do.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request) when the class scores do not depend on the picture.
    pub fn input_gradient(&self, x: Tensor<4>, rule: ReluRule, modules_only: bool) -> Result<Tensor<4>> {
        let LayerActivations { network, target, problem, classes, .. } = self.layer;
        let classes = repeated(classes, x.dims()[0]);
        let leaf = repeat_rows(x, self.rows()).autodiff().require_grad();
        let mut tap = Tap::default().with_relu(rule, modules_only);
        let logits = network.forward(leaf.clone(), &mut tap);
        let gradients = target.score(*problem, logits, &classes).backward();
        let unreached =
            || error!(Request, "picture-without-effect", "the class scores do not depend on the picture");
        let gradient = leaf.grad(&gradients).ok_or_else(unreached)?;
        self.health.borrow_mut().push(gradient.clone().sum());
        Ok(gradient)
    }

    /// `y` of each class for pictures `[n, 3, height, width]`: `[n, rows]`.
    pub fn scores_for(&self, x: Tensor<4>) -> Tensor<2> {
        self.target_scores(self.layer.network.forward(x, &mut Tap::default()))
    }

    fn target_scores(&self, logits: Tensor<2>) -> Tensor<2> {
        let LayerActivations { target, problem, classes, .. } = self.layer;
        target.scores(*problem, logits, classes)
    }

    /// `y` of each class for the picture itself.
    pub async fn picture_scores(&self) -> Result<Vec<f64>> {
        let logits = self.layer.logits.clone().slice_dim(0, 0..1);
        let scores = self.read(self.target_scores(logits).flatten(0, 1)).await?;
        Ok(scores.into_iter().map(f64::from).collect())
    }

    /// `y` of each class for `count` inputs: a vector for each class. `make` makes a range of inputs
    /// `[n, 3, height, width]` at a time.
    pub async fn scores(
        &self,
        count: usize,
        mut make: impl FnMut(Range<usize>) -> Tensor<4>,
    ) -> Result<Vec<Vec<f64>>> {
        let bytes = self.footprint.forward();
        self.scores_by(count, bytes, |range| self.scores_for(make(range))).await
    }

    /// `y` of each class for `count` activations of the layer: a vector for each class. `make` makes a range of
    /// activations `[n, k, h, w]` at a time. Only what lies behind the layer is computed.
    pub async fn scores_from_layer(
        &self,
        count: usize,
        make: impl Fn(Range<usize>) -> Tensor<4>,
    ) -> Result<Vec<Vec<f64>>> {
        let memory = self.memory();
        let run = |activation| {
            let mut tap = Tap::resuming(&memory, activation);
            let logits = self.layer.network.forward(self.x.clone(), &mut tap);
            (logits, Footprint::from_layers(tap.layers()))
        };
        let [_, k, h, w] = self.layer.activations.dims();
        let (_, behind) = run(self.layer.activations.clone().slice_dim(0, 0..1));
        let bytes = behind.forward().max(4 * 4 * k * h * w);
        self.scores_by(count, bytes, |range| self.target_scores(run(make(range)).0)).await
    }

    fn memory(&self) -> Memory {
        let mut tap = Tap::default().remembering(self.layer.name);
        self.layer.network.forward(self.x.clone(), &mut tap);
        tap.memory().expect("the tap was told to remember")
    }

    async fn scores_by(
        &self,
        count: usize,
        bytes: usize,
        mut score: impl FnMut(Range<usize>) -> Tensor<2>,
    ) -> Result<Vec<Vec<f64>>> {
        let rows = self.rows();
        let mut scores = vec![Vec::with_capacity(count); rows];
        for range in chunks(&self.x.device(), count, bytes) {
            let done = range.end;
            let found = self.read(score(range).flatten::<1>(0, 1)).await?;
            for (i, value) in found.into_iter().enumerate() {
                scores[i % rows].push(f64::from(value));
            }
            self.step(done, count).await?;
        }
        Ok(scores)
    }

    /// The mean of `compute` over `count` inputs: `[rows, k, h, w]`. `make` makes a range of inputs
    /// `[n, 3, height, width]` at a time, from which `compute` gives `[n * rows, k, h, w]`.
    pub async fn mean(
        &self,
        count: usize,
        mut make: impl FnMut(Range<usize>) -> Tensor<4>,
        compute: impl Fn(Tensor<4>) -> Result<Tensor<4>>,
    ) -> Result<Tensor<4>> {
        let rows = self.rows();
        let mut sum: Option<Tensor<4>> = None;
        for range in chunks(&self.x.device(), count, rows * self.footprint.backward()) {
            let (n, done) = (range.len(), range.end);
            let found = compute(make(range))?;
            // One after another: Burn 0.22.1's GPU reduces gradients of the picture wrongly along the batch, because
            // their strides are not those of their shape.
            let input = |i: usize| found.clone().slice_dim(0, i * rows..(i + 1) * rows);
            let part = (0..n).map(input).reduce(|a, b| a + b).expect("a chunk is not empty");
            let so_far = sum.take().map_or(part.clone(), |sum| sum + part);
            self.settle(so_far.clone().sum(), done, count).await?;
            sum = Some(so_far);
        }
        Ok(sum.expect("at least one input") / count as f32)
    }

    /// Chunks of `count` inputs for forward passes.
    pub fn chunks(&self, count: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        chunks(&self.x.device(), count, self.footprint.forward())
    }

    /// Waits until the device has computed `number`, checks that it is finite, and tells how far the work has got.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights) when it is not finite; [`is_cancelled`](Error::is_cancelled) when the watch cancels;
    /// [`is_device`](Error::is_device) when the device fails.
    pub async fn settle(&self, number: Tensor<1>, done: usize, total: usize) -> Result<()> {
        self.read(number).await?;
        self.step(done, total).await
    }

    /// Reads `numbers` back, which must be finite.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights) when one is not; [`is_device`](Error::is_device) when the device fails.
    pub async fn read(&self, numbers: Tensor<1>) -> Result<Vec<f32>> {
        let numbers = crate::read_back::read(numbers).await?;
        crate::read_back::check_finite(&numbers, "scores, activations or gradients")?;
        Ok(numbers)
    }

    async fn step(&self, done: usize, total: usize) -> Result<()> {
        let Part { index, count } = self.part;
        let progress =
            Progress { method: self.method.name, done: index * total + done, total: count * total };
        self.watch.step(progress).go_on().await
    }

    /// The channels to try, in order: those that are not flat, at most `max_channels`. When there are more,
    /// those with the highest mean activation are taken.
    pub async fn channels(&self) -> Result<Vec<usize>> {
        let [_, k, h, w] = self.layer.activations.dims();
        let pixels = self.layer.activations.clone().slice_dim(0, 0..1).reshape([k, h * w]);
        let numbers = [pixels.clone().mean_dim(1), pixels.clone().max_dim(1) - pixels.min_dim(1)];
        let numbers = self.read(Tensor::cat(numbers.to_vec(), 1).reshape([2 * k])).await?;
        let mean = |channel: usize| numbers[2 * channel];
        let mut channels: Vec<usize> = (0..k).filter(|channel| numbers[2 * channel + 1] > 0.0).collect();
        let weight = |channels: &[usize]| channels.iter().map(|&channel| mean(channel).max(0.0)).sum::<f32>();
        let (total, all) = (channels.len(), weight(&channels));
        let max = self.value(&Setting::MAX_CHANNELS);
        if (total as f64) > max {
            channels.sort_by(|&a, &b| mean(b).total_cmp(&mean(a)));
            channels.truncate(max as usize);
            channels.sort_unstable();
            let share = if all > 0.0 { weight(&channels) / all } else { 0.0 };
            self.budget.set(Some(Budget { used: channels.len(), total, share }));
        }
        Ok(channels)
    }

    /// Weights of all channels: those of `channels`, given as a vector for each class, and zero elsewhere.
    pub fn channel_weights(&self, channels: &[usize], weights: &[Vec<f64>]) -> Weighting {
        let k = self.layer.activations.dims()[1];
        let mut all = vec![0.0; weights.len() * k];
        for (row, weights) in weights.iter().enumerate() {
            for (channel, weight) in channels.iter().zip(weights) {
                all[row * k + channel] = *weight as f32;
            }
        }
        Weighting::Channels(self.tensor(all, [weights.len(), k]))
    }
}

/// `0..count` in chunks whose forward passes fit into the device's memory. The inputs have `enlarged` times the pixels
/// of the input that `layers` were listed for.
pub(crate) fn forward_chunks(
    device: &Device,
    layers: &[Layer],
    enlarged: f64,
    count: usize,
) -> impl Iterator<Item = Range<usize>> + use<> {
    chunks(device, count, (Footprint::from_layers(layers).forward() as f64 * enlarged) as usize)
}

/// `0..count` in equal chunks of `bytes` an input.
fn chunks(device: &Device, count: usize, bytes: usize) -> impl Iterator<Item = Range<usize>> + use<> {
    let on_cpu_in_browser = cfg!(target_arch = "wasm32") && *device == Device::flex();
    let max_bytes = if on_cpu_in_browser { MAX_CHUNK_BYTES_IN_BROWSER } else { MAX_CHUNK_BYTES };
    let max = (max_bytes / bytes.max(1)).clamp(1, MAX_CHUNK_INPUTS);
    let size = count.div_ceil(count.div_ceil(max).max(1)).max(1);
    (0..count).step_by(size).map(move |start| start..count.min(start + size))
}

/// What each row explains, of `n` pictures.
fn repeated(classes: &[ClassSum], n: usize) -> Vec<ClassSum> {
    (0..n).flat_map(|_| classes.iter().cloned()).collect()
}
