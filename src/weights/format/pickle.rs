//! The part of Python's pickle (protocols 2 to 5) that a PyTorch state dict is written in.
//!
//! A pickle is a program for a stack machine, and in Python it can call anything. This reader executes nothing: its
//! machine builds plain values, knows the fourteen globals of [`Global`], and refuses every other by name. Opcodes and
//! their arguments: CPython, `Lib/pickletools.py`.

use super::global::Global;
use super::{MAX_HEADER_BYTES, shortened};
use crate::error::error;
use crate::{Error, Result};

/// How deep values may be nested.
const MAX_DEPTH: u8 = 64;
/// The most values on the stack.
const MAX_STACK: usize = 1 << 16;
/// The most bytes that all values together may take.
const MAX_BYTES: usize = 10 << 20;

/// A value of a pickle. One with parts holds the index of its group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    None,
    Bool,
    Int(i64),
    Float,
    /// Bytes of the file, from and to.
    Text(u32, u32),
    /// A value that no state dict needs, such as a number of more than eight bytes.
    Other,
    /// The number that PyTorch's files start with.
    Magic,
    Tuple(u32),
    List(u32),
    /// Keys and values in turn.
    Dict(u32),
    Global(Global),
    /// What a persistent id names.
    Persistent(u32),
    /// The arguments that a tensor is rebuilt from.
    Tensor(u32),
}

/// What a pickle stands for.
pub struct Pickled<'a> {
    bytes: &'a [u8],
    groups: Vec<Group>,
    persistent: Vec<Value>,
    /// The value that its last opcode leaves.
    pub value: Value,
    /// The byte after its last.
    pub end: usize,
}

struct Group {
    values: Vec<Value>,
    depth: u8,
}

impl<'a> Pickled<'a> {
    /// Runs the pickle that starts at byte `start` of `bytes`.
    pub fn read(bytes: &'a [u8], start: usize) -> Result<Self> {
        let bytes = &bytes[..bytes.len().min(start.saturating_add(MAX_HEADER_BYTES)).min(u32::MAX as usize)];
        let mut machine = Machine { bytes, at: start, ..Machine::default() };
        let value = machine.run()?;
        Ok(Self { bytes, groups: machine.groups, persistent: machine.persistent, value, end: machine.at })
    }

    /// Every persistent id, as often as the pickle names it.
    pub fn persistent(&self) -> &[Value] {
        &self.persistent
    }

    /// The parts of a value; none where it has none.
    pub fn parts(&self, value: Value) -> &[Value] {
        match value {
            Value::Tuple(group)
            | Value::List(group)
            | Value::Dict(group)
            | Value::Persistent(group)
            | Value::Tensor(group) => &self.groups[group as usize].values,
            _ => &[],
        }
    }

    /// The text of a value that is one.
    pub fn text(&self, value: Value) -> Option<&'a str> {
        match value {
            Value::Text(from, to) => std::str::from_utf8(&self.bytes[from as usize..to as usize]).ok(),
            _ => None,
        }
    }

    /// The entries of a dict whose keys are texts, in order.
    pub fn entries(&self, value: Value) -> impl Iterator<Item = (&'a str, Value)> {
        let parts = if let Value::Dict(_) = value { self.parts(value) } else { &[] };
        parts.chunks_exact(2).filter_map(|pair| Some((self.text(pair[0])?, pair[1])))
    }
}

#[derive(Default)]
struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    stack: Vec<Value>,
    marks: Vec<usize>,
    memo: Vec<Value>,
    groups: Vec<Group>,
    persistent: Vec<Value>,
    spent: usize,
}

