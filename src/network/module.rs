//! The language that networks are described in: modules under torchvision's names, without numbers.
//!
//! A family writes a [`Description`](super::description::Description), each layer's name once. Loading it gives the
//! network. From the same names follow the tap's layers, the names of the tensors, and the layer that CAM pools.

use std::ops::Range;

use burn::tensor::Tensor;

use super::ops::{
    BatchNorm, Conv2d, Convolution, Fused, Loader, adaptive_average_pool, average_pool_2x2, average_pool_3x3,
    max_pool_2x2, max_pool_3x3,
};
use super::tap::{Tap, add, concatenate, join};
use crate::Result;

/// What one module does to `[n, k, h, w]`.
#[derive(Debug, Clone)]
pub enum Module {
    /// A convolution.
    Convolution(Convolution),
    /// Batch normalisation with this `ε`.
    BatchNorm {
        /// What is added to the variance.
        epsilon: f64,
    },
    /// A ReLU.
    Relu,
    /// A ReLU with its cap at 6.
    Relu6,
    /// A ReLU that torchvision calls as a function, so that hooks on its modules do not see it.
    FunctionalRelu,
    /// The largest value of each 2×2 pixels.
    MaxPool2x2,
    /// The largest value under a 3×3 window moved by 2.
    MaxPool3x3 {
        /// Pixels of border.
        padding: usize,
        /// Whether a window that only partly fits counts.
        ceil: bool,
    },
    /// The mean of each 2×2 pixels.
    AveragePool2x2 {
        /// Whether a window that only partly fits counts, by the mean of its pixels.
        ceil: bool,
    },
    /// The mean under a 3×3 window moved by 1.
    AveragePool3x3,
    /// Means of each channel over `side` by `side` parts of the picture.
    AdaptiveAveragePool {
        /// Rows and columns that come out.
        side: usize,
    },
    /// `scale · x + shift`, for each of three channels.
    ScaleAndShift {
        /// The factors.
        scale: [f32; 3],
        /// The summands.
        shift: [f32; 3],
    },
    /// The first half of the channels.
    FirstHalf,
    /// The second half of the channels.
    SecondHalf,
    /// The channels of both halves in turn.
    Shuffle,
    /// Nothing, such as dropout when it is not training.
    Identity,
    /// Modules one after another.
    Sequence(Sequence),
    /// Branches beside each other, their channels concatenated.
    Concatenate(Vec<Sequence>),
    /// The sum of two branches.
    Sum(Sequence, Sequence),
}

impl Module {
    /// Batch normalisation with PyTorch's default `ε`.
    pub const BATCH_NORM: Self = Self::BatchNorm { epsilon: BatchNorm::EPSILON };
    /// The pool after a stem.
    pub const STEM_POOL: Self = Self::MaxPool3x3 { padding: 1, ceil: false };
}

impl From<Convolution> for Module {
    fn from(convolution: Convolution) -> Self {
        Self::Convolution(convolution)
    }
}

impl From<Sequence> for Module {
    fn from(sequence: Sequence) -> Self {
        Self::Sequence(sequence)
    }
}

/// Modules one after another, each under its name: torchvision's `Sequential`, or what a module's `forward` calls.
#[derive(Debug, Clone, Default)]
pub struct Sequence(Vec<(Option<String>, Module)>);

impl Sequence {
    /// No modules yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Modules named by their place: `0`, `1` and on.
    pub fn numbered(modules: impl IntoIterator<Item = Module>) -> Self {
        let numbered = modules.into_iter().enumerate();
        Self(numbered.map(|(place, module)| (Some(place.to_string()), module)).collect())
    }

    /// The same followed by `module`, called `name`.
    pub fn then(mut self, name: impl Into<String>, module: impl Into<Module>) -> Self {
        self.0.push((Some(name.into()), module.into()));
        self
    }

    /// The same followed by what torchvision gives no name of its own: the tap does not see it.
    pub fn unnamed(mut self, module: impl Into<Module>) -> Self {
        self.0.push((None, module.into()));
        self
    }

