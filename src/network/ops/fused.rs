//! A convolution and what follows it, in one pass over memory.

use std::sync::OnceLock;

use burn::tensor::{Device, Tensor};

use super::{BatchNorm, Conv2d};

/// A convolution followed by batch normalisation, by a ReLU or by both, computed at once. The numbers are those of the layers one
/// after another, to the last bit.
pub(in crate::network) struct Fused {
    conv: Conv2d,
    /// Scale and shift, `[1, k, 1, 1]`.
    norm: Option<[Tensor<4>; 2]>,
    /// What the ReLU leaves.
    bounds: [f32; 2],
    /// Rows of bias, scale and shift, `[3, k]`.
    parameters: OnceLock<Tensor<2>>,
}

impl Fused {
    /// What `conv` gives, through `norm`, at least 0 and at most the `cap` of a ReLU. There is none where the norm is still learned.
    pub fn new(conv: &Conv2d, norm: Option<&BatchNorm>, cap: Option<f32>) -> Option<Self> {
        let norm = match norm {
            None => None,
            Some(BatchNorm::Running { scale, shift }) => Some([scale.clone(), shift.clone()]),
            Some(BatchNorm::Batch { .. }) => return None,
        };
        let bounds = cap.map_or([f32::NEG_INFINITY, f32::INFINITY], |cap| [0.0, cap]);
        Some(Self { conv: conv.clone(), norm, bounds, parameters: OnceLock::new() })
    }

    /// Whether it can compute `x`: on the CPU, where nothing is on the tape.
    pub fn takes(&self, x: &Tensor<4>) -> bool {
        x.device() == Device::flex() && !x.is_autodiff() && !self.conv.is_autodiff()
    }

    /// `[n, inputs, h, w]` to `[n, k, h', w']`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.conv.forward_and_finish(x, self.parameters().clone(), self.bounds)
    }

    fn parameters(&self) -> &Tensor<2> {
        self.parameters.get_or_init(|| {
            let (k, device) = (self.conv.outputs(), self.conv.device());
            let row = |values: Tensor<4>| values.reshape([1, k]);
            let bias =
                self.conv.bias().map_or_else(|| Tensor::zeros([1, k], &device), |bias| bias.reshape([1, k]));
            let [scale, shift] = match self.norm.clone() {
                Some(norm) => norm.map(row),
                None => [Tensor::ones([1, k], &device), Tensor::zeros([1, k], &device)],
            };
            Tensor::cat(vec![bias, scale, shift], 0)
        })
    }
}
