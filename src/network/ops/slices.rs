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
    // What is contiguous is not cloned: there would be two that hold its numbers.
    let mut x = if x.is_contiguous() { x } else { x.to_contiguous() };
    let is_whole = values(&x).len() == x.storage::<f32>().len();
    if !(is_whole && x.is_unique()) {
        x = tensor(values(&x).to_vec(), x.layout().shape().clone());
    }
    change(x.storage_mut());
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_nobody_else_holds_change_where_they_are() {
        let negated = |x| changed(x, |x| x.iter_mut().for_each(|x| *x = -*x));
        let x = tensor(vec![1.0, 2.0], [2]);
        let place = values(&x).as_ptr();
        let x = negated(x);
        assert_eq!((values(&x), values(&x).as_ptr()), (&[-1.0, -2.0][..], place));

        let y = negated(x.clone());
        assert_eq!((values(&x), values(&y)), (&[-1.0, -2.0][..], &[1.0, 2.0][..]));
        assert_eq!(values(&negated(y.narrow(0, 1, 1))), [-2.0]);
        assert_eq!(values(&y), [1.0, 2.0]);
    }
}
