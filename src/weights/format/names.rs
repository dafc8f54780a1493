//! Names of tensors: those of other libraries and wrappers become torchvision's.

use std::collections::BTreeMap;

use super::stored::{Stored, count};
use crate::Result;
use crate::error::error;

type Tensors = BTreeMap<String, Stored>;

/// What wrappers put before every name: `DataParallel`, `torch.compile`, PyTorch Lightning.
const PREFIXES: [&str; 3] = ["module.", "_orig_mod.", "model."];

/// The tensors under torchvision's names.
///
/// # Errors
/// [`is_weights`](crate::Error::is_weights) when two would have one name.
pub fn to_torchvision(mut tensors: Tensors) -> Result<Tensors> {
    while let Some(prefix) = PREFIXES
        .iter()
        .find(|prefix| !tensors.is_empty() && tensors.keys().all(|name| name.starts_with(**prefix)))
    {
        tensors = renamed(tensors, |name| Some(name[prefix.len()..].into()))?;
    }
    tensors = renamed(tensors, from_old_densenet)?;
    if tensors.contains_key("pre_logits.fc1.weight") {
        tensors = from_timm_vgg(tensors)?;
    }
    if tensors.contains_key("conv_stem.weight") && tensors.contains_key("blocks.0.0.conv_dw.weight") {
        let blocks = blocks(&tensors);
        tensors = renamed(tensors, |name| from_timm_mobilenet(name, &blocks))?;
    }
    Ok(tensors)
}

/// The tensors under the names that `rename` gives; `None` keeps a name.
fn renamed(tensors: Tensors, rename: impl Fn(&str) -> Option<String>) -> Result<Tensors> {
    let mut found = Tensors::new();
    for (name, stored) in tensors {
        let name = rename(&name).unwrap_or(name);
        if found.contains_key(&name) {
            return Err(error!(
                Weights,
                "tensor-name-twice",
                "two tensors of the file have torchvision's name `{name}`; save the state dict of one network",
                name
            ));
        }
        found.insert(name, stored);
    }
    Ok(found)
}

/// `denselayer1.norm.1.weight`, as in the first published files, is `denselayer1.norm1.weight`.
fn from_old_densenet(name: &str) -> Option<String> {
    let (layer, rest) = name.split_once(".denselayer")?;
    let (number, part) = rest.split_once('.')?;
    let (kind, rest) = part.split_once('.')?;
    let old = ["norm", "relu", "conv"].contains(&kind) && rest.starts_with(['1', '2']);
    old.then(|| format!("{layer}.denselayer{number}.{kind}{rest}"))
}

/// timm computes VGG's first linear layers as convolutions (`timm/models/vgg.py`): the same numbers, other names and shapes.
fn from_timm_vgg(tensors: Tensors) -> Result<Tensors> {
    const LAYERS: [(&str, &str); 3] = [
        ("pre_logits.fc1.", "classifier.0."),
        ("pre_logits.fc2.", "classifier.3."),
        ("head.fc.", "classifier.6."),
    ];
    let renaming = |name: &str| {
        LAYERS
            .iter()
            .find_map(|(timm, torchvision)| Some(format!("{torchvision}{}", name.strip_prefix(timm)?)))
    };
    let mut tensors = renamed(tensors, renaming)?;
    for (name, stored) in &mut tensors {
        if let ([rows, columns @ ..], true) = (stored.shape.as_slice(), name.starts_with("classifier."))
            && let (4, Some(columns)) = (stored.shape.len(), count(columns))
        {
            stored.shape = vec![*rows, columns];
        }
    }
    Ok(tensors)
}

/// The blocks of timm's MobileNetV2 in order, as stage and number.
fn blocks(tensors: &Tensors) -> Vec<(usize, usize)> {
    let block = |name: &String| {
        let (stage, rest) = name.strip_prefix("blocks.")?.split_once('.')?;
        let (block, _) = rest.split_once('.')?;
        Some((stage.parse().ok()?, block.parse().ok()?))
    };
    let mut blocks: Vec<_> = tensors.keys().filter_map(block).collect();
    blocks.sort_unstable();
    blocks.dedup();
    blocks
}

/// timm names the stages of MobileNetV2 and the layers of a block (`timm/models/efficientnet.py`); torchvision numbers them.
fn from_timm_mobilenet(name: &str, blocks: &[(usize, usize)]) -> Option<String> {
    let (module, part) = name.rsplit_once('.')?;
    let last = blocks.len() + 1;
    let module = match module {
        "conv_stem" => "features.0.0".into(),
        "bn1" => "features.0.1".into(),
        "conv_head" => format!("features.{last}.0"),
        "bn2" => format!("features.{last}.1"),
        "classifier" => "classifier.1".into(),
        _ => {
            let (stage, rest) = module.strip_prefix("blocks.")?.split_once('.')?;
            let (block, layer) = rest.split_once('.')?;
            let at = blocks.binary_search(&(stage.parse().ok()?, block.parse().ok()?)).ok()?;
            // The first block does not expand: its depthwise convolution is the first.
            let layer = match (at, layer) {
                (0, "conv_dw") | (1.., "conv_pw") => "0.0",
                (_, "bn1") => "0.1",
                (0, "conv_pw") => "1",
                (0, "bn2") => "2",
                (_, "conv_dw") => "1.0",
                (_, "bn2") => "1.1",
                (_, "conv_pwl") => "2",
                (_, "bn3") => "3",
                _ => return None,
            };
            format!("features.{}.conv.{layer}", at + 1)
        }
    };
    Some(format!("{module}.{part}"))
}
