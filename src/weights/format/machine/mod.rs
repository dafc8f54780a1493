//! The stack machine of a pickle. It calls nothing. Opcodes and their arguments: CPython, `Lib/pickletools.py`.

mod build;

use super::global::Global;
use super::pickle::{OBJECT_PARTS, Value};
use crate::error::error;
use crate::{Error, Result};

/// How deep values may be nested.
const MAX_DEPTH: u8 = 64;
/// The most values on the stack.
const MAX_STACK: usize = 1 << 16;
/// From how many values on a list does not keep its numbers.
const LONG_LIST: usize = 256;
/// The most bytes that all values together may take.
const MAX_BYTES: usize = 10 << 20;

/// The parts of a value.
pub struct Group {
    pub values: Vec<Value>,
    depth: u8,
}

/// The machine, and what it has built so far.
#[derive(Default)]
pub struct Machine<'a> {
    bytes: &'a [u8],
    pub at: usize,
    stack: Vec<Value>,
    marks: Vec<usize>,
    memo: Vec<Value>,
    pub groups: Vec<Group>,
    /// The bytes of module and name of each unknown global.
    pub unknown: Vec<[u32; 4]>,
    pub persistent: Vec<Value>,
    spent: usize,
}

impl<'a> Machine<'a> {
    /// A machine at the start of `bytes`, of which there are less than 4 GiB.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, ..Self::default() }
    }

    /// The value that the pickle leaves.
    pub fn run(&mut self) -> Result<Value> {
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
                0x88 | 0x89 => self.push(Value::Bool(opcode == 0x88))?,
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
                    let bytes = self.fixed()?;
                    self.push(Value::Float(f64::from_be_bytes(bytes)))?;
                }
                0x8b => {
                    let length = u32::from_le_bytes(self.fixed()?);
                    let number = integer(self.take(length as usize)?);
                    self.push(number)?;
                }
                b'X' | b'T' | b'B' => {
                    let length = u32::from_le_bytes(self.fixed()?);
                    self.push_text(length.into())?;
                }
                0x8c | b'U' | b'C' => {
                    let [length] = self.fixed()?;
                    self.push_text(length.into())?;
                }
                0x8d | 0x8e | 0x96 => {
                    let length = u64::from_le_bytes(self.fixed()?);
                    self.push_text(length)?;
                }
                b')' => self.push_group(Value::Tuple, Vec::new())?,
                b']' | 0x8f => self.push_group(Value::List, Vec::new())?,
                b'l' | 0x91 => {
                    let values = self.popped_to_mark()?;
                    self.push_group(Value::List, values)?;
                }
                b'd' => {
                    let values = self.popped_to_mark()?;
                    self.push_group(Value::Dict, Vec::new())?;
                    self.extend(false, values)?;
                }
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
                    self.extend(true, vec![value])?;
                }
                b'e' | 0x90 => {
                    let values = self.popped_to_mark()?;
                    self.extend(true, values)?;
                }
                b's' => {
                    let (value, key) = (self.pop()?, self.pop()?);
                    self.extend(false, vec![key, value])?;
                }
                b'u' => {
                    let values = self.popped_to_mark()?;
                    self.extend(false, values)?;
                }
                b'c' => self.push_line_global()?,
                0x93 => {
                    let (name, module) = (self.pop()?, self.pop()?);
                    let (Value::Text(a, b), Value::Text(c, d)) = (module, name) else {
                        return Err(error!(
                            Weights,
                            "pickle-global-name",
                            "the pickle of this PyTorch file refers to a global by something other than text"
                        ));
                    };
                    self.push_global([a, b, c, d])?;
                }
                b'i' => {
                    self.push_line_global()?;
                    let callable = self.stack.pop().ok_or_else(starved)?;
                    let arguments = self.popped_to_mark()?;
                    let arguments = self.group(Value::Tuple, arguments)?;
                    self.push_object(callable, arguments)?;
                }
                b'o' => {
                    let mut arguments = self.popped_to_mark()?;
                    if arguments.is_empty() {
                        return Err(starved());
                    }
                    let callable = arguments.remove(0);
                    let arguments = self.group(Value::Tuple, arguments)?;
                    self.push_object(callable, arguments)?;
                }
                0x81 | 0x92 => {
                    if opcode == 0x92 {
                        self.pop()?;
                    }
                    let (arguments, class) = (self.pop()?, self.pop()?);
                    match class {
                        Value::Global(Global::OrderedDict) => self.push_group(Value::Dict, Vec::new())?,
                        _ => self.push_object(class, arguments)?,
                    }
                }
                b'R' => {
                    let (arguments, callable) = (self.pop()?, self.pop()?);
                    let value = self.call(callable, arguments)?;
                    self.push(value)?;
                }
                b'b' => {
                    let state = self.pop()?;
                    match self.stack.last() {
                        // Attributes of an ordered dict, such as PyTorch's `_metadata` of module versions.
                        Some(Value::Dict(_)) => {}
                        Some(&Value::Object(group)) => {
                            let depth = self.depth_above(&[state])?;
                            let group = &mut self.groups[group as usize];
                            group.values[OBJECT_PARTS - 1] = state;
                            group.depth = group.depth.max(depth);
                        }
                        _ => {
                            return Err(error!(
                                Weights,
                                "pickle-state",
                                "the pickle of this PyTorch file sets the state of what is no object; save the state dict alone: torch.save(model.state_dict(), path)"
                            ));
                        }
                    }
                }
                b'Q' => {
                    let id = self.pop()?;
                    // A storage is named by a tuple. Nothing else has one.
                    let Value::Tuple(group) = id else {
                        self.push(Value::Other)?;
                        continue;
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

    /// The bytes, from and to, before the next end of a line.
    fn line(&mut self) -> Result<[u32; 2]> {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().take(1 << 10).position(|&byte| byte == b'\n').ok_or_else(starved)?;
        let from = self.at;
        self.take(length)?;
        self.at += 1;
        Ok([from as u32, (from + length) as u32])
    }

    fn push_line_global(&mut self) -> Result<()> {
        let ([a, b], [c, d]) = (self.line()?, self.line()?);
        self.push_global([a, b, c, d])
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
        self.take(usize::try_from(length).unwrap_or(usize::MAX))?;
        self.push(Value::Text(from as u32, self.at as u32))
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