impl<'a> Machine<'a> {
    fn run(&mut self) -> Result<Value> {
        loop {
            let at = self.at;
            let [opcode] = self.fixed()?;
            match opcode {
                b'.' => return self.pop(),
                0x80 => drop(self.fixed::<1>()?),
                // A frame's length helps readers of streams alone.
                0x95 => drop(self.fixed::<8>()?),
                b'(' => self.mark()?,
                b'0' => drop(self.pop()?),
                b'1' => drop(self.popped_to_mark()?),
                b'2' => {
                    let top = self.pop()?;
                    self.push(top)?;
                    self.push(top)?;
                }
                b'N' => self.push(Value::None)?,
                0x88 | 0x89 => self.push(Value::Bool)?,
                b'J' => {
                    let bytes = self.fixed()?;
                    self.push(Value::Int(i32::from_le_bytes(bytes).into()))?;
                }
                b'K' => {
                    let [byte] = self.fixed()?;
                    self.push(Value::Int(byte.into()))?;
                }
                b'M' => {
                    let bytes = self.fixed()?;
                    self.push(Value::Int(u16::from_le_bytes(bytes).into()))?;
                }
                0x8a => {
                    let [length] = self.fixed()?;
                    let number = integer(self.take(length.into())?);
                    self.push(number)?;
                }
                b'G' => {
                    self.fixed::<8>()?;
                    self.push(Value::Float)?;
                }
                b'X' | b'T' => {
                    let length = u32::from_le_bytes(self.fixed()?);
                    self.push_text(length.into())?;
                }
                0x8c | b'U' => {
                    let [length] = self.fixed()?;
                    self.push_text(length.into())?;
                }
                0x8d => {
                    let length = u64::from_le_bytes(self.fixed()?);
                    self.push_text(length)?;
                }
                b')' => self.push_group(Value::Tuple, Vec::new())?,
                b']' => self.push_group(Value::List, Vec::new())?,
                b'}' => self.push_group(Value::Dict, Vec::new())?,
                b't' => {
                    let values = self.popped_to_mark()?;
                    self.push_group(Value::Tuple, values)?;
                }
                0x85..=0x87 => {
                    let count = usize::from(opcode - 0x84);
                    let from = self.stack.len().checked_sub(count).filter(|&from| from >= self.floor());
                    let values = self.stack.split_off(from.ok_or_else(starved)?);
                    self.push_group(Value::Tuple, values)?;
                }
                b'a' => {
                    let value = self.pop()?;
                    self.extend(Value::List, vec![value])?;
                }
                b'e' => {
                    let values = self.popped_to_mark()?;
                    self.extend(Value::List, values)?;
                }
                b's' => {
                    let (value, key) = (self.pop()?, self.pop()?);
                    self.extend(Value::Dict, vec![key, value])?;
                }
                b'u' => {
                    let values = self.popped_to_mark()?;
                    self.extend(Value::Dict, values)?;
                }
                b'c' => {
                    let (module, name) = (self.line()?, self.line()?);
                    self.push_global(module, name)?;
                }
                0x93 => {
                    let (name, module) = (self.pop()?, self.pop()?);
                    let (Value::Text(a, b), Value::Text(c, d)) = (module, name) else {
                        return Err(error!(
                            Weights,
                            "pickle-global-name",
                            "the pickle of this PyTorch file refers to a global by something other than text"
                        ));
                    };
                    let text = |from: u32, to: u32| text(&self.bytes[from as usize..to as usize]);
                    self.push_global(text(a, b)?, text(c, d)?)?;
                }
                b'R' => {
                    let (arguments, callable) = (self.pop()?, self.pop()?);
                    let value = self.call(callable, arguments)?;
                    self.push(value)?;
                }
                b'b' => {
                    self.pop()?;
                    // Attributes of an ordered dict, such as PyTorch's `_metadata` of module versions.
                    if !matches!(self.stack.last(), Some(Value::Dict(_))) {
                        return Err(error!(
                            Weights,
                            "pickle-state",
                            "the pickle of this PyTorch file sets the state of an object, which no state dict needs; save the state dict alone: torch.save(model.state_dict(), path)"
                        ));
                    }
                }
                b'Q' => {
                    let id = self.pop()?;
                    let Value::Tuple(group) = id else {
                        return Err(error!(
                            Weights,
                            "pickle-storage-name",
                            "the pickle of this PyTorch file names a storage by something other than a tuple"
                        ));
                    };
                    self.spend(2 * size_of::<Value>())?;
                    self.persistent.push(Value::Persistent(group));
                    self.push(Value::Persistent(group))?;
                }
                b'h' => {
                    let [index] = self.fixed()?;
                    self.recall(index.into())?;
                }
                b'j' => {
                    let index = u32::from_le_bytes(self.fixed()?);
                    self.recall(index as usize)?;
                }
                b'q' => {
                    let [index] = self.fixed()?;
                    self.memorise(index.into())?;
                }
                b'r' => {
                    let index = u32::from_le_bytes(self.fixed()?);
                    self.memorise(index as usize)?;
                }
                0x94 => self.memorise(self.memo.len())?,
                other => {
                    return Err(error!(
                        Weights,
                        "pickle-opcode",
                        "byte {at} of the pickle of this PyTorch file is opcode {opcode}, which no state dict needs; save it again with torch.save(model.state_dict(), path)",
                        at,
                        opcode = format!("0x{other:02x}")
                    ));
                }
            }
        }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(length).filter(|&end| end <= self.bytes.len());
        let end = end.ok_or_else(|| {
            error!(
                Weights,
                "pickle-cut",
                "the pickle of this PyTorch file goes on past byte {end}, where the file or the reader's limit ends; copy it again",
                end = self.bytes.len()
            )
        })?;
        let bytes = &self.bytes[self.at..end];
        self.at = end;
        Ok(bytes)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N]> {
        Ok(*self.take(N)?.first_chunk().expect("as many were taken"))
    }

