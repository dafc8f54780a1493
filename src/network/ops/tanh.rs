//! The hyperbolic tangent, which attention takes of every key at every word: the C library's costs a fifth of a step.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata as _, backend_extension};
use burn::tensor::{Tensor, TensorData};

/// `tanh x`, whose gradient is `g (1 - tanh² x)`.
pub(in crate::network) fn tanh<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::hyperbolic(x.into_dispatch()))
}

#[backend_extension(Autodiff, Flex, Cube: cfg(feature = "gpu"))]
trait Hyperbolic: Backend {
    fn hyperbolic(x: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_tanh(x)
    }

    /// `g (1 - y²)`.
    fn hyperbolic_gradient(y: FloatTensor<Self>, g: FloatTensor<Self>) -> FloatTensor<Self> {
        let square = Self::float_mul(y.clone(), y);
        Self::float_sub(g.clone(), Self::float_mul(g, square))
    }
}

#[cfg(feature = "gpu")]
impl Hyperbolic for burn::backend::Cube {}

/// The same in one pass over memory, several numbers at a time.
impl Hyperbolic for Flex {
    fn hyperbolic(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let x = x.to_contiguous();
        let shape = x.shape();
        let values: &[f32] = x.as_slice().expect("networks compute in f32, and it is contiguous");
        FloatTensor::<Flex>::from_data(TensorData::new(values.iter().copied().map(ratio).collect(), shape))
    }

    fn hyperbolic_gradient(y: FloatTensor<Self>, g: FloatTensor<Self>) -> FloatTensor<Self> {
        let (y, g) = (y.to_contiguous(), g.to_contiguous());
        let shape = y.shape();
        let [y_values, g_values]: [&[f32]; 2] =
            [&y, &g].map(|tensor| tensor.as_slice().expect("networks compute in f32, and it is contiguous"));
        let gradient = y_values.iter().zip(g_values).map(|(y, g)| g * (1.0 - y * y)).collect();
        FloatTensor::<Flex>::from_data(TensorData::new(gradient, shape))
    }
}

/// `tanh x` to within 5e-7: a ratio of polynomials, as Eigen has it. Beyond its bound it is ±1 in f32.
#[allow(clippy::manual_clamp, reason = "in WebAssembly `clamp` is a slow call")]
fn ratio(x: f32) -> f32 {
    const BOUND: f32 = 7.905_311;
    const ODD: [f32; 7] = [
        4.893_524_6e-3,
        6.372_619_3e-4,
        1.485_722_4e-5,
        5.122_297e-8,
        -8.604_672e-11,
        2.000_188e-13,
        -2.760_768_5e-16,
    ];
    const EVEN: [f32; 4] = [4.893_525e-3, 2.268_434_6e-3, 1.185_347_1e-4, 1.198_258_4e-6];
    let x = if x > BOUND { BOUND } else { x };
    let x = if x < -BOUND { -BOUND } else { x };
    let square = x * x;
    let polynomial = |factors: &[f32]| factors.iter().rev().fold(0.0, |sum, factor| sum * square + factor);
    x * polynomial(&ODD) / polynomial(&EVEN)
}

impl<B: Hyperbolic, C: CheckpointStrategy> Hyperbolic for Autodiff<B, C> {
    fn hyperbolic(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let node = x.node();
        let output = B::hyperbolic(x.into_primitive());
        match HyperbolicBackward.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(preparation) => preparation.finish(output.clone(), output),
            OpsKind::UnTracked(preparation) => preparation.finish(output),
        }
    }
}

#[derive(Debug)]
struct HyperbolicBackward;

impl<B: Hyperbolic> Backward<B, 1> for HyperbolicBackward {
    /// The output.
    type State = B::FloatTensorPrimitive;

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let output = ops.state;
        unary::<B, _>(ops.parents, ops.node, gradients, |gradient| B::hyperbolic_gradient(output, gradient));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tanh_and_its_gradient_are_the_c_librarys() {
        let device = burn::tensor::Device::flex();
        let points: Vec<f32> =
            (-2000..=2000).map(|i| i as f32 * 0.01).chain([-1e-6, 1e-6, -90.0, 90.0]).collect();
        let x = Tensor::<1>::from_floats(points.as_slice(), &device).autodiff().require_grad();
        let y = tanh(x.clone());
        let read = |tensor: Tensor<1>| tensor.into_data().try_to_vec::<f32>().unwrap();
        let (found, gradient) = (read(y.clone().inner()), read(x.grad(&y.sum().backward()).unwrap()));
        for ((x, found), gradient) in points.iter().zip(found).zip(gradient) {
            let expected = f64::from(*x).tanh();
            assert!((f64::from(found) - expected).abs() < 5e-7, "tanh {x}: {found} instead of {expected}");
            let slope = 1.0 - expected * expected;
            assert!((f64::from(gradient) - slope).abs() < 1e-6, "at {x}: {gradient} instead of {slope}");
        }
        assert!(ratio(f32::NAN).is_nan());
    }
}
