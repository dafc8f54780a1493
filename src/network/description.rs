//! A network without numbers, and what it becomes with them.

use burn::tensor::Tensor;

use super::module::{LoadedSequence, Module, Sequence};
use super::ops::{Linear, Loader};
use super::{LinearHead, Network, Shapes, Tap};
use crate::Result;

/// Channels of a picture.
const COLOURS: usize = 3;

/// A network without numbers: what a family makes of its sizes.
pub struct Description {
    /// From the picture to what the head takes.
    pub features: Sequence,
    /// From there to class scores; without one, the features are the scores, `[n, classes, 1, 1]`.
    pub head: Option<Head>,
    /// As [`Network::training_only`].
    pub training_only: &'static [&'static str],
    /// As [`Network::min_side`].
    pub min_side: usize,
}

impl Description {
    /// Features and a head, for pictures of at least 32 rows and columns.
    pub fn new(features: Sequence, head: impl Into<Option<Head>>) -> Self {
        Self { features, head: head.into(), training_only: &[], min_side: 32 }
    }

    /// Takes all tensors, from the picture to the head.
    pub(super) fn load(self, loader: &mut Loader) -> Result<Box<dyn Network>> {
        let Self { features, head, training_only, min_side } = self;
        let mut channels = COLOURS;
        let loaded = features.load(loader, "", &mut channels)?;
        let head = match head {
            None => None,
            Some(head) => Some(head.load(loader, channels, features.last_names())?),
        };
        Ok(Box::new(Classifier { features: loaded, head, training_only, min_side }))
    }
}

/// Average pooling and linear layers, with ReLUs between.
pub struct Head {
    /// The pool, and what torchvision has between it and the linear layers.
    pooling: Sequence,
    /// Rows and columns that the pool gives.
    side: usize,
    /// Name and outputs of each linear layer, the last one's the classes.
    linear: Vec<(&'static str, usize)>,
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
    /// classes.
    ///
    /// # Errors
    /// As [`Shapes::classes`].
    pub fn hidden(
        shapes: &Shapes,
        side: usize,
        hidden: &[(&'static str, usize)],
        last: &'static str,
    ) -> Result<Self> {
        let pooling = Sequence::new().unnamed(Module::AdaptiveAveragePool { side });
        let linear = [hidden, &[(last, shapes.classes(last)?)]].concat();
        Ok(Self { pooling, side, linear })
    }

    /// The same with its pool under the name `avgpool`.
    pub fn named_pool(self) -> Self {
        let pool = Module::AdaptiveAveragePool { side: self.side };
        Self { pooling: Sequence::new().then("avgpool", pool), ..self }
    }

    /// The same with `dropout`, which does nothing here, after the pool.
    pub fn dropout(self) -> Self {
        Self { pooling: self.pooling.then("dropout", Module::Identity), ..self }
    }

    /// `pooled` are the names of the layer that is pooled.
    fn load(self, loader: &mut Loader, channels: usize, pooled: Vec<String>) -> Result<LoadedHead> {
        let Self { pooling, side, linear } = self;
        let mut unchanged = channels;
        let pooling = pooling.load(loader, "", &mut unchanged)?;
        let mut inputs = channels * side * side;
        let mut layers = Vec::new();
        for (name, outputs) in linear {
            layers.push(Linear::load(loader, name, inputs, outputs)?);
            inputs = outputs;
        }
        let is_linear = side == 1 && layers.len() == 1;
        Ok(LoadedHead { pooling, linear: layers, pooled: is_linear.then_some(pooled) })
    }
}

/// A [`Description`] with its numbers.
struct Classifier {
    features: LoadedSequence,
    head: Option<LoadedHead>,
    training_only: &'static [&'static str],
    min_side: usize,
}

struct LoadedHead {
    pooling: LoadedSequence,
    linear: Vec<Linear>,
    /// The names of the layer that is pooled, where one linear layer follows.
    pooled: Option<Vec<String>>,
}

impl Network for Classifier {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let x = self.features.forward(x, tap);
        let Some(LoadedHead { pooling, linear, .. }) = &self.head else { return x.flatten(1, 3) };
        let mut x: Tensor<2> = pooling.forward(x, tap).flatten(1, 3);
        for (i, linear) in linear.iter().enumerate() {
            x = linear.forward(if i > 0 { tap.relu(x) } else { x });
        }
        x
    }

    fn linear_head(&self) -> Option<LinearHead> {
        let LoadedHead { linear, pooled, .. } = self.head.as_ref()?;
        Some(LinearHead { layers: pooled.clone()?, weight: linear[0].weight() })
    }

    fn training_only(&self) -> &'static [&'static str] {
        self.training_only
    }

    fn min_side(&self) -> usize {
        self.min_side
    }
}
