//! The names of Hugging Face's transformers (`transformers/models/resnet/modeling_resnet.py`).

use super::Named;
use crate::Result;
use crate::error::error;

/// Refuses Hugging Face's MobileNetV2, whose shapes are torchvision's: it pads as TensorFlow does, with another ε
/// (`transformers/models/mobilenet_v2/modeling_mobilenet_v2.py`).
pub fn check(tensors: &[Named]) -> Result<()> {
    if !tensors.iter().any(|tensor| tensor.name.ends_with("conv_stem.first_conv.convolution.weight")) {
        return Ok(());
    }
    Err(error!(
        Weights,
        "huggingface-mobilenet",
        "this is MobileNetV2 of Hugging Face's transformers, which pads pictures as TensorFlow does, unlike torchvision's; choose weights of timm or torchvision"
    ))
}

/// `encoder.stages.0.layers.1.layer.2.convolution.weight` is `layer1.1.conv3.weight`.
pub fn from_resnet(name: &str) -> Option<String> {
    let (module, part) = name.rsplit_once('.')?;
    if let Some(layer) = module.strip_prefix("embedder.embedder.") {
        return Some(format!("{}.{part}", numbered(layer, 1)?));
    }
    let (stage, rest) = module.strip_prefix("encoder.stages.")?.split_once(".layers.")?;
    let stage = stage.parse::<usize>().ok()? + 1;
    let (block, rest) = rest.split_once('.')?;
    let layer = match rest {
        "shortcut.convolution" => "downsample.0".into(),
        "shortcut.normalization" => "downsample.1".into(),
        _ => {
            let (number, layer) = rest.strip_prefix("layer.")?.split_once('.')?;
            numbered(layer, number.parse::<usize>().ok()? + 1)?
        }
    };
    Some(format!("layer{stage}.{block}.{layer}.{part}"))
}

fn numbered(layer: &str, number: usize) -> Option<String> {
    match layer {
        "convolution" => Some(format!("conv{number}")),
        "normalization" => Some(format!("bn{number}")),
        _ => None,
    }
}
