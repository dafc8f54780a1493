//! Where a network's numbers come from: a file of named tensors, or a hash of their names; and what is said beside them.

mod card;
mod hashed;
mod labels;
mod safetensors;

pub use self::card::Card;
pub use self::hashed::Hashed;
pub use self::labels::labels;
pub use self::safetensors::Weights;

use crate::Result;

/// A source of named tensors in PyTorch's layout and with torchvision's names.
///
/// A network is built by taking every tensor that it has from one of these.
pub trait Parameters {
    /// The values of tensor `name`, row-major, which must have exactly this `shape`.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights), naming the tensor, what was found and what was wanted: it
    /// is missing, has another shape, a type other than f32, f16 or bf16, or a value that is not finite.
    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>>;

    /// The size of tensor `name` along its first axis: of a classifier's weight, the number of classes.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights) when the tensor is missing or a scalar.
    fn rows(&self, name: &str) -> Result<usize>;
}
