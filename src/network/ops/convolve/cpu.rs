//! The passes on the CPU: our kernels.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;

use super::{ConvolveAndFinish, Passes, weight_shape};
use crate::kernels::{Epilogue, Geometry};
use crate::network::ops::slices::{tensor, values};

impl ConvolveAndFinish for Flex {
    fn convolve_and_finish(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        parameters: FloatTensor<Self>,
        bounds: [f32; 2],
        geometry: Geometry,
    ) -> FloatTensor<Self> {
        let parameters = parameters.to_contiguous();
        let rows = values(&parameters).chunks_exact(geometry.outputs);
        let rows: [&[f32]; 3] = rows.collect::<Vec<_>>().try_into().expect("bias, scale and shift");
        let channels: Vec<_> = (0..geometry.outputs).map(|k| rows.map(|row| row[k])).collect();
        let epilogue = Epilogue { channels: &channels, bounds };
        let [h, w] = geometry.output();
        let shape = [geometry.pictures, geometry.outputs, h, w];
        of_slices(x, weight, shape, |x, weight| geometry.forward(x, weight, Some(epilogue)))
    }
}

impl Passes for Flex {
    fn forward(x: FloatTensor<Self>, weight: FloatTensor<Self>, geometry: &Geometry) -> FloatTensor<Self> {
        let [h, w] = geometry.output();
        let shape = [geometry.pictures, geometry.outputs, h, w];
        of_slices(x, weight, shape, |x, weight| geometry.forward(x, weight, None))
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
