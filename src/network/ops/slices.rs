//! Tensors of the CPU as slices of numbers.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{Shape, TensorData};

/// The numbers of a tensor, which is contiguous.
pub(super) fn values(tensor: &FloatTensor<Flex>) -> &[f32] {
    tensor.as_slice().expect("networks compute in f32, and it is contiguous")
}

/// The tensor of these numbers.
pub(super) fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> FloatTensor<Flex> {
    FloatTensor::<Flex>::from_data(TensorData::new(values, shape))
}

/// `x` after a `change` to its numbers: in place where nobody else holds them, else in a copy.
pub(super) fn changed(x: FloatTensor<Flex>, change: impl FnOnce(&mut [f32])) -> FloatTensor<Flex> {
    let mut x = x.to_contiguous();
    let is_whole = values(&x).len() == x.storage::<f32>().len();
    if !(is_whole && x.is_unique()) {
        x = tensor(values(&x).to_vec(), x.layout().shape().clone());
    }
    change(x.storage_mut());
    x
}
