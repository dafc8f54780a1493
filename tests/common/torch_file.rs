//! Files as PyTorch lays them out, made byte by byte, so that tests can spoil any of them.

/// A file of a zip archive.
#[derive(Clone)]
pub struct Member {
    pub name: String,
    pub bytes: Vec<u8>,
    /// 0: as it is.
    pub compression: u16,
    /// Where its local header is said to be, in place of where it is.
    pub offset: Option<u32>,
    pub crc: Option<u32>,
}

impl Member {
    pub fn new(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: format!("archive/{name}"), bytes: bytes.into(), compression: 0, offset: None, crc: None }
    }
}

/// A zip archive (PKWARE, APPNOTE.TXT 4.3).
pub fn archive(members: &[Member]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let offset = file.len() as u32;
        let Member { name, bytes, compression, .. } = member;
        let crc = member.crc.unwrap_or_else(|| rawzip::crc32(bytes));
        let mut common = Vec::new();
        common.extend(20_u16.to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        common.extend(compression.to_le_bytes());
        common.extend([0; 4]);
        common.extend(crc.to_le_bytes());
        common.extend((bytes.len() as u32).to_le_bytes());
        common.extend((bytes.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(name.as_bytes());
        file.extend(bytes);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(member.offset.unwrap_or(offset).to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = file.len() as u32;
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    let count = (members.len().min(0xffff) as u16).to_le_bytes();
    file.extend(count);
    file.extend(count);
    file.extend((directory.len() as u32).to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0; 2]);
    file
}

/// The opcodes of a pickle, protocol 2.
#[derive(Default, Clone)]
pub struct Pickle(pub Vec<u8>);

impl Pickle {
    pub fn new() -> Self {
        Self(vec![0x80, 2])
    }

    pub fn op(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }

    pub fn text(self, text: &str) -> Self {
        self.op(b"X").op(&(text.len() as u32).to_le_bytes()).op(text.as_bytes())
    }

    pub fn int(self, number: i32) -> Self {
        self.op(b"J").op(&number.to_le_bytes())
    }

    /// More than an int has bits for.
    pub fn long(self, number: i64) -> Self {
        self.op(&[0x8a, 8]).op(&number.to_le_bytes())
    }

    pub fn global(self, module: &str, name: &str) -> Self {
        self.op(format!("c{module}\n{name}\n").as_bytes())
    }

    pub fn tuple(self, numbers: &[i64]) -> Self {
        numbers.iter().fold(self.op(b"("), |pickle, &number| pickle.long(number)).op(b"t")
    }

    /// A tensor of floats in storage `key`.
    pub fn tensor(self, key: &str, numbers: i64, offset: i64, shape: &[i64], strides: &[i64]) -> Self {
        let storage = self
            .global("torch._utils", "_rebuild_tensor_v2")
            .op(b"((")
            .text("storage")
            .global("torch", "FloatStorage")
            .text(key)
            .text("cpu")
            .long(numbers)
            .op(b"tQ");
        let hooks =
            storage.long(offset).tuple(shape).tuple(strides).op(b"\x89").global("collections", "OrderedDict");
        hooks.op(b")RtR")
    }

    pub fn stop(self) -> Vec<u8> {
        self.op(b".").0
    }
}

/// Name, shape and values of a tensor.
pub type Named = (String, Vec<usize>, Vec<f32>);

/// A state dict under the key `state_dict`, each tensor in a storage of its own, which its place in the list names.
fn wrapped(tensors: &[Named]) -> Vec<u8> {
    states(tensors).stop()
}

fn states(tensors: &[Named]) -> Pickle {
    let mut pickle = Pickle::new().op(b"}").text("state_dict").op(b"}");
    for (i, (name, shape, values)) in tensors.iter().enumerate() {
        let shape: Vec<i64> = shape.iter().map(|&side| side as i64).collect();
        let strides: Vec<i64> = (0..shape.len()).map(|axis| shape[axis + 1..].iter().product()).collect();
        pickle = pickle.text(name).tensor(&i.to_string(), values.len() as i64, 0, &shape, &strides).op(b"s");
    }
    pickle.op(b"s")
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A wrapped state dict as PyTorch writes it from 1.6 on.
pub fn zipped(tensors: &[Named]) -> Vec<u8> {
    zipped_beside(tensors, |pickle| pickle)
}

/// The same with what `beside` adds to the dict around it: keys and values in turn, each pair followed by `s`.
pub fn zipped_beside(tensors: &[Named], beside: impl FnOnce(Pickle) -> Pickle) -> Vec<u8> {
    let storages = tensors.iter().enumerate();
    let storages = storages.map(|(i, (_, _, values))| Member::new(&format!("data/{i}"), bytes(values)));
    let pickle = beside(states(tensors)).stop();
    archive(&[Member::new("data.pkl", pickle)].into_iter().chain(storages).collect::<Vec<_>>())
}

/// The pickles that PyTorch before 1.6 wrote before the state dict.
pub fn legacy_start() -> Vec<u8> {
    let magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, b'.'];
    let version = Pickle::new().op(b"M\xe9\x03").stop();
    let system = Pickle::new().op(b"}").stop();
    [&magic[..], &version, &system].concat()
}

/// A wrapped state dict as PyTorch wrote it before 1.6.
pub fn legacy(tensors: &[Named]) -> Vec<u8> {
    [legacy_start(), wrapped(tensors), keys(tensors).stop(), storages(tensors)].concat()
}

/// The same with what an optimizer leaves beside it: one tensor of so many `numbers`, which are still to follow.
pub fn legacy_before_momenta(tensors: &[Named], numbers: i64) -> Vec<u8> {
    const KEY: &str = "momenta";
    let states = states(tensors).text("optimizer").op(b"}").text(KEY);
    let states = states.tensor(KEY, numbers, 0, &[numbers], &[1]).op(b"ss").stop();
    let keys = keys(tensors).text(KEY).op(b"a").stop();
    [legacy_start(), states, keys, storages(tensors), numbers.to_le_bytes().to_vec()].concat()
}

fn keys(tensors: &[Named]) -> Pickle {
    (0..tensors.len()).fold(Pickle::new().op(b"]"), |keys, i| keys.text(&i.to_string()).op(b"a"))
}

fn storages(tensors: &[Named]) -> Vec<u8> {
    let storage = |values: &Vec<f32>| [(values.len() as u64).to_le_bytes().to_vec(), bytes(values)].concat();
    tensors.iter().flat_map(|(_, _, values)| storage(values)).collect()
}

/// A state dict of one tensor `w`, as a zip archive.
pub fn one_tensor(numbers: i64, offset: i64, shape: &[i64], strides: &[i64], values: &[f32]) -> Vec<u8> {
    let pickle =
        Pickle::new().op(b"}").text("w").tensor("0", numbers, offset, shape, strides).op(b"s").stop();
    archive(&[Member::new("data.pkl", pickle), Member::new("data/0", bytes(values))])
}
