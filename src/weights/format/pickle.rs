//! What Python's pickle (protocols 2 to 5) says, as plain values.
//!
//! A pickle is a program for a stack machine, and in Python it can call anything. This reader executes nothing: the
//! machine in `machine/` builds values. What it does not know becomes an [`Value::Object`], which only says what would
//! have been called.

use std::borrow::Cow;

use super::global::Global;
use super::machine::{Group, Machine};
use super::{MAX_PICKLE_BYTES, shortened};
use crate::Result;

/// A value of a pickle. One with parts holds the index of its group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Bytes of the file, from and to: text, or bytes.
    Text(u32, u32),
    /// A value that no state dict needs, such as a number of more than eight bytes.
    Other,
    /// The number that PyTorch's files start with.
    Magic,
    Tuple(u32),
    /// A list or a set.
    List(u32),
    /// Keys and values in turn.
    Dict(u32),
    Global(Global),
    /// What a persistent id names.
    Persistent(u32),
    /// The arguments that a tensor is rebuilt from.
    Tensor(u32),
    /// What a call would give. It holds the callable, its arguments and the object's state. Then come keys and values in
    /// turn, as of a dict, or `None` and values, as of a list.
    Object(u32),
}

impl Value {
    /// The group of its parts, where it has some.
    pub fn group(self) -> Option<u32> {
        match self {
            Self::Tuple(group)
            | Self::List(group)
            | Self::Dict(group)
            | Self::Persistent(group)
            | Self::Tensor(group)
            | Self::Object(group) => Some(group),
            _ => None,
        }
    }
}

/// The longest name of a global.
const MAX_GLOBAL_CHARS: usize = 120;

/// How many parts of an object come before what it holds.
pub const OBJECT_PARTS: usize = 3;

/// What a pickle stands for.
pub struct Pickled<'a> {
    bytes: &'a [u8],
    groups: Vec<Group>,
    unknown: Vec<[u32; 4]>,
    persistent: Vec<Value>,
    /// The value that its last opcode leaves.
    pub value: Value,
    /// The byte after its last.
    pub end: usize,
}

impl<'a> Pickled<'a> {
    /// Runs the pickle that `bytes` start with.
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        let bytes = &bytes[..bytes.len().min(MAX_PICKLE_BYTES)];
        let mut machine = Machine::new(bytes);
        let value = machine.run()?;
        let Machine { groups, unknown, persistent, at: end, .. } = machine;
        Ok(Self { bytes, groups, unknown, persistent, value, end })
    }

    /// Every persistent id, as often as the pickle names it.
    pub fn persistent(&self) -> &[Value] {
        &self.persistent
    }

    /// The parts of a value; none where it has none.
    pub fn parts(&self, value: Value) -> &[Value] {
        value.group().map_or(&[], |group| &self.groups[group as usize].values)
    }

    /// The text of a value that is one.
    pub fn text(&self, value: Value) -> Option<&'a str> {
        match value {
            Value::Text(from, to) => std::str::from_utf8(&self.bytes[from as usize..to as usize]).ok(),
            _ => None,
        }
    }

    /// The entries of a dict, or of an object that is one, whose keys are texts or numbers, in order.
    pub fn entries(&self, value: Value) -> impl Iterator<Item = (Cow<'a, str>, Value)> {
        let parts = match value {
            Value::Dict(_) => self.parts(value),
            Value::Object(_) => self.parts(value).get(OBJECT_PARTS..).unwrap_or(&[]),
            _ => &[],
        };
        parts.chunks_exact(2).filter_map(|pair| {
            let key = match pair[0] {
                Value::Int(number) => number.to_string().into(),
                key => self.text(key)?.into(),
            };
            Some((key, pair[1]))
        })
    }

    /// The value of a dict under `key`.
    pub fn get(&self, value: Value, key: &str) -> Option<Value> {
        self.entries(value).find(|(found, _)| found == key).map(|(_, value)| value)
    }

    /// The numbers of a value: one, or those of a tuple or list; yes is 1 and no 0.
    pub fn numbers(&self, value: Value) -> Option<Vec<f64>> {
        let number = |value: &Value| match *value {
            Value::Int(number) => Some(number as f64),
            Value::Float(number) => Some(number),
            Value::Bool(yes) => Some(f64::from(u8::from(yes))),
            _ => None,
        };
        match value {
            Value::Tuple(_) | Value::List(_) => self.parts(value).iter().take(4).map(number).collect(),
            _ => number(&value).map(|number| vec![number]),
        }
    }

    /// The class of an object, or the function that would make it, as `module.name`.
    pub fn class(&self, value: Value) -> Option<String> {
        let &[callable, arguments, ..] = self.parts(value) else { return None };
        let name = self.name(callable)?;
        // How Python writes objects below protocol 2.
        if name == "copyreg._reconstructor" || name == "copy_reg._reconstructor" {
            return self.name(*self.parts(arguments).first()?);
        }
        Some(name)
    }

    /// The name of a function: a global, or an attribute of one, as those of PyTorch that are no Python code.
    pub fn function(&self, value: Value) -> Option<String> {
        let &[callable, arguments, ..] = self.parts(value) else {
            return matches!(value, Value::Global(_)).then(|| self.name(value)).flatten();
        };
        let getattr = ["builtins.getattr", "__builtin__.getattr"];
        self.name(callable).filter(|name| getattr.contains(&name.as_str()))?;
        let &[of, name] = self.parts(arguments) else { return None };
        Some(shortened(&format!("{}.{}", self.name(of)?, self.text(name)?), MAX_GLOBAL_CHARS))
    }

    /// The name of a global.
    pub fn name(&self, value: Value) -> Option<String> {
        let global = match value {
            Value::Global(global) => global,
            // PyTorch's first format gives classes of modules persistent ids: `("module", class, file, source)`.
            Value::Persistent(_) => return self.name(*self.parts(value).get(1)?),
            _ => return None,
        };
        let Global::Unknown(index) = global else { return Some(format!("{global:?}")) };
        let [a, b, c, d] = self.unknown[index as usize].map(|at| at as usize);
        let [module, name] =
            [&self.bytes[a..b], &self.bytes[c..d]].map(|bytes| String::from_utf8_lossy(bytes));
        Some(shortened(&format!("{module}.{name}"), MAX_GLOBAL_CHARS))
    }
}
