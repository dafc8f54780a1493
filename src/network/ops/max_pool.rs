//! Largest values under a window, as an operation of every backend: on the CPU our own, since Burn's also looks for where each
//! value comes from, which only a gradient asks for.

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata as _, backend_extension};
use burn::tensor::Tensor;

use super::slices::{tensor, values};
use crate::kernels::for_parts;
use crate::network::outline::Extent;

/// The largest value under a square `window` moved by 2, with `padding`; a window that only partly fits counts where `ceil` says
/// so.
pub(super) fn max_pool(x: Tensor<4>, window: usize, padding: usize, ceil: bool) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::max_pool(x.into_dispatch(), window, padding, ceil))
}

#[backend_extension(Autodiff, Flex, Cube: cfg(feature = "gpu"))]
trait MaxPool: Backend {
    fn max_pool(x: FloatTensor<Self>, window: usize, padding: usize, ceil: bool) -> FloatTensor<Self> {
        Self::max_pool2d(x, [window; 2], [STRIDE; 2], [padding; 2], [1; 2], ceil)
    }
}

const STRIDE: usize = 2;

impl<B: Backend, C: CheckpointStrategy> MaxPool for Autodiff<B, C> {}

#[cfg(feature = "gpu")]
impl MaxPool for burn::backend::Cube {}

/// NaN is larger than anything, as PyTorch has it.
impl MaxPool for Flex {
    fn max_pool(x: FloatTensor<Self>, window: usize, padding: usize, ceil: bool) -> FloatTensor<Self> {
        let x = x.to_contiguous();
        let [n, k, h, w] = x.shape().dims();
        let from = Extent { channels: k, sides: [h, w] };
        let to = from.windowed([window; 2], STRIDE, [padding; 2], ceil);
        let [rows, columns] = to.expect("the window fits into the picture").sides;
        let from = values(&x);
        let mut pooled = vec![f32::NEG_INFINITY; n * k * rows * columns];
        let seen = |y: usize| (y * STRIDE).saturating_sub(padding)..(y * STRIDE + window - padding).min(h);
        for_parts(&mut pooled, rows * columns, true, |channel, pooled| {
            let from = &from[channel * h * w..][..h * w];
            // Of each column under a window: no branch asks where the picture ends.
            let mut highest = vec![f32::NEG_INFINITY; STRIDE * (columns - 1) + window];
            let within = w.min(highest.len() - padding);
            for (y, pooled) in pooled.chunks_exact_mut(columns).enumerate() {
                highest[padding..][..within].fill(f32::NEG_INFINITY);
                for row in seen(y) {
                    let highest = highest[padding..][..within].iter_mut();
                    highest
                        .zip(&from[row * w..][..w])
                        .for_each(|(highest, x)| *highest = larger(*highest, *x));
                }
                for column in 0..window {
                    let highest = highest[column..].iter().step_by(STRIDE);
                    pooled.iter_mut().zip(highest).for_each(|(pooled, x)| *pooled = larger(*pooled, *x));
                }
            }
        });
        tensor(pooled, [n, k, rows, columns])
    }
}

fn larger(a: f32, b: f32) -> f32 {
    if (b > a) | b.is_nan() { b } else { a }
}