    /// The first convolution and its name, where it is not in a branch.
    pub fn first_convolution(&self) -> Option<(String, Convolution)> {
        self.0.iter().find_map(|(name, module)| match (name, module) {
            (Some(name), Module::Convolution(convolution)) => Some((name.clone(), *convolution)),
            (Some(name), Module::Sequence(sequence)) => {
                let (inner, convolution) = sequence.first_convolution()?;
                Some((join(name, &inner), convolution))
            }
            _ => None,
        })
    }

    /// The modules in order.
    pub(super) fn modules(&self) -> impl Iterator<Item = &Module> {
        self.0.iter().map(|(_, module)| module)
    }

    /// The modules in order, with their names where they have any.
    pub(super) fn named_modules(&self) -> impl Iterator<Item = (Option<&str>, &Module)> {
        self.0.iter().map(|(name, module)| (name.as_deref(), module))
    }

    /// Whether it starts with a factor for each of three colours.
    pub fn is_for_colours(&self) -> bool {
        matches!(self.0.first(), Some((_, Module::ScaleAndShift { .. })))
    }

    /// Whether it ends with what torchvision calls as a function.
    pub fn ends_with_functional_relu(&self) -> bool {
        matches!(self.0.last(), Some((_, Module::FunctionalRelu)))
    }

    /// The modules that hold no others, in order, with their whole names where they have any.
    pub fn leaves(&self) -> Vec<(Option<String>, Module)> {
        let mut leaves = Vec::new();
        self.add_leaves("", &mut leaves);
        leaves
    }

    fn add_leaves(&self, scope: &str, leaves: &mut Vec<(Option<String>, Module)>) {
        for (name, module) in &self.0 {
            let full = name.as_ref().map(|name| join(scope, name));
            let inner = full.as_deref().unwrap_or(scope);
            match module {
                Module::Sequence(sequence) => sequence.add_leaves(inner, leaves),
                Module::Concatenate(branches) => {
                    branches.iter().for_each(|branch| branch.add_leaves(inner, leaves))
                }
                Module::Sum(first, second) => {
                    [first, second].into_iter().for_each(|branch| branch.add_leaves(inner, leaves))
                }
                _ => leaves.push((full, module.clone())),
            }
        }
    }

    /// The names of the last module and of those at its end, the outermost first.
    pub fn last_names(&self) -> Vec<String> {
        let Some((Some(name), module)) = self.0.last() else { return Vec::new() };
        let inner = match module {
            Module::Sequence(sequence) => sequence.last_names(),
            _ => Vec::new(),
        };
        let inner = inner.into_iter().map(|inner| join(name, &inner));
        std::iter::once(name.clone()).chain(inner).collect()
    }
}

/// Modules with their weights, ready to run.
pub(crate) struct LoadedSequence {
    modules: Vec<(Option<String>, LoadedModule)>,
    /// Of each module, whether others that follow it can be computed with it: how many, and by what.
    fused: Vec<Option<(usize, Fused)>>,
}

enum LoadedModule {
    /// A module that holds no others.
    Leaf(Box<Leaf>),
    Sequence(LoadedSequence),
    Concatenate(Vec<LoadedSequence>),
    Sum(LoadedSequence, LoadedSequence),
}

/// What a module that holds no others computes.
pub(super) enum Leaf {
    Convolution(Conv2d),
    BatchNorm(BatchNorm),
    /// With its cap, where it has one.
    Relu {
        cap: Option<f32>,
        is_function: bool,
    },
    Other(Box<dyn Fn(Tensor<4>) -> Tensor<4> + Send + Sync>),
}

impl Leaf {
    fn other(forward: impl Fn(Tensor<4>) -> Tensor<4> + Send + Sync + 'static) -> Self {
        Self::Other(Box::new(forward))
    }

    /// `[n, k, h, w]` through it.
    pub fn forward(&self, x: Tensor<4>, tap: &Tap) -> Tensor<4> {
        match self {
            Self::Convolution(conv) => conv.forward(x),
            Self::BatchNorm(norm) => norm.forward(x),
            Self::Relu { cap, is_function } => tap.rectify(x, *cap, *is_function),
            Self::Other(forward) => forward(x),
        }
    }
}

