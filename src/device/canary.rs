//! The canary: a small network with a known result. It runs every kind of kernel that the real networks use.

use burn::tensor::{Device, Tensor};

use crate::Result;
use crate::error::error;
use crate::network::Tap;
use crate::network::ops::{
    BatchNorm, Conv2d, Convolution, Linear, Loader, global_average_pool, max_pool_3x3,
};
use crate::read_back::upload;
use crate::weights::Hashed;

/// Class scores, as PyTorch computes them (`tests/golden/canary.py`).
const SCORES: [f32; 2] = [10.323124, 2.223366];

/// Part of the gradient of the first score with respect to the pooled stem, from the same script.
const GRADIENT: [f32; 8] =
    [-0.010151, 0.043077, -0.080538, -0.047215, 0.007925, 0.090843, -0.034462, -0.053229];

/// Largest deviation allowed, in parts of the largest known value.
const TOLERANCE: f32 = 1e-3;

pub(super) async fn check(device: &Device) -> Result<()> {
    let found = compute(device).await?;
    let (scores, gradient) = found.split_at(SCORES.len());
    if near(scores, &SCORES) && near(gradient, &GRADIENT) {
        return Ok(());
    }
    Err(error!(
        Device,
        "wrong-result",
        "the device computes wrongly: the start-up check gave {found} instead of {scores} and {gradient}",
        found = format!("{found:?}"),
        scores = format!("{SCORES:?}"),
        gradient = format!("{GRADIENT:?}")
    ))
}

fn near(found: &[f32], known: &[f32]) -> bool {
    let scale = known.iter().fold(0.0_f32, |max, known| max.max(known.abs()));
    found.len() == known.len() && found.iter().zip(known).all(|(f, k)| (f - k).abs() <= TOLERANCE * scale)
}

/// A 7×7 convolution with stride, pooling, a 1×1 and a depthwise convolution, both activations, a residual sum,
/// concatenation, average pooling and a linear layer.
async fn compute(device: &Device) -> Result<Vec<f32>> {
    let mut hashed = Hashed { classes: 2 };
    let loader = &mut Loader::new(&mut hashed, device);
    let stem = Conv2d::load(loader, "stem", Convolution::new(8, 7).stride(2), 3)?;
    let bn = BatchNorm::load(loader, "bn", 8, BatchNorm::EPSILON)?;
    let expand = Conv2d::load(loader, "expand", Convolution::new(16, 1).bias(), 8)?;
    let depthwise = Conv2d::load(loader, "depthwise", Convolution::depthwise(3), 16)?;
    let mix = Conv2d::load(loader, "mix", Convolution::new(16, 3).stride(2), 16)?;
    let head = Linear::load(loader, "head", 32, 2)?;

    let shape = [1, 3, 40, 32];
    let picture = upload(Hashed::uniform("picture", &shape, 2.0), shape, device);
    let tap = Tap::default();
    let x = tap.relu(bn.forward(stem.forward(picture)));
    let leaf = max_pool_3x3(x, 1, false).autodiff().require_grad();
    let wide = expand.forward(leaf.clone());
    let x = wide.clone() + tap.relu6(depthwise.forward(wide));
    let x = tap.relu(mix.forward(max_pool_3x3(x, 0, true)));
    let x = Tensor::cat(vec![x.clone(), x.square()], 1);
    let logits = head.forward(global_average_pool(x).flatten(1, 3));

    let first = logits.clone().slice([0..1, 0..1]).sum();
    let gradients = first.backward();
    let gradient = leaf
        .grad(&gradients)
        .ok_or_else(|| error!(Device, "no-gradients", "the device computes no gradients"))?;
    let some = gradient.slice([0..1, 0..8, 3..4, 2..3]).reshape([8]);
    crate::read_back::read(Tensor::cat(vec![logits.inner().reshape([2]), some], 0)).await
}
