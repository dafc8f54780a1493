//! ReLU whose backward pass follows a rule, as one custom autodiff operation on every backend.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::tensor::FloatTensor;
use burn::backend::{
    Autodiff, Backend, Dispatch, Flex, TensorMetadata as _, backend_extension, get_device_settings,
};
use burn::tensor::Tensor;

use super::slices::{changed, values};
use crate::kernels::{MIN_ELEMENTS, for_parts};

/// What the gradient `g` becomes on its way back through a ReLU of input `x`.
///
/// ```
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::network::{ReluRule, Tap};
/// # let device = cam_lucida::Device::cpu();
///
/// let gradient = |rule| {
///     let x = Tensor::<1>::from_floats([-1.0, 2.0, 3.0], device.tensors()).autodiff().require_grad();
///     let g = Tensor::from_floats([1.0, 1.0, -1.0], device.tensors());
///     let y = Tap::default().with_relu(rule, false).relu(x.clone()) * g;
///     x.grad(&y.sum().backward()).unwrap().into_data().try_to_vec::<f32>().unwrap()
/// };
/// assert_eq!(gradient(ReluRule::Derivative), [0.0, 1.0, -1.0]);
/// assert_eq!(gradient(ReluRule::Guided), [0.0, 1.0, 0.0]);
/// assert_eq!(gradient(ReluRule::Deconvolution), [1.0, 1.0, 0.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReluRule {
    /// `g·1[x>0]`: the derivative.
    #[default]
    Derivative,
    /// `g·1[x>0]·1[g>0]`: guided backpropagation (Springenberg 2015, <https://arxiv.org/abs/1412.6806>).
    Guided,
    /// `g·1[g>0]`: the deconvolutional network (Zeiler 2014, <https://arxiv.org/abs/1311.2901>).
    Deconvolution,
}

/// `min(max(x, 0), cap)` with the backward pass of `rule`; where there is a cap, `1[x>0]` is `1[0<x<cap]`.
pub(in crate::network) fn rectify<const D: usize>(
    x: Tensor<D>,
    cap: Option<f32>,
    rule: ReluRule,
) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::rectify(x.into_dispatch(), cap, rule))
}

#[backend_extension(Autodiff, Flex, Cube: cfg(feature = "gpu"))]
trait Rectify: Backend {
    fn rectify(x: FloatTensor<Self>, cap: Option<f32>, _rule: ReluRule) -> FloatTensor<Self> {
        match cap {
            None => Self::relu(x),
            Some(cap) => Self::float_clamp(x, 0.0.into(), cap.into()),
        }
    }

    /// What the gradient becomes on its way back; the `output` tells whether the input lay above zero and below the cap.
    fn rectify_back(
        gradient: FloatTensor<Self>,
        output: FloatTensor<Self>,
        cap: Option<f32>,
        rule: ReluRule,
    ) -> FloatTensor<Self> {
        let below_cap = match cap {
            Some(cap) if rule != ReluRule::Deconvolution => {
                let bools = get_device_settings::<Self>(&output.device()).bool_dtype;
                let capped = Self::float_greater_equal_elem(output.clone(), cap.into(), bools);
                Self::float_mask_fill(gradient, capped, 0.0.into())
            }
            _ => gradient,
        };
        match rule {
            ReluRule::Derivative => Self::relu_backward(output, below_cap),
            ReluRule::Guided => Self::relu(Self::relu_backward(output, below_cap)),
            ReluRule::Deconvolution => Self::relu(below_cap),
        }
    }
}

#[cfg(feature = "gpu")]
impl Rectify for burn::backend::Cube {}

/// NaN stays NaN. Burn's clamp decides about each number by branches, which are slow
/// in WebAssembly.
impl Rectify for Flex {
    fn rectify(x: FloatTensor<Self>, cap: Option<f32>, _rule: ReluRule) -> FloatTensor<Self> {
        let cap = cap.unwrap_or(f32::INFINITY);
        let rectified = |x: f32| {
            let x = if x < 0.0 { 0.0 } else { x };
            if x > cap { cap } else { x }
        };
        changed(x, |x| {
            for_parts(x, MIN_ELEMENTS, true, |_, x| x.iter_mut().for_each(|x| *x = rectified(*x)));
        })
    }

    fn rectify_back(
        gradient: FloatTensor<Self>,
        output: FloatTensor<Self>,
        cap: Option<f32>,
        rule: ReluRule,
    ) -> FloatTensor<Self> {
        let cap = cap.unwrap_or(f32::INFINITY);
        let output = output.to_contiguous();
        let output = values(&output);
        // Of an input that is not a number, the gradient stays.
        match rule {
            ReluRule::Derivative => masked(gradient, output, |_, y| (y <= 0.0) | (y >= cap)),
            ReluRule::Guided => masked(gradient, output, |g, y| (y <= 0.0) | (y >= cap) | (g < 0.0)),
            ReluRule::Deconvolution => masked(gradient, output, |g, _| g < 0.0),
        }
    }
}

/// `gradient` with 0 wherever `is_masked` says so of it and of the `output` there. It is asked without branches, for vectors.
fn masked(
    gradient: FloatTensor<Flex>,
    output: &[f32],
    is_masked: impl Fn(f32, f32) -> bool + Sync,
) -> FloatTensor<Flex> {
    changed(gradient, |gradient| {
        for_parts(gradient, MIN_ELEMENTS, true, |i, gradient| {
            for (gradient, output) in gradient.iter_mut().zip(&output[i * MIN_ELEMENTS..]) {
                *gradient = if is_masked(*gradient, *output) { 0.0 } else { *gradient };
            }
        });
    })
}

impl<B: Rectify, C: CheckpointStrategy> Rectify for Autodiff<B, C> {
    fn rectify(x: FloatTensor<Self>, cap: Option<f32>, rule: ReluRule) -> FloatTensor<Self> {
        let node = x.node();
        match (RectifyBackward { cap, rule }).prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(preparation) => {
                let output = B::rectify(x.into_primitive(), cap, rule);
                preparation.finish(output.clone(), output)
            }
            OpsKind::UnTracked(preparation) => preparation.finish(B::rectify(x.into_primitive(), cap, rule)),
        }
    }
}

#[derive(Debug)]
struct RectifyBackward {
    cap: Option<f32>,
    rule: ReluRule,
}

impl<B: Rectify> Backward<B, 1> for RectifyBackward {
    /// The output.
    type State = B::FloatTensorPrimitive;

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let Self { cap, rule } = self;
        let output = ops.state;
        unary::<B, _>(ops.parents, ops.node, gradients, |gradient| {
            B::rectify_back(gradient, output, cap, rule)
        });
    }
}