    fn line(&mut self) -> Result<&'a str> {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().take(1 << 10).position(|&byte| byte == b'\n').ok_or_else(starved)?;
        let line = self.take(length)?;
        self.at += 1;
        text(line)
    }

    /// Where the values of the innermost mark start.
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn push(&mut self, value: Value) -> Result<()> {
        if self.stack.len() == MAX_STACK {
            return Err(error!(
                Weights,
                "pickle-stack",
                "the pickle of this PyTorch file stacks more than {max} values",
                max = MAX_STACK
            ));
        }
        self.stack.push(value);
        Ok(())
    }

    fn pop(&mut self) -> Result<Value> {
        if self.stack.len() <= self.floor() {
            return Err(starved());
        }
        self.stack.pop().ok_or_else(starved)
    }

    fn mark(&mut self) -> Result<()> {
        if self.marks.len() == usize::from(MAX_DEPTH) {
            return Err(too_deep());
        }
        self.marks.push(self.stack.len());
        Ok(())
    }

    fn popped_to_mark(&mut self) -> Result<Vec<Value>> {
        let from = self.marks.pop().ok_or_else(starved)?;
        Ok(self.stack.split_off(from))
    }

    fn push_text(&mut self, length: u64) -> Result<()> {
        let from = self.at;
        text(self.take(usize::try_from(length).unwrap_or(usize::MAX))?)?;
        self.push(Value::Text(from as u32, self.at as u32))
    }

    fn push_group(&mut self, kind: fn(u32) -> Value, values: Vec<Value>) -> Result<()> {
        let value = self.group(kind, values)?;
        self.push(value)
    }

    fn group(&mut self, kind: fn(u32) -> Value, values: Vec<Value>) -> Result<Value> {
        self.spend(2 * size_of::<Group>() + values.capacity() * size_of::<Value>())?;
        let depth = self.depth_above(&values)?;
        self.groups.push(Group { values, depth });
        Ok(kind(self.groups.len() as u32 - 1))
    }

    /// The depth of a group of these values.
    fn depth_above(&self, values: &[Value]) -> Result<u8> {
        let depth = |value: &Value| match *value {
            Value::Tuple(group)
            | Value::List(group)
            | Value::Dict(group)
            | Value::Persistent(group)
            | Value::Tensor(group) => self.groups[group as usize].depth,
            _ => 0,
        };
        let below = values.iter().map(depth).max().unwrap_or(0);
        if below < MAX_DEPTH { Ok(below + 1) } else { Err(too_deep()) }
    }

    /// Adds values to the list or dict on top of the stack.
    fn extend(&mut self, kind: fn(u32) -> Value, values: Vec<Value>) -> Result<()> {
        let group = match self.stack.last() {
            Some(&(Value::List(group) | Value::Dict(group))) if self.stack.last() == Some(&kind(group)) => {
                group
            }
            _ => {
                return Err(error!(
                    Weights,
                    "pickle-append",
                    "the pickle of this PyTorch file adds values to something that is neither a list nor a dict"
                ));
            }
        };
        if kind(group) == Value::Dict(group) && values.len() % 2 == 1 {
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

    fn push_global(&mut self, module: &str, name: &str) -> Result<()> {
        let global = Global::find(module, name).ok_or_else(|| {
            error!(
                Weights,
                "pickle-global",
                "the pickle of this PyTorch file refers to `{global}`, which no state dict needs; it was not called. If you trust the file, save its state dict alone: torch.save(model.state_dict(), path)",
                global = shortened(&format!("{module}.{name}"), 80)
            )
        })?;
        self.push(Value::Global(global))
    }

    fn call(&mut self, callable: Value, arguments: Value) -> Result<Value> {
        let (Value::Global(global), Value::Tuple(group)) = (callable, arguments) else {
            return Err(error!(
                Weights,
                "pickle-call", "the pickle of this PyTorch file calls something that is not a function"
            ));
        };
        let given = &self.groups[group as usize].values;
        match (global, given.as_slice()) {
            (Global::OrderedDict, []) => self.group(Value::Dict, Vec::new()),
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
            (Global::RebuildParameter, &[tensor @ Value::Tensor(_), ..]) => Ok(tensor),
            _ => Err(error!(
                Weights,
                "pickle-arguments",
                "the pickle of this PyTorch file calls {global} with arguments that PyTorch never writes",
                global = format!("{global:?}")
            )),
        }
    }

    fn memorise(&mut self, index: usize) -> Result<()> {
        let &top = self.stack.last().ok_or_else(starved)?;
        // Picklers number what they remember from 0 or 1 on.
        if index > self.memo.len() + 1 {
            return Err(error!(
                Weights,
                "pickle-memo",
                "the pickle of this PyTorch file remembers value {index} after only {count}",
                index,
                count = self.memo.len()
            ));
        }
        while self.memo.len() <= index {
            self.spend(2 * size_of::<Value>())?;
            self.memo.push(Value::Other);
        }
        self.memo[index] = top;
        Ok(())
    }

    fn recall(&mut self, index: usize) -> Result<()> {
        let value = self.memo.get(index).copied().ok_or_else(|| {
            error!(
                Weights,
                "pickle-recall",
                "the pickle of this PyTorch file recalls value {index}, which it never remembered",
                index
            )
        })?;
        self.push(value)
    }

    fn spend(&mut self, bytes: usize) -> Result<()> {
        self.spent += bytes;
        if self.spent > MAX_BYTES {
            return Err(error!(
                Weights,
                "pickle-values",
                "the values in the pickle of this PyTorch file take more than {max} MiB",
                max = MAX_BYTES >> 20
            ));
        }
        Ok(())
    }
}

fn starved() -> Error {
    error!(Weights, "pickle-starved", "the pickle of this PyTorch file uses a value that is not there")
}

fn too_deep() -> Error {
    error!(
        Weights,
        "pickle-depth",
        "the pickle of this PyTorch file nests values more than {max} deep",
        max = MAX_DEPTH
    )
}

fn unpaired() -> Error {
    error!(
        Weights,
        "pickle-pairs",
        "the pickle of this PyTorch file builds an ordered dict of something other than pairs"
    )
}

fn text(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|cause| {
        error!(Weights, "pickle-text", "the pickle of this PyTorch file holds text that is not UTF-8")
            .with_source(cause)
    })
}

/// The little-endian number of a LONG.
fn integer(bytes: &[u8]) -> Value {
    const MAGIC: [u8; 10] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
    if bytes == MAGIC {
        return Value::Magic;
    }
    if bytes.len() > 8 {
        return Value::Other;
    }
    let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    let mut wide = if negative { [0xff; 8] } else { [0; 8] };
    wide[..bytes.len()].copy_from_slice(bytes);
    Value::Int(i64::from_le_bytes(wide))
}
