//! The passes on the CPU: our kernels.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;

use super::{Passes, weight_shape};
use crate::kernels::Geometry;
use crate::network::ops::slices::{tensor, values};

impl Passes for Flex {
    fn forward(x: FloatTensor<Self>, weight: FloatTensor<Self>, geometry: &Geometry) -> FloatTensor<Self> {
        let [h, w] = geometry.output();
        let shape = [geometry.pictures, geometry.outputs, h, w];
        of_slices(x, weight, shape, |x, weight| geometry.forward(x, weight))
    }

    fn input_gradient(
        gradient: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        geometry: &Geometry,
    ) -> FloatTensor<Self> {
        let [h, w] = geometry.input;
        let shape = [geometry.pictures, geometry.inputs, h, w];
        of_slices(gradient, weight, shape, |gradient, weight| geometry.input_gradient(gradient, weight))
    }

    fn weight_gradient(
        x: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        geometry: &Geometry,
    ) -> FloatTensor<Self> {
        of_slices(x, gradient, weight_shape(geometry), |x, gradient| geometry.weight_gradient(x, gradient))
    }
}

/// The tensor that `compute` makes of the numbers of two others.
fn of_slices(
    a: FloatTensor<Flex>,
    b: FloatTensor<Flex>,
    shape: [usize; 4],
    compute: impl FnOnce(&[f32], &[f32]) -> Vec<f32>,
) -> FloatTensor<Flex> {
    let [a, b] = [a.to_contiguous(), b.to_contiguous()];
    let [a, b] = [&a, &b].map(values);
    tensor(compute(a, b), shape)
}
