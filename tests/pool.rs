//! Largest values under a window: those of Burn, gradients too.

use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;
use burn::tensor::{Tensor, TensorData};
use cam_lucida::Device;
use cam_lucida::network::ops::{max_pool_2x2, max_pool_3x3};
use cam_lucida::weights::Hashed;

fn values(x: Tensor<4>) -> Vec<f32> {
    x.into_data().try_to_vec().unwrap()
}

fn theirs(x: Tensor<4>, window: usize, padding: usize, ceil: bool) -> Tensor<4> {
    let mut options = MaxPoolOptions::new([window; 2]).with_stride([2; 2]).with_padding([padding; 2]);
    options.ceil_mode = ceil;
    max_pool2d(x, options)
}

#[test]
fn values_and_gradients_are_those_of_burn() {
    for sides in [[3, 3], [4, 7], [9, 6], [10, 11]] {
        let shape = [2, 3, sides[0], sides[1]];
        let x = TensorData::new(Hashed::uniform("pool", &shape, 1.0), shape);
        let x = Tensor::<4>::from_data(x, Device::cpu().tensors());
        for (window, padding, ceil) in
            [(2, 0, false), (3, 0, false), (3, 0, true), (3, 1, false), (3, 1, true)]
        {
            let ours = |x| match window {
                2 => max_pool_2x2(x),
                _ => max_pool_3x3(x, padding, ceil),
            };
            let expected = theirs(x.clone(), window, padding, ceil);
            let found = ours(x.clone());
            assert_eq!(found.dims(), expected.dims(), "{sides:?} {window} {padding} {ceil}");
            assert_eq!(values(found), values(expected), "{sides:?} {window} {padding} {ceil}");

            let leaf = x.clone().autodiff().require_grad();
            let found = leaf.grad(&ours(leaf.clone()).powi_scalar(2).sum().backward()).unwrap();
            let expected =
                leaf.grad(&theirs(leaf.clone(), window, padding, ceil).powi_scalar(2).sum().backward());
            assert_eq!(values(found), values(expected.unwrap()), "{sides:?} {window} {padding} {ceil}");
        }
    }
}

/// As in PyTorch.
#[test]
fn what_is_not_a_number_is_not_passed_over() {
    let x = [[[[1.0, f32::NAN, -5.0, -6.0], [2.0, 3.0, -7.0, f32::NEG_INFINITY]]]];
    let pooled = values(max_pool_2x2(Tensor::from_floats(x, Device::cpu().tensors())));
    assert!(pooled[0].is_nan());
    assert_eq!(pooled[1], -5.0);
}
