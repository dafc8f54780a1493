//! The passes on the GPU: Burn's operations, put together where its own passes are slow.
//!
//! Where the window is one pixel, a convolution is a product of matrices, and Burn's takes several times as long for gradients.
//! Burn's gradients of grouped convolutions go group by group; of depthwise ones, both are here as few whole-tensor operations as a
//! window has pixels. So is the gradient of a dense weight, for which Burn's would read the output's gradient once for every
//! channel of the input.

use burn::backend::ops::{FloatTensorOps as _, ModuleOps as _};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Cube, TensorMetadata as _};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Shape, Slice};

use super::{Passes, weight_shape};
use crate::kernels::Geometry;

/// What kind of passes a convolution has.
enum Kind {
    /// A product of matrices.
    Pointwise,
    /// Each channel by itself, through a square window that is wider than its zeros.
    Depthwise,
    Dense,
    Grouped,
}

impl Kind {
    fn of(geometry: &Geometry) -> Self {
        let Geometry { inputs, outputs, groups, window, stride, padding, .. } = *geometry;
        let is_square = window[0] == window[1] && padding[0] == padding[1] && padding[0] < window[0];
        match groups {
            1 if window == [1; 2] && padding == [0; 2] && stride == 1 => Self::Pointwise,
            1 => Self::Dense,
            _ if inputs == groups && outputs == groups && is_square => Self::Depthwise,
            _ => Self::Grouped,
        }
    }
}

impl Passes for Cube {
    fn forward(x: FloatTensor<Self>, weight: FloatTensor<Self>, geometry: &Geometry) -> FloatTensor<Self> {
        match Kind::of(geometry) {
            Kind::Pointwise => {
                let weight = matrix(weight, geometry);
                pointwise(x, weight)
            }
            _ => Self::conv2d(x, weight, None, options(geometry)),
        }
    }

    fn input_gradient(
        gradient: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        geometry: &Geometry,
    ) -> FloatTensor<Self> {
        let Geometry { pictures, inputs, input: [h, w], stride, padding, .. } = *geometry;
        match Kind::of(geometry) {
            Kind::Pointwise => pointwise(gradient, Self::float_swap_dims(matrix(weight, geometry), 0, 1)),
            Kind::Depthwise => depthwise_input_gradient(gradient, weight, [h, w], stride, padding[0]),
            Kind::Dense | Kind::Grouped => {
                // Of the input, only its shape is asked for.
                let shape = Shape::from([pictures, inputs, h, w]);
                let input = Self::float_empty(shape, &gradient.device(), gradient.dtype().into());
                Self::conv2d_x_backward(input, weight, gradient, options(geometry))
            }
        }
    }

    fn weight_gradient(
        x: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        geometry: &Geometry,
    ) -> FloatTensor<Self> {
        let Geometry { window, stride, padding, .. } = *geometry;
        let shape = weight_shape(geometry);
        match Kind::of(geometry) {
            Kind::Pointwise | Kind::Dense => dense_weight_gradient(gradient, x, shape, stride, padding),
            Kind::Depthwise => depthwise_weight_gradient(gradient, x, window[0], stride, padding[0]),
            Kind::Grouped => {
                let weight = Self::float_empty(Shape::from(shape), &x.device(), x.dtype().into());
                Self::conv2d_weight_backward(x, weight, gradient, options(geometry))
            }
        }
    }
}

fn options(geometry: &Geometry) -> ConvOptions<2> {
    let Geometry { stride, padding, groups, .. } = *geometry;
    ConvOptions::new([stride; 2], padding, [1; 2], groups)
}

/// The weight of a pointwise convolution as a matrix `[outputs, inputs]`.
fn matrix(weight: FloatTensor<Cube>, geometry: &Geometry) -> FloatTensor<Cube> {
    Cube::float_reshape(weight, Shape::from([geometry.outputs, geometry.inputs]))
}

/// `[n, inputs, h, w]` to `[n, outputs, h, w]` by `weight` `[outputs, inputs]`.
fn pointwise(x: FloatTensor<Cube>, weight: FloatTensor<Cube>) -> FloatTensor<Cube> {
    let [n, inputs, h, w] = x.shape().dims();
    let [outputs, _] = weight.shape().dims();
    let x = Cube::float_reshape(x, Shape::from([n, inputs, h * w]));
    let weight = Cube::float_reshape(weight, Shape::from([1, outputs, inputs]));
    let weight = Cube::float_expand(weight, Shape::from([n, outputs, inputs]));
    Cube::float_reshape(Cube::float_matmul(weight, x), Shape::from([n, outputs, h, w]))
}

