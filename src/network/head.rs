//! Heads: from the features' last layer to class scores.

use burn::tensor::Tensor;
use burn::tensor::module::adaptive_avg_pool2d;

use super::module::{LoadedSequence, Module, Sequence};
use super::ops::{BatchNorm, Linear, Loader, global_max_pool};
use super::outline::Extent;
use super::{LinearHead, Part, Shapes, Tap};
use crate::Result;
use crate::error::error;

/// A head that a source has in place of an architecture's own: layers one after another, on the pooled features.
///
/// ```
/// use cam_lucida::network::{HeadLayer, HeadPlan};
///
/// let linear = |name: &str, outputs| HeadLayer::Linear { name: name.into(), outputs, bias: true };
/// let layers = vec![linear("fc.0", 128), HeadLayer::Relu, linear("fc.3", 3)];
/// let plan = HeadPlan { inputs: 512, layers, functional_relu: true };
/// assert_eq!(plan.classes(), 3);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadPlan {
    /// Numbers that its first layer takes: the channels of the features, times the pixels that they are pooled to. Twice the
    /// channels: their largest values, then their means, as fastai pools.
    pub inputs: usize,
    /// The layers in order.
    pub layers: Vec<HeadLayer>,
    /// Whether the ReLU comes before it that torchvision's DenseNet calls as a function. fastai puts its heads on the features alone.
    pub functional_relu: bool,
}

/// A layer of a [`HeadPlan`].
///
/// See the example of [`HeadPlan`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeadLayer {
    /// A fully connected layer.
    Linear {
        /// The name of its tensors, without `.weight`.
        name: String,
        /// Numbers that come out.
        outputs: usize,
        /// Whether it has a bias.
        bias: bool,
    },
    /// A batch normalisation.
    BatchNorm {
        /// The name of its tensors, without `.weight`.
        name: String,
    },
    /// A ReLU.
    Relu,
}

impl HeadLayer {
    /// The name of its tensors, where it has some.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Linear { name, .. } | Self::BatchNorm { name } => Some(name),
            Self::Relu => None,
        }
    }
}

impl HeadPlan {
    /// How many class scores come out.
    pub fn classes(&self) -> usize {
        let outputs = self.layers.iter().rev().find_map(|layer| match layer {
            HeadLayer::Linear { outputs, .. } => Some(*outputs),
            _ => None,
        });
        outputs.unwrap_or(self.inputs)
    }
}

/// What an architecture has as its head.
///
/// ```
/// use cam_lucida::network::Architecture;
/// use cam_lucida::weights::Hashed;
///
/// let head = Architecture::named("resnet18")?.blueprint(&Hashed { classes: 2 })?.head.expect("ResNets have one");
/// assert_eq!((head.layers, head.channels), (vec!["fc".to_string()], 512));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnHead {
    /// The names of its layers, without `.weight`.
    pub layers: Vec<String>,
    /// Channels of the features.
    pub channels: usize,
    /// Rows and columns that they are pooled to.
    pub side: usize,
    /// Whether torchvision calls a ReLU as a function between the features and the head, as its DenseNet does.
    pub functional_relu: bool,
}

/// Average pooling and linear layers, with ReLUs between.
pub struct Head {
    /// The pool's name, where it has one in torchvision.
    pool: Option<&'static str>,
    /// Whether torchvision has a dropout after the pool.
    dropout: bool,
    /// Rows and columns that the pool gives.
    side: usize,
    /// In place of `side`: numbers that the first layer takes.
    inputs: Option<usize>,
    /// How many linear layers, with their ReLUs, see each window of `side` by `side` places before the mean of all windows is taken.
    /// 0: the features are pooled first.
    windowed: usize,
    layers: Vec<HeadLayer>,
}

impl Head {
    /// Global average pooling, and the linear layer `name`, which tells the number of classes.
    ///
    /// # Errors
    /// As [`Shapes::classes`].
    pub fn linear(shapes: &Shapes, name: &'static str) -> Result<Self> {
        Self::hidden(shapes, 1, &[], name)
    }

