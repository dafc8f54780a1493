//! ReLU whose backward pass follows a rule, as one custom autodiff operation on every backend.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::tensor::FloatTensor;
use burn::backend::{
    Autodiff, Backend, Cube, Dispatch, Flex, TensorMetadata as _, backend_extension, get_device_settings,
};
use burn::tensor::Tensor;

use super::slices::changed;
use crate::kernels::{WORTH_A_THREAD, for_parts};

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

#[backend_extension(Autodiff, Flex, Cube)]
trait Rectify: Backend {
    fn rectify(x: FloatTensor<Self>, cap: Option<f32>, _rule: ReluRule) -> FloatTensor<Self> {
        match cap {
            None => Self::relu(x),
            Some(cap) => Self::float_clamp(x, 0.0.into(), cap.into()),
        }
    }
}

impl Rectify for Cube {}

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
            for_parts(x, WORTH_A_THREAD, true, |_, x| x.iter_mut().for_each(|x| *x = rectified(*x)));
        })
    }
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

impl<B: Backend> Backward<B, 1> for RectifyBackward {
    /// The output, which tells whether the input lay above zero and below the cap.
    type State = B::FloatTensorPrimitive;

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let Self { cap, rule } = self;
        let output = ops.state;
        unary::<B, _>(ops.parents, ops.node, gradients, |mut gradient| {
            if rule != ReluRule::Deconvolution {
                if let Some(cap) = cap {
                    let bools = get_device_settings::<B>(&output.device()).bool_dtype;
                    let capped = B::float_greater_equal_elem(output.clone(), cap.into(), bools);
                    gradient = B::float_mask_fill(gradient, capped, 0.0.into());
                }
                gradient = B::relu_backward(output, gradient);
            }
            if rule == ReluRule::Derivative { gradient } else { B::relu(gradient) }
        });
    }
}
