//! Pictures read between their pixels, as an operation of every backend; nothing is differentiated through it. So the page's engine does
//! without the gradient, which would be the largest of all that it has.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, Flex, TensorMetadata as _, backend_extension};
use burn::tensor::Tensor;
use burn::tensor::ops::{GridSampleOptions, InterpolateMode};

/// Pictures `[n, k, h, w]` at the places `grid` `[1, rows, columns, 2]`, each a column and a row from -1 to 1, from edge to edge: bilinear,
/// zero outside, `[n, k, rows, columns]`.
pub(crate) fn sample(x: Tensor<4>, grid: Tensor<4>) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::sample(x.into_dispatch(), grid.into_dispatch()))
}

#[backend_extension(Flex, Cube: cfg(feature = "gpu"))]
trait Sample: Backend {
    fn sample(x: FloatTensor<Self>, grid: FloatTensor<Self>) -> FloatTensor<Self> {
        let grid = Self::float_repeat_dim(grid, 0, x.shape()[0]);
        Self::float_grid_sample_2d(x, grid, GridSampleOptions::new(InterpolateMode::Bilinear))
    }
}

impl Sample for Flex {}

#[cfg(feature = "gpu")]
impl Sample for burn::backend::Cube {}
