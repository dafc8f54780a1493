//! What the shapes in a weight file tell of a network's sizes.

use super::{HeadPlan, Parameters, Variant};
use crate::Result;
use crate::error::error;

/// The largest side of a tensor whose shape tells the network's size: the hidden layer of VGG may take 512·7·7 numbers.
const MAX_CHANNELS: usize = 1 << 16;

/// The shapes of a source's tensors. They give the sizes of networks that do not fix their own.
pub struct Shapes<'a>(&'a dyn Parameters);

impl<'a> Shapes<'a> {
    /// Those of `source`.
    pub fn new(source: &'a dyn Parameters) -> Self {
        Self(source)
    }

    /// The number of classes: rows of the classifier's weight, tensor `{name}.weight`.
    ///
    /// # Errors
    /// As [`Parameters::rows`].
    pub fn classes(&self, name: &str) -> Result<usize> {
        self.0.rows(&format!("{name}.weight"))
    }

    /// As [`Parameters::head`].
    pub fn head(&self) -> Option<&HeadPlan> {
        self.0.head()
    }

    /// As [`Parameters::variant`].
    pub fn variant(&self) -> Option<Variant> {
        self.0.variant()
    }

    /// Whether the source tells the shape of tensor `name`.
    pub fn has(&self, name: &str) -> bool {
        self.0.shape(name).is_some()
    }

    /// The shape of tensor `name`.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights) when the source does not tell it, it has not `D` axes, or one of them is 0
    /// or longer than any network's.
    pub fn get<const D: usize>(&self, name: &str) -> Result<[usize; D]> {
        let found = self.0.shape(name).ok_or_else(|| {
            error!(
                Weights,
                "size-tensor-missing", "tensor `{name}` is missing; its shape tells the network's size", name
            )
        })?;
        let shape: Option<[usize; D]> = found.try_into().ok();
        shape.filter(|shape| shape.iter().all(|side| (1..=MAX_CHANNELS).contains(side))).ok_or_else(|| {
            error!(
                Weights,
                "size-tensor-shape",
                "tensor `{name}` has shape {found}; this network needs {axes} axes there, each from 1 to {max}",
                name,
                found = format_args!("{found:?}"),
                axes = D,
                max = MAX_CHANNELS
            )
        })
    }

    /// How many of `names`, counted from `first`, the source has in a row.
    pub fn count(&self, first: usize, name: impl Fn(usize) -> String) -> usize {
        (first..).take_while(|&i| self.has(&name(i))).count()
    }
}
