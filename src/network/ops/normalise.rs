//! Batch normalisation by the batch's own statistics, as one custom autodiff operation.
//!
//! Step by step on the tape its backward pass would go over the whole tensor a dozen times; here two are enough.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata as _, backend_extension};
use burn::tensor::{Slice, Tensor};

use super::slices::{changed, tensor, values};
use crate::kernels::{MIN_ELEMENTS, for_parts};

/// Mean and variance of each channel of `x` `[n, k, h, w]`, both `[1, k, 1, 1]` and no part of a tape.
pub(super) fn moments(x: Tensor<4>) -> [Tensor<4>; 2] {
    let [n, k, h, w] = x.dims();
    let x = x.inner();
    let sums = Dispatch::sums(x.clone().into_dispatch(), x.into_dispatch());
    let sums = Tensor::<4>::from_dispatch(sums);
    let means = sums / (n * h * w) as f64;
    let [mean, mean_of_squares] = [0, 1].map(|row| means.clone().narrow(0, row, 1));
    let variance = mean_of_squares - mean.clone() * mean.clone();
    assert_eq!(mean.dims(), [1, k, 1, 1]);
    [mean, variance.clamp_min(0.0)]
}

/// `γ (x - mean) / √(variance + ε) + β` of `x` `[n, k, h, w]`, where [`moments`] of the same `x` are given, all `[1, k, 1, 1]`;
/// gradients know that they depend on `x` (Ioffe 2015, <https://arxiv.org/abs/1502.03167>).
pub(super) fn normalise(
    x: Tensor<4>,
    [gamma, beta]: [Tensor<4>; 2],
    [mean, variance]: [Tensor<4>; 2],
    epsilon: f64,
) -> Tensor<4> {
    let deviation = (variance + epsilon).sqrt();
    let [x, gamma, beta, mean, deviation] =
        [x, gamma, beta, mean, deviation].map(|tensor| tensor.into_dispatch());
    Tensor::from_dispatch(Dispatch::normalise(x, gamma, beta, mean, deviation))
}

/// `x · scale + shift` of `x` `[n, k, h, w]`, where `scale` and `shift` are `[1, k, 1, 1]`.
pub(super) fn scale(x: Tensor<4>, scale: Tensor<4>, shift: Tensor<4>) -> Tensor<4> {
    let [x, scale, shift] = [x, scale, shift].map(|tensor| tensor.into_dispatch());
    Tensor::from_dispatch(Dispatch::scale(x, scale, shift))
}

#[backend_extension(Autodiff, Flex, Cube: cfg(feature = "gpu"))]
trait Normalise: Backend {
    /// `γ (x - mean) / deviation + β` of `x` `[n, k, h, w]`, all else `[1, k, 1, 1]`.
    fn normalise(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        deviation: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let scale = Self::float_div(gamma, deviation);
        let shift = Self::float_sub(beta, Self::float_mul(mean, scale.clone()));
        Self::scale(x, scale, shift)
    }

    /// `Σ a` and `Σ a·b` of each channel over pictures and pixels, `[2, k, 1, 1]`.
    fn sums(a: FloatTensor<Self>, b: FloatTensor<Self>) -> FloatTensor<Self> {
        let sum = |x| [0, 2, 3].into_iter().fold(x, |x, axis| Self::float_sum_dim(x, axis));
        Self::float_cat(vec![sum(a.clone()), sum(Self::float_mul(a, b))], 0)
    }

    /// `x·p + r`, where `p` and `r` are `[1, k, 1, 1]`.
    fn scale(x: FloatTensor<Self>, p: FloatTensor<Self>, r: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_add(Self::float_mul(x, p), r)
    }

    /// `a·p + b·q + r`, where `p`, `q` and `r` are `[1, k, 1, 1]`.
    fn mix(
        a: FloatTensor<Self>,
        b: FloatTensor<Self>,
        p: FloatTensor<Self>,
        q: FloatTensor<Self>,
        r: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        Self::float_add(Self::float_add(Self::float_mul(a, p), Self::float_mul(b, q)), r)
    }
}

#[cfg(feature = "gpu")]
impl Normalise for burn::backend::Cube {}

/// The same in as few passes over memory as can be.
impl Normalise for Flex {
    fn sums(a: FloatTensor<Self>, b: FloatTensor<Self>) -> FloatTensor<Self> {
        const LANES: usize = 16;
        let (a, b) = (a.to_contiguous(), b.to_contiguous());
        let [_, k, h, w] = a.shape().dims();
        let (mut sums, mut products) = (vec![0.0_f64; k], vec![0.0_f64; k]);
        for (i, (a, b)) in planes(&a, h * w).zip(planes(&b, h * w)).enumerate() {
            // Sums beside each other, which the processor can add at once.
            let mut by_lane = [[0.0_f32; LANES]; 2];
            let (a_lanes, a_rest) = a.as_chunks::<LANES>();
            let (b_lanes, b_rest) = b.as_chunks::<LANES>();
            for (a, b) in a_lanes.iter().zip(b_lanes) {
                for lane in 0..LANES {
                    by_lane[0][lane] += a[lane];
                    by_lane[1][lane] += a[lane] * b[lane];
                }
            }
            for (lane, (a, b)) in a_rest.iter().zip(b_rest).enumerate() {
                by_lane[0][lane] += a;
                by_lane[1][lane] += a * b;
            }
            let [sum, product] = by_lane.map(|lanes| lanes.iter().map(|&x| f64::from(x)).sum::<f64>());
            sums[i % k] += sum;
            products[i % k] += product;
        }
        tensor(sums.into_iter().chain(products).map(|x| x as f32).collect(), [2, k, 1, 1])
    }

