//! What a weight file holds: states, each the tensors of one dict or module.

use super::stored::Stored;
use crate::Error;

/// The tensors of one dict, or of one module that was saved whole.
#[derive(Clone)]
pub struct State {
    /// Where in the file it is, such as `state_dict`; empty: the file is nothing else.
    pub path: String,
    /// In the file's order.
    pub tensors: Vec<(String, Entry)>,
    /// The class of a module that was saved whole.
    pub class: Option<String>,
    /// It and the modules in it, in order.
    pub modules: Vec<SavedModule>,
    /// Whether the file's order is that in which the network was built.
    pub ordered: bool,
    /// Whether its tensors are those of several dicts, which stand in one.
    pub joined: bool,
    /// What is wrong with one of its tensors: the file is damaged.
    pub damaged: Option<Error>,
}

/// What a module that was saved says of itself beside its tensors.
#[derive(Clone)]
pub struct SavedModule {
    /// Its name in the file; that of the whole is empty.
    pub name: String,
    /// As Python names it, such as `torch.nn.modules.conv.Conv2d`.
    pub class: String,
    /// Whether it holds no other modules.
    pub is_leaf: bool,
    /// The places, among the modules of its state, of those that it holds, in order; `None`: some of them are not kept.
    pub children: Option<Vec<usize>>,
    /// Its attributes that are functions of a Python module, with the names of these.
    pub functions: Vec<(String, String)>,
    /// Those of [`SETTINGS`](Self::SETTINGS) that are numbers. TorchScript has most of them in its code.
    pub numbers: Vec<(&'static str, Vec<f64>)>,
    /// Those that are texts.
    pub texts: Vec<(&'static str, String)>,
    /// Those of [`CODE`](Self::CODE) that it has.
    pub code: Vec<&'static str>,
}

impl SavedModule {
    /// What is kept of its attributes.
    pub const SETTINGS: [&str; 14] = [
        "stride",
        "padding",
        "dilation",
        "kernel_size",
        "padding_mode",
        "eps",
        "output_size",
        "ceil_mode",
        "count_include_pad",
        "divisor_override",
        "use_res_connect",
        "has_skip",
        "use_residual",
        "transform_input",
    ];
    /// Attributes that are code: dicts of functions which PyTorch calls beside a module's own, unless they are empty, and functions
    /// in place of a class's.
    pub const CODE: [&str; 11] = [
        "_forward_pre_hooks",
        "_forward_hooks",
        "_backward_pre_hooks",
        "_backward_hooks",
        "forward",
        "_forward_impl",
        "_forward",
        "forward_features",
        "forward_head",
        "_conv_forward",
        "_call_impl",
    ];

    /// The numbers of a setting, where the file tells them.
    pub fn numbers(&self, setting: &str) -> Option<&[f64]> {
        self.numbers.iter().find(|(found, _)| *found == setting).map(|(_, numbers)| &numbers[..])
    }

    /// The text of a setting, likewise.
    pub fn text(&self, setting: &str) -> Option<&str> {
        self.texts.iter().find(|(found, _)| *found == setting).map(|(_, text)| text.as_str())
    }

    /// Its class without the Python module.
    pub fn kind(&self) -> &str {
        self.class.rsplit('.').next().unwrap_or_default()
    }

    /// Whether TorchScript wrote it.
    pub fn is_script(&self) -> bool {
        self.class.starts_with("__torch__.")
    }

    /// Whether its class is of a Python module whose name starts so.
    pub fn is_of(&self, python: &str) -> bool {
        // TorchScript puts its own name before.
        let class = self.class.strip_prefix("__torch__.").unwrap_or(&self.class);
        class.strip_prefix(python).is_some_and(|rest| rest.starts_with('.'))
    }
}

/// What stands in a tensor's place.
#[derive(Clone)]
pub enum Entry {
    Stored(Stored),
    /// No tensor, or one that cannot be read, and why.
    Unreadable(Error),
    /// An object of another kind than tensors, and why it is none.
    Other(Error),
}

impl Entry {
    pub fn stored(&self) -> Option<&Stored> {
        match self {
            Self::Stored(stored) => Some(stored),
            _ => None,
        }
    }
}
