//! A network without numbers, and what it becomes with them.

use burn::tensor::Tensor;

use super::head::{Head, LoadedHead, OwnHead};
use super::module::{LoadedSequence, Module, Sequence};
use super::ops::Loader;
use super::outline::Outline;
use super::receptive_field::ReceptiveField;
use super::{LinearHead, Network, Part, Tap};
use crate::error::error;
use crate::read_back::upload;
use crate::{Note, Result};

/// Channels of a picture.
const COLOURS: usize = 3;
/// The most channels of a picture.
const MAX_INPUTS: usize = 1 << 10;

/// A network without numbers: what a family makes of its sizes.
pub struct Description {
    /// From the picture to what the head takes.
    pub features: Sequence,
    /// From there to class scores; without one, the features are the scores, `[n, classes, 1, 1]`.
    pub head: Option<Head>,
    /// As [`Network::training_only`].
    pub training_only: &'static [&'static str],
    /// As [`Network::notes`].
    pub notes: Vec<Note>,
}

impl Description {
    /// Features and a head.
    pub fn new(features: Sequence, head: impl Into<Option<Head>>) -> Self {
        Self { features, head: head.into(), training_only: &[], notes: Vec::new() }
    }

    /// Name and shape of the first convolution's weight, for pictures in colour.
    pub fn stem(&self) -> Option<(String, [usize; 4])> {
        let (name, convolution) = self.features.first_convolution()?;
        Some((format!("{name}.weight"), convolution.weight_shape(COLOURS)))
    }

    /// Takes all tensors, from the picture to the head.
    pub(super) fn load(self, loader: &mut Loader) -> Result<Box<dyn Network>> {
        let Self { features, head, training_only, notes } = self;
        let first = features.first_convolution();
        let shape = first.and_then(|(name, _)| loader.shape(&format!("{name}.weight")));
        let shape = shape.filter(|shape| shape.len() == 4);
        // A stem sees all channels of a picture.
        let inputs = shape.and_then(|shape| shape.get(1)).copied().unwrap_or(COLOURS).clamp(1, MAX_INPUTS);
        if inputs != COLOURS && features.is_for_colours() {
            return Err(error!(
                Weights,
                "colours-needed",
                "the network transforms three colours first, but its first convolution takes {inputs} channels; choose weights of a network for colour pictures",
                inputs
            ));
        }
        let mut channels = inputs;
        let loaded = features.load(loader, "", &mut channels)?;
        let head = match head {
            None => None,
            Some(head) => {
                let functional_relu = features.ends_with_functional_relu();
                Some(head.load(loader, channels, features.last_names(), functional_relu)?)
            }
        };
        let outline = Outline { features, inputs };
        let min_side = outline.min_side().ok_or_else(|| {
            error!(
                Weights,
                "network-too-deep",
                "nothing is left of any picture at the network's last layer: by its tensors it halves a picture too often; choose weights of a listed network"
            )
        })?;
        Ok(Box::new(Classifier { features: loaded, head, outline, training_only, min_side, notes }))
    }
}

/// A [`Description`] with its numbers.
struct Classifier {
    features: LoadedSequence,
    head: Option<LoadedHead>,
    outline: Outline,
    training_only: &'static [&'static str],
    min_side: usize,
    notes: Vec<Note>,
}

impl Network for Classifier {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let x = if self.outline.inputs == 1 { grey(x) } else { x };
        let x = self.features.forward(x, tap);
        match &self.head {
            Some(head) => head.forward(x, tap),
            None => x.flatten(1, 3),
        }
    }

    fn linear_head(&self) -> Option<LinearHead> {
        self.head.as_ref()?.linear()
    }

    fn own_head(&self) -> Option<OwnHead> {
        self.head.as_ref().map(LoadedHead::own)
    }

    fn input_channels(&self) -> usize {
        self.outline.inputs
    }

    fn notes(&self) -> &[Note] {
        &self.notes
    }

    fn training_only(&self) -> &'static [&'static str] {
        self.training_only
    }

    fn min_side(&self) -> usize {
        self.min_side
    }

    fn largest_activation(&self, sides: [usize; 2]) -> usize {
        self.outline.largest(sides).unwrap_or(0)
    }

    fn parts(&self, sides: [usize; 2]) -> Vec<Part<'_>> {
        let mut leaves = Vec::new();
        let mut see = |module: &Module, x, y| {
            if !module.holds_others() {
                leaves.push((module.clone(), [x, y]));
            }
        };
        let Some(features) = self.outline.pass(sides, &mut see) else { return Vec::new() };
        let part = |((name, leaf), (module, extents))| Part::of_module(name, &module, extents, leaf);
        let parts = self.features.leaves().into_iter().zip(leaves).map(part);
        parts.chain(self.head.iter().flat_map(|head| head.parts(features))).collect()
    }

    fn receptive_field(&self, layer: &str) -> Option<ReceptiveField> {
        ReceptiveField::of(&self.outline.features, layer)
    }
}

/// Colours `[n, 3, h, w]` to grey `[n, 1, h, w]`, by the weights of ITU-R 601, as Pillow's `L`; grey stays as it is.
fn grey(x: Tensor<4>) -> Tensor<4> {
    if x.dims()[1] != COLOURS {
        return x;
    }
    let weights = upload(vec![0.299, 0.587, 0.114], [1, COLOURS, 1, 1], &x.device());
    (x * weights).sum_dim(1)
}