impl LoadedSequence {
    fn new(modules: Vec<(Option<String>, LoadedModule)>) -> Self {
        let fused = (0..modules.len()).map(|first| Self::fuse(&modules[first..])).collect();
        Self { modules, fused }
    }

    /// How many of the modules can be computed at once, from the first on, and by what.
    fn fuse(modules: &[(Option<String>, LoadedModule)]) -> Option<(usize, Fused)> {
        let mut leaves = modules.iter().map_while(|(_, module)| match module {
            LoadedModule::Leaf(leaf) => Some(leaf.as_ref()),
            _ => None,
        });
        let Leaf::Convolution(conv) = leaves.next()? else { return None };
        let (second, third) = (leaves.next(), leaves.next());
        let (count, norm, relu) = match (second, third) {
            (Some(Leaf::BatchNorm(norm)), Some(Leaf::Relu { cap, .. })) => (3, Some(norm), Some(cap)),
            (Some(Leaf::BatchNorm(norm)), _) => (2, Some(norm), None),
            (Some(Leaf::Relu { cap, .. }), _) => (2, None, Some(cap)),
            _ => return None,
        };
        let cap = relu.map(|cap| cap.unwrap_or(f32::INFINITY));
        Some((count, Fused::new(conv, norm, cap)?))
    }

    /// `[n, k, h, w]` through all modules, each inside the tap under its name.
    pub fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<4> {
        let (mut x, mut at) = (x, 0);
        while at < self.modules.len() {
            let fused = self.fused[at]
                .as_ref()
                .filter(|(count, fused)| fused.takes(&x) && tap.passes_over(self.names(at..at + count - 1)));
            let count = match fused {
                Some((count, fused)) => {
                    x = fused.forward(x);
                    tap.pass_over(self.names(at..at + count - 1), &x);
                    *count
                }
                None => 1,
            };
            let (name, module) = &self.modules[at + count - 1];
            let forward = |x, tap: &mut Tap| if fused.is_some() { x } else { module.forward(x, tap) };
            x = match name {
                Some(name) => tap.at(name, x, forward),
                None => forward(x, tap),
            };
            at += count;
        }
        x
    }

    fn names(&self, range: Range<usize>) -> impl Iterator<Item = &str> {
        self.modules[range].iter().filter_map(|(name, _)| name.as_deref())
    }

    /// The modules that hold no others, in the order of [`Sequence::leaves`], with their whole names.
    pub(super) fn leaves(&self) -> Vec<(String, &Leaf)> {
        let mut leaves = Vec::new();
        self.add_leaves("", &mut leaves);
        leaves
    }

    fn add_leaves<'a>(&'a self, scope: &str, leaves: &mut Vec<(String, &'a Leaf)>) {
        for (name, module) in &self.modules {
            let full = name.as_ref().map(|name| join(scope, name));
            let inner = full.as_deref().unwrap_or(scope);
            match module {
                // What torchvision calls as a function has no name of its own.
                LoadedModule::Leaf(leaf) => {
                    let name = full.unwrap_or_else(|| format!("{scope} (function)").trim_start().into());
                    leaves.push((name, leaf));
                }
                LoadedModule::Sequence(sequence) => sequence.add_leaves(inner, leaves),
                LoadedModule::Concatenate(branches) => {
                    branches.iter().for_each(|branch| branch.add_leaves(inner, leaves))
                }
                LoadedModule::Sum(first, second) => {
                    [first, second].into_iter().for_each(|branch| branch.add_leaves(inner, leaves))
                }
            }
        }
    }
}

impl LoadedModule {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<4> {
        match self {
            Self::Leaf(leaf) => leaf.forward(x, tap),
            Self::Sequence(sequence) => sequence.forward(x, tap),
            Self::Concatenate(branches) => {
                concatenate(branches.iter().map(|branch| branch.forward(x.clone(), tap)).collect())
            }
            Self::Sum(first, second) => {
                let first = first.forward(x.clone(), tap);
                add(first, second.forward(x, tap))
            }
        }
    }
}

