//! Convolutions whose backward passes are our own, as custom autodiff operations.
//!
//! Those of Burn's grouped convolution go group by group; of a depthwise one, each channel by itself, both are here as few
//! whole-tensor operations as a window has pixels. So is the gradient of any other weight, for which Burn's would read the
//! output's gradient once for every channel of the input.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, binary};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Cube, Dispatch, Flex, TensorMetadata as _, backend_extension};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Shape, Slice, Tensor};

/// `x` `[n, inputs, h, w]` by `weight` `[outputs, inputs / groups, rows, columns]`, the window moved by `stride` over `padding`
/// zeros above and below, and left and right. In one group, or depthwise through a square window with as many groups as
/// inputs and outputs.
pub(super) fn convolve(
    x: Tensor<4>,
    weight: Tensor<4>,
    stride: usize,
    padding: [usize; 2],
    groups: usize,
) -> Tensor<4> {
    let (x, weight) = (x.into_dispatch(), weight.into_dispatch());
    Tensor::from_dispatch(Dispatch::convolve(x, weight, stride, padding, groups))
}

#[backend_extension(Autodiff, Flex, Cube)]
trait Convolve: Backend {
    fn convolve(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        stride: usize,
        padding: [usize; 2],
        groups: usize,
    ) -> FloatTensor<Self> {
        Self::conv2d(x, weight, None, ConvOptions::new([stride; 2], padding, [1; 2], groups))
    }
}

impl Convolve for Flex {}
impl Convolve for Cube {}

impl<B: Convolve, C: CheckpointStrategy> Convolve for Autodiff<B, C> {
    fn convolve(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        stride: usize,
        padding: [usize; 2],
        groups: usize,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node()];
        let (x, weight) = (x.into_primitive(), weight.into_primitive());
        let output = B::convolve(x.clone(), weight.clone(), stride, padding, groups);
        match (ConvolveBackward { stride, padding, groups }).prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(preparation) => preparation.finish((x, weight), output),
            OpsKind::UnTracked(preparation) => preparation.finish(output),
        }
    }
}

#[derive(Debug)]
struct ConvolveBackward {
    stride: usize,
    padding: [usize; 2],
    groups: usize,
}

impl<B: Convolve> Backward<B, 2> for ConvolveBackward {
    /// Input and weight.
    type State = (B::FloatTensorPrimitive, B::FloatTensorPrimitive);

    fn backward(self, ops: Ops<Self::State, 2>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let Self { stride, padding, groups } = self;
        let (x, weight) = ops.state;
        let (input, shape) = (x.clone(), weight.shape());
        binary::<B, _, _>(
            ops.parents,
            ops.node,
            gradients,
            |gradient| match groups {
                1 => {
                    let options = ConvOptions::new([stride; 2], padding, [1; 2], 1);
                    B::conv2d_x_backward(input, weight, gradient, options)
                }
                _ => depthwise_input_gradient::<B>(gradient, weight, &input.shape(), stride, padding[0]),
            },
            |gradient| match groups {
                1 => dense_weight_gradient::<B>(gradient, x, &shape, stride, padding),
                _ => depthwise_weight_gradient::<B>(gradient, x, shape[2], stride, padding[0]),
            },
        );
    }
}

/// The gradient of a dense weight: a product of matrices, of what came back and what each pixel of the window saw.
fn dense_weight_gradient<B: Convolve>(
    gradient: FloatTensor<B>,
    x: FloatTensor<B>,
    weight: &Shape,
    stride: usize,
    padding: [usize; 2],
) -> FloatTensor<B> {
    let [n, _, h, w] = gradient.shape().dims();
    let [outputs, inputs, rows, columns] = weight.dims();
    let padded = padded::<B>(x, padding);
    let pixels = (0..rows * columns).map(|pixel| {
        let seen = every(n, inputs, [(pixel / columns, h), (pixel % columns, w)], stride);
        B::float_slice(padded.clone(), &seen)
    });
    let seen = B::float_cat(pixels.collect(), 1);
    let seen = B::float_reshape(seen, Shape::from([n, rows * columns * inputs, h * w]));
    let gradient = B::float_reshape(gradient, Shape::from([n, outputs, h * w]));
    let products = B::float_matmul(gradient, B::float_swap_dims(seen, 1, 2));
    let sum = B::float_reshape(B::float_sum_dim(products, 0), Shape::from([outputs, rows * columns, inputs]));
    B::float_reshape(B::float_swap_dims(sum, 1, 2), weight.clone())
}

/// The gradient of a depthwise input: that of the output, spread out by the stride, through the turned window.
fn depthwise_input_gradient<B: Convolve>(
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
    B::convolve(spread, B::float_flip(weight, &[2, 3]), 1, [window - 1 - padding; 2], k)
}

/// The gradient of a depthwise weight: for each pixel of the window, what it saw times what came back.
fn depthwise_weight_gradient<B: Convolve>(
    gradient: FloatTensor<B>,
    x: FloatTensor<B>,
    window: usize,
    stride: usize,
    padding: usize,
) -> FloatTensor<B> {
    let [n, k, h, w] = gradient.shape().dims();
    let padded = padded::<B>(x, [padding; 2]);
    let pixels = (0..window * window).map(|pixel| {
        let seen = every(n, k, [(pixel / window, h), (pixel % window, w)], stride);
        let product = B::float_mul(B::float_slice(padded.clone(), &seen), gradient.clone());
        let sum =
            (0..4).filter(|&axis| axis != 1).fold(product, |product, axis| B::float_sum_dim(product, axis));
        B::float_reshape(sum, Shape::from([k, 1]))
    });
    B::float_reshape(B::float_cat(pixels.collect(), 1), Shape::from([k, 1, window, window]))
}

/// `x` `[n, k, h, w]` within zeros, so many above and below, and left and right.
fn padded<B: Convolve>(x: FloatTensor<B>, [above, left]: [usize; 2]) -> FloatTensor<B> {
    let [n, k, h, w] = x.shape().dims();
    let zeros = Shape::from([n, k, h + 2 * above, w + 2 * left]);
    let zeros = B::float_zeros(zeros, &x.device(), x.dtype().into());
    B::float_slice_assign(zeros, &every(n, k, [(above, h), (left, w)], 1), x)
}

/// All pictures and channels, and of rows and columns so many from a first on, `step` apart.
fn every(n: usize, k: usize, sides: [(usize, usize); 2], step: usize) -> [Slice; 4] {
    let [rows, columns] = sides.map(|(first, count)| {
        Slice::new(first as isize, Some((first + (count - 1) * step + 1) as isize), step as isize)
    });
    [Slice::from(0..n), Slice::from(0..k), rows, columns]
}