    fn mix(
        a: FloatTensor<Self>,
        b: FloatTensor<Self>,
        p: FloatTensor<Self>,
        q: FloatTensor<Self>,
        r: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let (a, b) = (a.to_contiguous(), b.to_contiguous());
        let shape: [usize; 4] = a.shape().dims();
        let [_, k, h, w] = shape;
        let [p, q, r] = [p, q, r].map(|x| x.to_contiguous());
        let [p, q, r] = [&p, &q, &r].map(values);
        let mut mixed = Vec::with_capacity(shape.iter().product());
        for (i, (a, b)) in planes(&a, h * w).zip(planes(&b, h * w)).enumerate() {
            let (p, q, r) = (p[i % k], q[i % k], r[i % k]);
            mixed.extend(a.iter().zip(b).map(|(a, b)| a * p + b * q + r));
        }
        tensor(mixed, shape)
    }

    fn scale(x: FloatTensor<Self>, p: FloatTensor<Self>, r: FloatTensor<Self>) -> FloatTensor<Self> {
        let [_, k, h, w] = x.shape().dims();
        let [p, r] = [p, r].map(|x| x.to_contiguous());
        let [p, r] = [&p, &r].map(values);
        changed(x, |x| {
            let at_once = x.len() > MIN_ELEMENTS;
            for_parts(x, h * w, at_once, |i, x| {
                let (p, r) = (p[i % k], r[i % k]);
                x.iter_mut().for_each(|x| *x = *x * p + r);
            });
        })
    }
}

/// One channel of one picture after another.
fn planes(tensor: &FloatTensor<Flex>, pixels: usize) -> impl Iterator<Item = &[f32]> {
    values(tensor).chunks_exact(pixels)
}

impl<B: Normalise, C: CheckpointStrategy> Normalise for Autodiff<B, C> {
    fn normalise(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        deviation: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), gamma.node(), beta.node()];
        let [x, gamma, beta, mean, deviation] =
            [x, gamma, beta, mean, deviation].map(|tensor| tensor.into_primitive());
        let output = B::normalise(x.clone(), gamma.clone(), beta, mean.clone(), deviation.clone());
        match NormaliseBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(preparation) => preparation.finish((x, gamma, mean, deviation), output),
            OpsKind::UnTracked(preparation) => preparation.finish(output),
        }
    }
}

#[derive(Debug)]
struct NormaliseBackward;

type Primitive<B> = FloatTensor<B>;

impl<B: Normalise> Backward<B, 3> for NormaliseBackward {
    /// Input, γ, mean and deviation.
    type State = (Primitive<B>, Primitive<B>, Primitive<B>, Primitive<B>);

    /// Of the output's gradient `g` and `x̂ = (x - mean) / deviation`, with sums over the `m` places of a channel: that of
    /// β is `Σ g`, that of γ `Σ g x̂`, that of the input `γ / deviation · (g - Σ g / m - x̂ Σ g x̂ / m)`.
    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (x, gamma, mean, deviation) = ops.state;
        let [x_node, gamma_node, beta_node] = ops.parents;
        let gradient = gradients.consume::<B>(&ops.node);
        let [n, _, h, w] = x.shape().dims();
        let sums = B::sums(gradient.clone(), x.clone());
        let [sum, product] = [0, 1].map(|row| B::float_slice(sums.clone(), &[Slice::from(row..row + 1)]));
        let centred = B::float_sub(product, B::float_mul(mean.clone(), sum.clone()));
        let gamma_gradient = B::float_div(centred, deviation.clone());
        if let Some(node) = x_node {
            let part = (1.0 / (n * h * w) as f64).into();
            let scale = B::float_div(gamma, deviation.clone());
            let slope = B::float_mul_scalar(
                B::float_div(B::float_mul(scale.clone(), gamma_gradient.clone()), deviation),
                part,
            );
            let level = B::float_mul_scalar(B::float_mul(scale.clone(), sum.clone()), part);
            let shift = B::float_sub(B::float_mul(slope.clone(), mean), level);
            gradients.register::<B>(node.id, B::mix(gradient, x, scale, B::float_neg(slope), shift));
        }
        for (node, gradient) in [(gamma_node, gamma_gradient), (beta_node, sum)] {
            if let Some(node) = node {
                gradients.register::<B>(node.id, gradient);
            }
        }
    }
}
