//! Some of a tensor's rows, channels or whatever it is made of.

use burn::tensor::Tensor;

/// The `places` of `x` along `dimension`, in their order; at least one. Copies of parts, since Burn's own way takes tensors of whole numbers,
/// of which nothing else makes use: the page's engine does without them.
pub(crate) fn pick<const D: usize>(x: &Tensor<D>, dimension: usize, places: &[usize]) -> Tensor<D> {
    let parts = places.iter().map(|&place| x.clone().narrow(dimension, place, 1));
    Tensor::cat(parts.collect::<Vec<_>>(), dimension)
}
