//! What the machine's values are made of: groups, and what calls would give.

use super::{Group, LONG_LIST, MAX_DEPTH, Machine, too_deep};
use crate::error::error;
use crate::weights::format::global::Global;
use crate::weights::format::pickle::Value;
use crate::{Error, Result};

impl Machine<'_> {
    pub(super) fn push_object(&mut self, callable: Value, arguments: Value) -> Result<()> {
        let object = self.object(callable, arguments)?;
        self.push(object)
    }

    fn object(&mut self, callable: Value, arguments: Value) -> Result<Value> {
        self.group(Value::Object, vec![callable, arguments, Value::None])
    }

    pub(super) fn push_group(&mut self, kind: fn(u32) -> Value, values: Vec<Value>) -> Result<()> {
        let value = self.group(kind, values)?;
        self.push(value)
    }

    pub(super) fn group(&mut self, kind: fn(u32) -> Value, values: Vec<Value>) -> Result<Value> {
        self.spend(2 * size_of::<Group>() + values.capacity() * size_of::<Value>())?;
        let depth = self.depth_above(&values)?;
        self.groups.push(Group { values, depth });
        Ok(kind(self.groups.len() as u32 - 1))
    }

    /// The depth of a group of these values.
    pub(super) fn depth_above(&self, values: &[Value]) -> Result<u8> {
        let depth = |value: &Value| value.group().map_or(0, |group| self.groups[group as usize].depth);
        let below = values.iter().map(depth).max().unwrap_or(0);
        if below < MAX_DEPTH { Ok(below + 1) } else { Err(too_deep()) }
    }

    /// Adds values to what is on top of the stack: to a list, or as keys and values in turn to a dict.
    pub(super) fn extend(&mut self, listed: bool, mut values: Vec<Value>) -> Result<()> {
        let group = match (self.stack.last(), listed) {
            (Some(&Value::List(group)), true) => {
                // Losses of all steps and the like are nothing that anyone asks for.
                if self.groups[group as usize].values.len() + values.len() > LONG_LIST {
                    values.retain(|value| !matches!(value, Value::None | Value::Bool(_) | Value::Float(_)));
                }
                group
            }
            (Some(&Value::Object(group)), true) => {
                values = values.into_iter().flat_map(|value| [Value::None, value]).collect();
                group
            }
            (Some(&(Value::Dict(group) | Value::Object(group))), false) => group,
            _ => {
                return Err(error!(
                    Weights,
                    "pickle-append",
                    "the pickle of this PyTorch file adds values to something that is neither a list nor a dict"
                ));
            }
        };
        if !listed && values.len() % 2 == 1 {
            return Err(error!(
                Weights,
                "pickle-odd-dict", "the pickle of this PyTorch file has a dict with a key without a value"
            ));
        }
        self.spend(2 * values.len() * size_of::<Value>())?;
        let depth = self.depth_above(&values)?;
        let group = &mut self.groups[group as usize];
        group.values.extend(values);
        group.depth = group.depth.max(depth);
        Ok(())
    }

    /// Pushes the global of these bytes: from and to of its module, then of its name.
    pub(super) fn push_global(&mut self, bytes: [u32; 4]) -> Result<()> {
        let [a, b, c, d] = bytes.map(|at| at as usize);
        let text = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
        let global = match Global::find(text(&self.bytes[a..b]), text(&self.bytes[c..d])) {
            Some(global) => global,
            None => {
                self.spend(2 * size_of::<[u32; 4]>())?;
                self.unknown.push(bytes);
                Global::Unknown(self.unknown.len() as u32 - 1)
            }
        };
        self.push(Value::Global(global))
    }

    /// What a call gives, where PyTorch writes it for a tensor or a dict; else an object that says what it would call.
    pub(super) fn call(&mut self, callable: Value, arguments: Value) -> Result<Value> {
        let Value::Tuple(group) = arguments else { return Err(no_function()) };
        let global = match callable {
            Value::Global(global) => global,
            Value::Object(_) | Value::Persistent(_) => return self.object(callable, arguments),
            _ => return Err(no_function()),
        };
        let given = &self.groups[group as usize].values;
        match (global, given.as_slice()) {
            (Global::OrderedDict, []) => self.group(Value::Dict, Vec::new()),
            (Global::OrderedDict, &[dict @ Value::Dict(_)]) => Ok(dict),
            (Global::OrderedDict, &[Value::List(pairs)]) => {
                let pairs = &self.groups[pairs as usize].values;
                let mut entries = Vec::new();
                for pair in pairs {
                    let (Value::Tuple(pair) | Value::List(pair)) = *pair else { return Err(unpaired()) };
                    let [key, value] = self.groups[pair as usize].values[..] else { return Err(unpaired()) };
                    entries.extend([key, value]);
                }
                self.group(Value::Dict, entries)
            }
            (Global::RebuildTensor, _) => Ok(Value::Tensor(group)),
            // A tensor of a kind that is unknown keeps its name.
            (Global::RebuildParameter, &[tensor @ (Value::Tensor(_) | Value::Object(_)), ..]) => Ok(tensor),
            (Global::RebuildFromType, &[Value::Global(function), _, arguments @ Value::Tuple(_), ..])
                if function != Global::RebuildFromType =>
            {
                self.call(Value::Global(function), arguments)
            }
            (Global::Unknown(_) | Global::Storage(_) | Global::OtherStorage(_), _) => {
                self.object(callable, arguments)
            }
            _ => Err(error!(
                Weights,
                "pickle-arguments",
                "the pickle of this PyTorch file calls {global} with arguments that PyTorch never writes",
                global = format!("{global:?}")
            )),
        }
    }
}

fn unpaired() -> Error {
    error!(
        Weights,
        "pickle-pairs",
        "the pickle of this PyTorch file builds an ordered dict of something other than pairs"
    )
}

fn no_function() -> Error {
    error!(Weights, "pickle-call", "the pickle of this PyTorch file calls something that is not a function")
}