impl Sequence {
    /// Takes the weights of all modules below `scope`. `channels` go in, and are afterwards those that come out.
    pub(super) fn load(
        &self,
        loader: &mut Loader,
        scope: &str,
        channels: &mut usize,
    ) -> Result<LoadedSequence> {
        let load = |(name, module): &(Option<String>, Module)| {
            let scope = name.as_ref().map_or(scope.into(), |name| join(scope, name));
            Ok((name.clone(), module.load(loader, &scope, channels)?))
        };
        Ok(LoadedSequence::new(self.0.iter().map(load).collect::<Result<_>>()?))
    }
}

impl Module {
    fn load(&self, loader: &mut Loader, scope: &str, channels: &mut usize) -> Result<LoadedModule> {
        let leaf = match self {
            Self::Convolution(convolution) => {
                let conv = Conv2d::load(loader, scope, *convolution, *channels)?;
                *channels = convolution.outputs(*channels);
                Leaf::Convolution(conv)
            }
            Self::BatchNorm { epsilon } => {
                Leaf::BatchNorm(BatchNorm::load(loader, scope, *channels, *epsilon)?)
            }
            Self::Relu => Leaf::Relu { cap: None, is_function: false },
            Self::Relu6 => Leaf::Relu { cap: Some(6.0), is_function: false },
            Self::FunctionalRelu => Leaf::Relu { cap: None, is_function: true },
            Self::MaxPool2x2 => Leaf::other(max_pool_2x2),
            &Self::MaxPool3x3 { padding, ceil } => Leaf::other(move |x| max_pool_3x3(x, padding, ceil)),
            &Self::AveragePool2x2 { ceil } => Leaf::other(move |x| average_pool_2x2(x, ceil)),
            Self::AveragePool3x3 => Leaf::other(average_pool_3x3),
            &Self::AdaptiveAveragePool { side } => Leaf::other(move |x| adaptive_average_pool(x, side)),
            Self::ScaleAndShift { scale, shift } => {
                let [scale, shift] = [scale, shift].map(|values| loader.per_channel(values.to_vec()));
                Leaf::other(move |x| x * scale.clone() + shift.clone())
            }
            Self::FirstHalf => {
                *channels /= 2;
                Leaf::other(|x| half(x, 0))
            }
            Self::SecondHalf => {
                *channels /= 2;
                Leaf::other(|x| half(x, 1))
            }
            Self::Shuffle => Leaf::other(shuffle),
            Self::Identity => Leaf::other(|x| x),
            Self::Sequence(sequence) => {
                return Ok(LoadedModule::Sequence(sequence.load(loader, scope, channels)?));
            }
            Self::Concatenate(branches) => {
                let inputs = std::mem::take(channels);
                let mut loaded = Vec::new();
                for branch in branches {
                    let mut outputs = inputs;
                    loaded.push(branch.load(loader, scope, &mut outputs)?);
                    *channels += outputs;
                }
                return Ok(LoadedModule::Concatenate(loaded));
            }
            Self::Sum(first, second) => {
                let mut inputs = *channels;
                let first = first.load(loader, scope, channels)?;
                let second = second.load(loader, scope, &mut inputs)?;
                return Ok(LoadedModule::Sum(first, second));
            }
        };
        Ok(LoadedModule::Leaf(Box::new(leaf)))
    }

    /// Whether it holds others.
    pub(super) fn holds_others(&self) -> bool {
        matches!(self, Self::Sequence(_) | Self::Concatenate(_) | Self::Sum(..))
    }
}

/// The first (0) or second (1) half of the channels, `[n, k, h, w]` to `[n, k / 2, h, w]`.
fn half(x: Tensor<4>, which: usize) -> Tensor<4> {
    let half = x.dims()[1] / 2;
    x.narrow(1, which * half, half)
}

/// `[n, k, h, w]` with the channels of both halves in turn.
fn shuffle(x: Tensor<4>) -> Tensor<4> {
    let [n, k, h, w] = x.dims();
    let halves: Tensor<5> = x.reshape([n, 2, k / 2, h, w]);
    halves.swap_dims(1, 2).reshape([n, k, h, w])
}
