//! What networks are computed by: layers with their weights, and operations with gradients of our own.

mod batch_norm;
mod convolve;
mod layers;
pub(super) mod relu;

pub use layers::*;
