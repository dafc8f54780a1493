//! timm's `model_args`: what of them tensors tell or no prediction needs, and what must be as the network is computed here.

use serde_json::Value;

use super::config::CONFIG;
use crate::Result;
use crate::error::error;

/// timm's names of the mean of all places.
pub const MEANS: [&str; 4] = ["", "avg", "fast", "fastavg"];

/// Settings that only train, or that names and shapes of tensors tell.
const FREE: [&str; 40] = [
    "aa_stem_only",
    "aux_logits",
    "base_width",
    "block_config",
    "block_reduce_first",
    "bn_momentum",
    "bn_size",
    "bottle_ratio",
    "cardinality",
    "channel_multiplier",
    "channels",
    "depth",
    "depth_multiplier",
    "down_kernel_size",
    "drop_block_rate",
    "drop_path_rate",
    "drop_rate",
    "exportable",
    "fix_stem",
    "fix_stem_head",
    "group_min_ratio",
    "group_size",
    "growth_rate",
    "in_chans",
    "layers",
    "memory_efficient",
    "mlp_ratio",
    "num_classes",
    "num_features",
    "pretrained",
    "proj_drop_rate",
    "scriptable",
    "se_ratio",
    "stem_kernel_size",
    "stem_size",
    "stem_width",
    "w0",
    "wa",
    "wm",
    "zero_init_last",
];

/// What a setting may be that leaves no trace in tensors.
enum Own {
    Names(&'static [&'static str]),
    Number(f64),
    Off,
    Empty,
}

/// Checks a setting of the network of this name.
///
/// # Errors
/// [`is_weights`](crate::Error::is_weights) when the network would compute otherwise, or nobody knows whether it would.
pub fn check(network: Option<&str>, name: &str, value: &Value) -> Result<()> {
    if FREE.contains(&name) {
        return Ok(());
    }
    let activation: &'static [&'static str] = match network {
        Some(network) if network.contains("mobilenet") => &["relu6"],
        _ => &["relu"],
    };
    let own = match name {
        "aa_layer" | "pad_type" | "stem_type" => Own::Names(&[""]),
        "act_layer" => Own::Names(activation),
        "downsample" => Own::Names(&["conv1x1"]),
        "global_pool" => Own::Names(&MEANS),
        "norm_layer" => Own::Names(&["batchnorm", "batchnorm2d", "frozenbatchnorm2d"]),
        "bn_eps" => Own::Number(1e-5),
        "norm_eps" => Own::Number(1e-3),
        "output_stride" => Own::Number(32.0),
        "avg_down" | "bn_tf" | "linear_out" | "preact" | "replace_stem_pool" => Own::Off,
        "block_args" => Own::Empty,
        _ => {
            return Err(error!(
                Weights,
                "card-setting-unknown",
                "{file}: `model_args` has `{name}`, which is not known, and tensors do not tell what it changes; remove it if it changes nothing that the network computes",
                file = CONFIG,
                name
            ));
        }
    };
    let is_own = match &own {
        Own::Names(names) => value.as_str().is_some_and(|found| names.contains(&found)),
        Own::Number(number) => value.as_f64().is_some_and(|found| (found - number).abs() <= 1e-6 * number),
        Own::Off => *value == Value::Bool(false),
        Own::Empty => value.as_object().is_some_and(serde_json::Map::is_empty),
    };
    if is_own {
        return Ok(());
    }
    let wanted = match own {
        Own::Names(names) => names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", "),
        Own::Number(number) => number.to_string(),
        Own::Off => false.to_string(),
        Own::Empty => "{}".into(),
    };
    Err(error!(
        Weights,
        "card-setting",
        "{file}: `model_args.{name}` is {value}, which changes what the network computes, and only {wanted} is computed here; choose weights of such a network",
        file = CONFIG,
        name,
        value,
        wanted
    ))
}