    /// Pooling to `side` by `side`, linear layers of these names and outputs, and a last one, which tells the number of
    /// classes. A head of the source takes the place of all of them.
    ///
    /// # Errors
    /// As [`Shapes::classes`].
    pub fn hidden(
        shapes: &Shapes,
        side: usize,
        hidden: &[(&'static str, usize)],
        last: &'static str,
    ) -> Result<Self> {
        let head = Self { pool: None, dropout: false, side, inputs: None, windowed: 0, layers: Vec::new() };
        if let Some(plan) = shapes.head() {
            return Ok(Self { inputs: Some(plan.inputs), layers: plan.layers.clone(), ..head });
        }
        let mut layers = Vec::new();
        for &(name, outputs) in hidden {
            layers.extend([HeadLayer::Linear { name: name.into(), outputs, bias: true }, HeadLayer::Relu]);
        }
        layers.push(HeadLayer::Linear { name: last.into(), outputs: shapes.classes(last)?, bias: true });
        Ok(Self { layers, ..head })
    }

    /// The same with its pool under the name `avgpool`.
    pub fn named_pool(self) -> Self {
        Self { pool: Some("avgpool"), ..self }
    }

    /// The same, which pools after `hidden` linear layers: these see each window of as many places as they take.
    pub fn pooled_after(self, hidden: usize) -> Self {
        Self { windowed: hidden, ..self }
    }

    /// The same with `dropout`, which does nothing here, after the pool.
    pub fn dropout(self) -> Self {
        Self { dropout: true, ..self }
    }

    /// `pooled` are the names of the layer that is pooled.
    pub(super) fn load(
        self,
        loader: &mut Loader,
        channels: usize,
        pooled: Vec<String>,
        functional_relu: bool,
    ) -> Result<LoadedHead> {
        let (side, doubled) = self.pooling(channels)?;
        let pool = Module::AdaptiveAveragePool { side };
        let windowed = if doubled { 0 } else { windowed(&self.layers, self.windowed) };
        let mut pooling = match self.pool {
            _ if windowed > 0 => Sequence::new(),
            Some(name) => Sequence::new().then(name, pool),
            None => Sequence::new().unnamed(pool),
        };
        if self.dropout {
            pooling = pooling.then("dropout", Module::Identity);
        }
        let mut unchanged = channels;
        let pooling = pooling.load(loader, "", &mut unchanged)?;
        let mut inputs = if doubled { 2 * channels } else { channels * side * side };
        let (mut layers, mut names) = (Vec::new(), Vec::new());
        for layer in self.layers {
            layers.push(match layer {
                HeadLayer::Linear { name, outputs, bias } => {
                    let linear = Linear::load_with(loader, &name, inputs, outputs, bias)?;
                    names.push(name);
                    inputs = outputs;
                    LoadedLayer::Linear(linear)
                }
                HeadLayer::BatchNorm { name } => {
                    let norm = BatchNorm::load(loader, &name, inputs, BatchNorm::EPSILON)?;
                    names.push(name);
                    LoadedLayer::BatchNorm(Box::new(norm))
                }
                HeadLayer::Relu => LoadedLayer::Relu,
            });
        }
        let own = OwnHead { layers: names, channels, side, functional_relu };
        Ok(LoadedHead { pooling, doubled, windowed, layers, pooled, own })
    }

    /// Rows and columns of the pool, and whether largest values stand before the means.
    fn pooling(&self, channels: usize) -> Result<(usize, bool)> {
        let Some(inputs) = self.inputs else { return Ok((self.side, false)) };
        pooling_to(inputs, channels).ok_or_else(|| {
            error!(
                Weights,
                "head-inputs",
                "the file's head takes {inputs} numbers, but the network's features have {channels} channels; the head belongs to another network",
                inputs,
                channels
            )
        })
    }
}

/// How many layers there are up to `linear` linear ones and the ReLU after the last of these; none where they are fewer, so that there
/// is nothing to pool after.
fn windowed(layers: &[HeadLayer], linear: usize) -> usize {
    let mut places = (0..layers.len()).filter(|&place| matches!(layers[place], HeadLayer::Linear { .. }));
    let last = linear.checked_sub(1).and_then(|last| places.nth(last));
    last.map_or(0, |last| last + 1 + usize::from(layers.get(last + 1) == Some(&HeadLayer::Relu)))
}

/// How features of `channels` channels are pooled to `inputs` numbers: rows and columns that come out, and whether largest
/// values stand before the means. `None`: no pooling gives as many.
pub(crate) fn pooling_to(inputs: usize, channels: usize) -> Option<(usize, bool)> {
    let side = (inputs / channels.max(1)).isqrt();
    match side {
        _ if inputs == 2 * channels => Some((1, true)),
        1.. if side * side * channels == inputs => Some((side, false)),
        _ => None,
    }
}

enum LoadedLayer {
    Linear(Linear),
    BatchNorm(Box<BatchNorm>),
    Relu,
}

impl LoadedLayer {
    /// `[n, inputs]` to `[n, outputs]`.
    fn forward(&self, x: Tensor<2>, tap: &Tap) -> Tensor<2> {
        match self {
            Self::Linear(linear) => linear.forward(x),
            Self::BatchNorm(norm) => {
                let [n, k] = x.dims();
                norm.forward(x.reshape([n, k, 1, 1])).flatten(1, 3)
            }
            Self::Relu => tap.relu(x),
        }
    }
}

/// A [`Head`] with its numbers.
pub struct LoadedHead {
    pooling: LoadedSequence,
    /// Whether the largest values stand before the means.
    doubled: bool,
    /// How many of the layers see each window of the features before the mean of all windows is taken; 0: the features are pooled.
    windowed: usize,
    layers: Vec<LoadedLayer>,
    /// The names of the layer that is pooled.
    pooled: Vec<String>,
    own: OwnHead,
}

impl LoadedHead {
    /// `[n, k, h, w]` to `[n, classes]`.
    pub fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        if self.windowed > 0 {
            let [n, ..] = x.dims();
            let (first, last) = self.layers.split_at(self.windowed);
            let x = first.iter().fold(self.windows(x), |x, layer| layer.forward(x, tap));
            let [rows, k] = x.dims();
            let mean = x.reshape([rows / n, n, k]).mean_dim(0).reshape([n, k]);
            return last.iter().fold(mean, |x, layer| layer.forward(x, tap));
        }
        let largest = self.doubled.then(|| global_max_pool(x.clone()));
        let mut x: Tensor<2> = self.pooling.forward(x, tap).flatten(1, 3);
        if let Some(largest) = largest {
            let rows = x.dims()[0] / largest.dims()[0];
            x = Tensor::cat(vec![super::repeat_rows(largest, rows).flatten(1, 3), x], 1);
        }
        self.layers.iter().fold(x, |x, layer| layer.forward(x, tap))
    }

    /// The windows of features, one after another for all pictures: `[n, k, h, w]` to `[windows * n, k * side * side]`. Fewer places
    /// than a window has become as many.
    fn windows(&self, x: Tensor<4>) -> Tensor<2> {
        let [n, k, h, w] = x.dims();
        let side = self.own.side;
        let sides = [h.max(side), w.max(side)];
        let x = if sides == [h, w] { x } else { adaptive_avg_pool2d(x, sides) };
        let places = (0..=sides[0] - side).flat_map(|top| (0..=sides[1] - side).map(move |left| (top, left)));
        let window = |(top, left): (usize, usize)| {
            let window = x.clone().slice([0..n, 0..k, top..top + side, left..left + side]);
            window.reshape([n, k * side * side])
        };
        Tensor::cat(places.map(window).collect(), 0)
    }

    /// The layers by themselves, where features of this extent come in. What two kinds of pooling do together is no layer.
    pub fn parts(&self, features: Extent) -> Vec<Part<'_>> {
        let column = |channels| Extent { channels, sides: [1; 2] };
        let pooled = Extent { sides: [self.own.side; 2], ..features };
        let (mut parts, mut x) = (Vec::new(), features);
        for (name, leaf) in self.pooling.leaves() {
            parts.push(Part::of_module(name, &Module::Identity, [x, pooled], leaf));
            x = pooled;
        }
        let mut x = column(if self.doubled { 2 * pooled.numbers() } else { pooled.numbers() });
        if self.windowed > 0 {
            let side = self.own.side;
            x.sides = features.sides.map(|places| places.max(side) - side + 1);
        }
        let mut names = self.own.layers.iter();
        for (place, layer) in self.layers.iter().enumerate() {
            if place == self.windowed {
                x.sides = [1; 2];
            }
            let (name, y, numbers) = match layer {
                LoadedLayer::Linear(linear) => {
                    let outputs = linear.outputs();
                    let weights = x.channels * outputs;
                    (names.next(), outputs, [weights + outputs, weights * x.sides[0] * x.sides[1]])
                }
                LoadedLayer::BatchNorm(_) => (names.next(), x.channels, [2 * x.channels, 0]),
                LoadedLayer::Relu => (None, x.channels, [0, 0]),
            };
            let name = name.map_or("(function)".into(), String::clone);
            let forward = |x: Tensor<4>| {
                let [n, k, h, w] = x.dims();
                let y = layer.forward(x.permute([0, 2, 3, 1]).reshape([n * h * w, k]), &Tap::default());
                let [_, k] = y.dims();
                y.reshape([n, h, w, k]).permute([0, 3, 1, 2])
            };
            let y = Extent { channels: y, ..x };
            parts.push(Part::new(name, [x, y], numbers, forward));
            x = y;
        }
        parts
    }

    /// The layer that is pooled and the weight, where one linear layer follows global average pooling.
    pub fn linear(&self) -> Option<LinearHead> {
        match &self.layers[..] {
            [LoadedLayer::Linear(linear)] if self.own.side == 1 && !self.doubled && self.windowed == 0 => {
                Some(LinearHead { layers: self.pooled.clone(), weight: linear.weight() })
            }
            _ => None,
        }
    }

    /// What the head is made of.
    pub fn own(&self) -> OwnHead {
        self.own.clone()
    }
}
