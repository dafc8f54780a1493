//! Depthwise convolution, each channel by itself, as one custom autodiff operation.
//!
//! The backward passes of Burn's grouped convolution go group by group; here both are as few whole-tensor operations as
//! a window has pixels.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, binary};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Cube, Dispatch, Flex, TensorMetadata as _, backend_extension};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Shape, Slice, Tensor};

/// `x` `[n, k, h, w]` by `weight` `[k, 1, s, s]`, the window moved by `stride` over `padding` zeros on every side.
pub(super) fn convolve(x: Tensor<4>, weight: Tensor<4>, stride: usize, padding: usize) -> Tensor<4> {
    let (x, weight) = (x.into_dispatch(), weight.into_dispatch());
    Tensor::from_dispatch(Dispatch::convolve_depthwise(x, weight, stride, padding))
}

#[backend_extension(Autodiff, Flex, Cube)]
trait Depthwise: Backend {
    fn convolve_depthwise(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        stride: usize,
        padding: usize,
    ) -> FloatTensor<Self> {
        let groups = weight.shape()[0];
        Self::conv2d(x, weight, None, ConvOptions::new([stride; 2], [padding; 2], [1; 2], groups))
    }
}

impl Depthwise for Flex {}
impl Depthwise for Cube {}

impl<B: Depthwise, C: CheckpointStrategy> Depthwise for Autodiff<B, C> {
    fn convolve_depthwise(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        stride: usize,
        padding: usize,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node()];
        let (x, weight) = (x.into_primitive(), weight.into_primitive());
        let output = B::convolve_depthwise(x.clone(), weight.clone(), stride, padding);
        match (Convolved { stride, padding }).prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(preparation) => preparation.finish((x, weight), output),
            OpsKind::UnTracked(preparation) => preparation.finish(output),
        }
    }
}

#[derive(Debug)]
struct Convolved {
    stride: usize,
    padding: usize,
}

impl<B: Depthwise> Backward<B, 2> for Convolved {
    /// Input and weight.
    type State = (B::FloatTensorPrimitive, B::FloatTensorPrimitive);

    fn backward(self, ops: Ops<Self::State, 2>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let Self { stride, padding } = self;
        let (x, weight) = ops.state;
        let (shape, window) = (x.shape(), weight.shape()[2]);
        binary::<B, _, _>(
            ops.parents,
            ops.node,
            gradients,
            |gradient| of_input::<B>(gradient, weight, &shape, stride, padding),
            |gradient| of_weight::<B>(gradient, x, window, stride, padding),
        );
    }
}

/// The gradient of the input: that of the output, spread out by the stride, through the turned window.
fn of_input<B: Depthwise>(
    gradient: FloatTensor<B>,
    weight: FloatTensor<B>,
    input: &Shape,
    stride: usize,
    padding: usize,
) -> FloatTensor<B> {
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
        let shape = Shape::from([n, k, side(h, input[2]), side(w, input[3])]);
        let zeros = B::float_zeros(shape, &gradient.device(), gradient.dtype().into());
        B::float_slice_assign(zeros, &every(n, k, [(0, h), (0, w)], stride), gradient)
    };
    B::convolve_depthwise(spread, B::float_flip(weight, &[2, 3]), 1, window - 1 - padding)
}

/// The gradient of the weight: for each pixel of the window, what it saw times what came back.
fn of_weight<B: Depthwise>(
    gradient: FloatTensor<B>,
    x: FloatTensor<B>,
    window: usize,
    stride: usize,
    padding: usize,
) -> FloatTensor<B> {
    let [n, k, h, w] = gradient.shape().dims();
    let [_, _, rows, columns] = x.shape().dims();
    let shape = Shape::from([n, k, rows + 2 * padding, columns + 2 * padding]);
    let zeros = B::float_zeros(shape, &x.device(), x.dtype().into());
    let padded = B::float_slice_assign(zeros, &every(n, k, [(padding, rows), (padding, columns)], 1), x);
    let pixels = (0..window * window).map(|pixel| {
        let seen = every(n, k, [(pixel / window, h), (pixel % window, w)], stride);
        let product = B::float_mul(B::float_slice(padded.clone(), &seen), gradient.clone());
        let sum =
            (0..4).filter(|&axis| axis != 1).fold(product, |product, axis| B::float_sum_dim(product, axis));
        B::float_reshape(sum, Shape::from([k, 1]))
    });
    B::float_reshape(B::float_cat(pixels.collect(), 1), Shape::from([k, 1, window, window]))
}

/// All pictures and channels, and of rows and columns so many from a first on, `step` apart.
fn every(n: usize, k: usize, sides: [(usize, usize); 2], step: usize) -> [Slice; 4] {
    let [rows, columns] = sides.map(|(first, count)| {
        Slice::new(first as isize, Some((first + (count - 1) * step + 1) as isize), step as isize)
    });
    [Slice::from(0..n), Slice::from(0..k), rows, columns]
}
