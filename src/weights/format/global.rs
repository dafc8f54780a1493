//! The globals of a pickle that this reader knows. All others are names to it.

use safetensors::Dtype;

/// What a pickle refers to by name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Global {
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
    /// Rebuilds a tensor of a subclass by another function.
    RebuildFromType,
    /// A storage of numbers of this type.
    Storage(Dtype),
    /// A storage of numbers of another type, with the bytes of one.
    OtherStorage(u8),
    /// Any other, by its index among them.
    Unknown(u32),
}

impl Global {
    /// The global called `name` in Python's `module`; `None` for one that no state dict needs.
    pub fn find(module: &str, name: &str) -> Option<Self> {
        Some(match (module, name) {
            ("collections", "OrderedDict") => Self::OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2" | "_rebuild_tensor") => Self::RebuildTensor,
            ("torch._utils", "_rebuild_parameter" | "_rebuild_parameter_with_state") => {
                Self::RebuildParameter
            }
            ("torch._tensor", "_rebuild_from_type_v2") => Self::RebuildFromType,
            ("torch" | "torch.cuda" | "torch.storage", class) => storage(class)?,
            _ => return None,
        })
    }
}

fn storage(class: &str) -> Option<Global> {
    Some(Global::Storage(match class {
        "FloatStorage" => Dtype::F32,
        "HalfStorage" => Dtype::F16,
        "BFloat16Storage" => Dtype::BF16,
        "DoubleStorage" => Dtype::F64,
        "LongStorage" => Dtype::I64,
        "IntStorage" => Dtype::I32,
        "ShortStorage" => Dtype::I16,
        "CharStorage" => Dtype::I8,
        "ByteStorage" => Dtype::U8,
        "BoolStorage" => Dtype::BOOL,
        "ComplexDoubleStorage" => return Some(Global::OtherStorage(16)),
        "ComplexFloatStorage" => return Some(Global::OtherStorage(8)),
        "QInt32Storage" => return Some(Global::OtherStorage(4)),
        // PyTorch counts the bytes of a storage without a type.
        "QInt8Storage" | "QUInt8Storage" | "UntypedStorage" => return Some(Global::OtherStorage(1)),
        _ => return None,
    }))
}
