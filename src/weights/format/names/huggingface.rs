//! The names of Hugging Face's transformers (`transformers/models/resnet/modeling_resnet.py`, `…/regnet/modeling_regnet.py`).

use super::Named;

/// The first layer of a ResNet and of a RegNet.
pub const STEM: &str = "embedder.embedder.convolution.weight";

/// Whether the tensors with this [`STEM`] are a RegNet's: a ResNet's begins with a window of 7×7.
pub fn is_regnet(tensors: &[Named]) -> bool {
    let stem = tensors.iter().find(|tensor| tensor.name == STEM).and_then(|stem| stem.entry.stored());
    stem.is_some_and(|stem| stem.shape.ends_with(&[3, 3]))
}

/// `encoder.stages.0.layers.1.layer.2.convolution.weight` is `trunk_output.block1.block1-1.f.c.0.weight`.
pub fn from_regnet(name: &str) -> Option<String> {
    let (module, part) = name.rsplit_once('.')?;
    if let Some(layer) = module.strip_prefix("embedder.embedder.") {
        return Some(format!("stem.{}.{part}", place(layer)?));
    }
    let (stage, rest) = module.strip_prefix("encoder.stages.")?.split_once(".layers.")?;
    let stage = stage.parse::<usize>().ok()? + 1;
    let (block, rest) = rest.split_once('.')?;
    let layer = match rest.rsplit_once('.')? {
        ("shortcut", layer) => format!("proj.{}", place(layer)?),
        ("layer.0", layer) => format!("f.a.{}", place(layer)?),
        ("layer.1", layer) => format!("f.b.{}", place(layer)?),
        ("layer.2.attention", "0") => "f.se.fc1".into(),
        ("layer.2.attention", "2") => "f.se.fc2".into(),
        ("layer.2" | "layer.3", layer) => format!("f.c.{}", place(layer)?),
        _ => return None,
    };
    Some(format!("trunk_output.block{stage}.block{stage}-{block}.{layer}.{part}"))
}

/// The place of a layer in torchvision's sequence of convolution and normalisation.
fn place(layer: &str) -> Option<usize> {
    ["convolution", "normalization"].iter().position(|known| *known == layer)
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
