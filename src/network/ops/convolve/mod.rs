//! Convolutions as an autodiff operation of our own: on the CPU by our kernels, on the GPU by Burn's operations.

mod cpu;
#[cfg(feature = "gpu")]
mod gpu;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, binary};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;

use crate::kernels::Geometry;

/// `x` `[n, inputs, h, w]` by `weight` `[outputs, inputs / groups, rows, columns]`, the window moved by `stride` over `padding`
/// zeros above and below, and left and right.
pub(super) fn convolve(
    x: Tensor<4>,
    weight: Tensor<4>,
    stride: usize,
    padding: [usize; 2],
    groups: usize,
) -> Tensor<4> {
    let geometry = geometry(&x, &weight, stride, padding, groups);
    Tensor::from_dispatch(Dispatch::convolve(x.into_dispatch(), weight.into_dispatch(), geometry))
}

/// The same, and then each channel by its bias, scale and shift, the rows of `parameters` `[3, outputs]`, within `bounds`: tensors of the
/// CPU that are on no tape.
pub(super) fn convolve_and_finish(
    x: Tensor<4>,
    weight: Tensor<4>,
    parameters: Tensor<2>,
    bounds: [f32; 2],
    stride: usize,
    padding: [usize; 2],
    groups: usize,
) -> Tensor<4> {
    let geometry = geometry(&x, &weight, stride, padding, groups);
    let [x, weight] = [x, weight].map(Tensor::into_dispatch);
    Tensor::from_dispatch(Dispatch::convolve_and_finish(
        x,
        weight,
        parameters.into_dispatch(),
        bounds,
        geometry,
    ))
}

fn geometry(
    x: &Tensor<4>,
    weight: &Tensor<4>,
    stride: usize,
    padding: [usize; 2],
    groups: usize,
) -> Geometry {
    let ([pictures, inputs, h, w], [outputs, of_group, rows, columns]) = (x.dims(), weight.dims());
    assert!(of_group * groups == inputs && outputs % groups == 0, "the weight is that of these channels");
    let (input, window) = ([h, w], [rows, columns]);
    Geometry { pictures, inputs, outputs, groups, input, window, stride, padding }
}

#[backend_extension(Flex)]
trait ConvolveAndFinish: Backend {
    fn convolve_and_finish(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        parameters: FloatTensor<Self>,
        bounds: [f32; 2],
        geometry: Geometry,
    ) -> FloatTensor<Self>;
}

#[backend_extension(Autodiff, Flex, Cube: cfg(feature = "gpu"))]
trait Convolve: Backend {
    fn convolve(x: FloatTensor<Self>, weight: FloatTensor<Self>, geometry: Geometry) -> FloatTensor<Self>;
}

impl Convolve for Flex {
    fn convolve(x: FloatTensor<Self>, weight: FloatTensor<Self>, geometry: Geometry) -> FloatTensor<Self> {
        Self::forward(x, weight, &geometry)
    }
}

#[cfg(feature = "gpu")]
impl Convolve for burn::backend::Cube {
    fn convolve(x: FloatTensor<Self>, weight: FloatTensor<Self>, geometry: Geometry) -> FloatTensor<Self> {
        Self::forward(x, weight, &geometry)
    }
}

impl<B: Convolve + Passes, C: CheckpointStrategy> Convolve for Autodiff<B, C> {
    fn convolve(x: FloatTensor<Self>, weight: FloatTensor<Self>, geometry: Geometry) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node()];
        // The gradient of one needs the other.
        let [keeps_weight, keeps_x] = [x.is_tracked(), weight.is_tracked()];
        let (x, weight) = (x.into_primitive(), weight.into_primitive());
        let state = (keeps_x.then(|| x.clone()), keeps_weight.then(|| weight.clone()));
        let output = B::forward(x, weight, &geometry);
        match ConvolveBackward(geometry).prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(preparation) => preparation.finish(state, output),
            OpsKind::UnTracked(preparation) => preparation.finish(output),
        }
    }
}

#[derive(Debug)]
struct ConvolveBackward(Geometry);

impl<B: Passes> Backward<B, 2> for ConvolveBackward {
    /// Input and weight, where the other's gradient is asked for.
    type State = (Option<B::FloatTensorPrimitive>, Option<B::FloatTensorPrimitive>);

    fn backward(self, ops: Ops<Self::State, 2>, gradients: &mut Gradients, _: &mut Checkpointer) {
        const KEPT: &str = "it is kept where the other one's gradient is asked for";
        let (x, weight) = ops.state;
        binary::<B, _, _>(
            ops.parents,
            ops.node,
            gradients,
            |gradient| B::input_gradient(gradient, weight.expect(KEPT), &self.0),
            |gradient| B::weight_gradient(x.expect(KEPT), gradient, &self.0),
        );
    }
}

/// How a backend computes the passes of a convolution.
trait Passes: Backend {
    fn forward(x: FloatTensor<Self>, weight: FloatTensor<Self>, geometry: &Geometry) -> FloatTensor<Self>;

    fn input_gradient(
        gradient: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        geometry: &Geometry,
    ) -> FloatTensor<Self>;

    fn weight_gradient(
        x: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        geometry: &Geometry,
    ) -> FloatTensor<Self>;
}

fn weight_shape(geometry: &Geometry) -> [usize; 4] {
    let Geometry { inputs, outputs, groups, window: [rows, columns], .. } = *geometry;
    [outputs, inputs / groups, rows, columns]
}
