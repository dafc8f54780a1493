//! Settings of a `config.json`, or of what stands beside a network's tensors in their file, that leave no trace in the tensors: each
//! must be as the network is computed here.

use serde_json::Value;

use crate::Result;
use crate::error::error;

/// timm's settings that matter only in training, or that names and shapes of tensors tell.
const IGNORED: [&str; 18] = [
    "aa_stem_only",
    "aux_logits",
    "avg_down",
    "bn_momentum",
    "drop_block_rate",
    "drop_path_rate",
    "drop_rate",
    "exportable",
    "fix_stem",
    "in_chans",
    "memory_efficient",
    "num_classes",
    "pretrained",
    "proj_drop_rate",
    "scriptable",
    "se_ratio",
    "stem_kernel_size",
    "zero_init_last",
];

/// Those that give a network other sizes than its name says; the tensors tell which.
const SIZES: [&str; 23] = [
    "base_width",
    "block_config",
    "block_reduce_first",
    "bn_size",
    "bottle_ratio",
    "cardinality",
    "channel_multiplier",
    "channels",
    "depth",
    "depth_multiplier",
    "down_kernel_size",
    "fix_stem_head",
    "group_min_ratio",
    "group_size",
    "growth_rate",
    "layers",
    "mlp_ratio",
    "num_features",
    "stem_size",
    "stem_width",
    "w0",
    "wa",
    "wm",
];

/// Whether timm's setting `name` may give a network other sizes than its name says.
pub fn is_size(name: &str) -> bool {
    SIZES.contains(&name)
}

/// timm's names of the mean over all places.
pub const MEAN: Computed = Computed::OneOf(&["", "avg", "fast", "fastavg"]);

/// What a setting must be.
pub enum Computed {
    OneOf(&'static [&'static str]),
    Number(f64),
    Flag(bool),
    EmptyObject,
}

impl Computed {
    /// Checks what `file` says of the setting `name`.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights) when the network would compute otherwise.
    pub fn check(&self, file: &str, name: &str, value: &Value) -> Result<()> {
        let is_computed = match self {
            Self::OneOf(names) => {
                value.as_str().is_some_and(|found| names.contains(&found.to_lowercase().as_str()))
            }
            Self::Number(number) => {
                value.as_f64().is_some_and(|found| (found - number).abs() <= 1e-6 * number)
            }
            Self::Flag(flag) => value.as_bool() == Some(*flag),
            Self::EmptyObject => value.as_object().is_some_and(serde_json::Map::is_empty),
        };
        if is_computed {
            return Ok(());
        }
        let wanted = match self {
            Self::OneOf(names) => names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", "),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::EmptyObject => "{}".into(),
        };
        Err(error!(
            Weights,
            "card-setting",
            "{file}: `{name}` is {value}, and only {wanted} is computed here. Tensors do not tell the difference, so choose weights of a network with that setting",
            file,
            name,
            value,
            wanted
        ))
    }
}

/// What Hugging Face's setting `name` must be for a family of networks (`model_type`).
pub fn of_hugging_face(family: Option<&str>, name: &str) -> Option<Computed> {
    Some(match (family?, name) {
        ("resnet" | "regnet", "hidden_act") => Computed::OneOf(&["relu"]),
        ("mobilenet_v2", "hidden_act") => Computed::OneOf(&["relu6"]),
        ("mobilenet_v2", "tf_padding") => Computed::Flag(true),
        ("mobilenet_v2", "layer_norm_eps") => Computed::Number(1e-3),
        ("mobilenet_v2", "output_stride") => Computed::Number(32.0),
        ("resnet", "downsample_in_first_stage") => Computed::Flag(false),
        ("regnet", "downsample_in_first_stage") => Computed::Flag(true),
        _ => return None,
    })
}

/// Checks that `file` names no network that smooths what it strides over.
///
/// # Errors
/// [`is_weights`](crate::Error::is_weights), with the name.
pub fn check_name(file: &str, name: &str) -> Result<()> {
    const SMOOTHED: [&str; 4] = ["resnetaa", "resnextaa", "resnetblur", "densenetblur"];
    if !SMOOTHED.iter().any(|family| name.contains(family)) {
        return Ok(());
    }
    Err(error!(
        Weights,
        "card-variant",
        "{file}: `{name}` smooths what it strides over (anti-aliasing), which its tensors do not tell and this program does not compute; choose weights of another network",
        file,
        name
    ))
}

/// What a setting of timm's must be.
pub enum Timm {
    Any,
    Only(Computed),
    /// Nobody knows what it changes.
    Unknown,
}

/// What timm's setting `name` must be for a network.
pub fn of_timm(network: Option<&str>, name: &str) -> Timm {
    if IGNORED.contains(&name) || is_size(name) {
        return Timm::Any;
    }
    Timm::Only(match name {
        "aa_layer" | "pad_type" | "stem_type" => Computed::OneOf(&[""]),
        "act_layer" if network.is_some_and(|network| network.contains("mobilenet")) => {
            Computed::OneOf(&["relu6"])
        }
        "act_layer" => Computed::OneOf(&["relu"]),
        "downsample" => Computed::OneOf(&["conv1x1"]),
        "global_pool" => MEAN,
        "norm_layer" => Computed::OneOf(&["batchnorm", "batchnorm2d", "frozenbatchnorm2d"]),
        "bn_eps" => Computed::Number(1e-5),
        "norm_eps" => Computed::Number(1e-3), // of Inception v3 alone
        "output_stride" => Computed::Number(32.0),
        "bn_tf" | "linear_out" | "preact" | "replace_stem_pool" => Computed::Flag(false),
        "block_args" => Computed::EmptyObject,
        _ => return Timm::Unknown,
    })
}