/// The gradient of a dense weight: a product of matrices, of what came back and what each pixel of the window saw.
fn dense_weight_gradient(
    gradient: FloatTensor<Cube>,
    x: FloatTensor<Cube>,
    weight: [usize; 4],
    stride: usize,
    padding: [usize; 2],
) -> FloatTensor<Cube> {
    let [n, _, h, w] = gradient.shape().dims();
    let [outputs, inputs, rows, columns] = weight;
    let padded = padded(x, padding);
    let pixels = (0..rows * columns).map(|pixel| {
        let seen = every(n, inputs, [(pixel / columns, h), (pixel % columns, w)], stride);
        Cube::float_slice(padded.clone(), &seen)
    });
    let seen = Cube::float_cat(pixels.collect(), 1);
    let seen = Cube::float_reshape(seen, Shape::from([n, rows * columns * inputs, h * w]));
    let gradient = Cube::float_reshape(gradient, Shape::from([n, outputs, h * w]));
    let products = Cube::float_matmul(gradient, Cube::float_swap_dims(seen, 1, 2));
    let sum =
        Cube::float_reshape(Cube::float_sum_dim(products, 0), Shape::from([outputs, rows * columns, inputs]));
    Cube::float_reshape(Cube::float_swap_dims(sum, 1, 2), Shape::from(weight))
}

/// The gradient of a depthwise input: that of the output, spread out by the stride, through the turned window.
fn depthwise_input_gradient(
    gradient: FloatTensor<Cube>,
    weight: FloatTensor<Cube>,
    input: [usize; 2],
    stride: usize,
    padding: usize,
) -> FloatTensor<Cube> {
    let [n, k, h, w] = gradient.shape().dims();
    let window = weight.shape()[2];
    let spread = if stride == 1 {
        gradient
    } else {
        // What the last window did not reach counts too.
        let side = |output: usize, input: usize| {
            let unreached = (input + 2 * padding - window) % stride;
            (output - 1) * stride + 1 + unreached
        };
        let shape = Shape::from([n, k, side(h, input[0]), side(w, input[1])]);
        let zeros = Cube::float_zeros(shape, &gradient.device(), gradient.dtype().into());
        Cube::float_slice_assign(zeros, &every(n, k, [(0, h), (0, w)], stride), gradient)
    };
    let options = ConvOptions::new([1; 2], [window - 1 - padding; 2], [1; 2], k);
    Cube::conv2d(spread, Cube::float_flip(weight, &[2, 3]), None, options)
}

/// The gradient of a depthwise weight: for each pixel of the window, what it saw times what came back.
fn depthwise_weight_gradient(
    gradient: FloatTensor<Cube>,
    x: FloatTensor<Cube>,
    window: usize,
    stride: usize,
    padding: usize,
) -> FloatTensor<Cube> {
    let [n, k, h, w] = gradient.shape().dims();
    let padded = padded(x, [padding; 2]);
    let pixels = (0..window * window).map(|pixel| {
        let seen = every(n, k, [(pixel / window, h), (pixel % window, w)], stride);
        let product = Cube::float_mul(Cube::float_slice(padded.clone(), &seen), gradient.clone());
        let sum = (0..4).filter(|&axis| axis != 1).fold(product, Cube::float_sum_dim);
        Cube::float_reshape(sum, Shape::from([k, 1]))
    });
    Cube::float_reshape(Cube::float_cat(pixels.collect(), 1), Shape::from([k, 1, window, window]))
}

/// `x` `[n, k, h, w]` within zeros, so many above and below, and left and right.
fn padded(x: FloatTensor<Cube>, [above, left]: [usize; 2]) -> FloatTensor<Cube> {
    let [n, k, h, w] = x.shape().dims();
    let zeros = Shape::from([n, k, h + 2 * above, w + 2 * left]);
    let zeros = Cube::float_zeros(zeros, &x.device(), x.dtype().into());
    Cube::float_slice_assign(zeros, &every(n, k, [(above, h), (left, w)], 1), x)
}

/// All pictures and channels, and of rows and columns so many from a first on, `step` apart.
fn every(n: usize, k: usize, sides: [(usize, usize); 2], step: usize) -> [Slice; 4] {
    let [rows, columns] = sides.map(|(first, count)| {
        Slice::new(first as isize, Some((first + (count - 1) * step + 1) as isize), step as isize)
    });
    [Slice::from(0..n), Slice::from(0..k), rows, columns]
}
