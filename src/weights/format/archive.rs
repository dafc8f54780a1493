//! PyTorch's zip archives (from 1.6 on): a pickle `data.pkl`, and a file `data/KEY` for each storage. TorchScript's are the
//! same with code beside, of which constants are read (`script.rs`).

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;

use super::beside::beside;
use super::pickle::Pickled;
use super::source::{Source, piece};
use super::tensor::{Region, Resolver};
use super::{Contents, MAX_PICKLE_BYTES, search, shortened};
use crate::error::error;
use crate::{Error, Result};

/// The most files of an archive.
const MAX_ENTRIES: usize = 10_000;
/// The most bytes of code that are read.
const MAX_CODE_BYTES: usize = 8 << 20;
/// More than the longest record of a directory: names, fields and comments have up to 64 KiB each.
const BUFFER: usize = 1 << 18;

struct Entry {
    range: Range<u64>,
    crc: u32,
    /// Whether it is not compressed.
    stored: bool,
}

/// A source as rawzip reads it.
struct Bytes<'a>(&'a dyn Source);

impl rawzip::ReaderAt for Bytes<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
        let left = self.0.len().saturating_sub(offset).min(buffer.len() as u64) as usize;
        self.0.read_at(offset, &mut buffer[..left])?;
        Ok(left)
    }
}

/// The states of a zip archive.
pub fn read(file: &dyn Source) -> Result<Contents> {
    let Files { files, others } = entries(file)?;
    if let Some(error) = other_kind(&files, &others) {
        return Err(error);
    }
    let whole = |name: &str| -> Result<Region> {
        let entry = files.get(name).ok_or_else(|| {
            error!(
                Weights,
                "zip-entry-missing",
                "the zip archive of this PyTorch file lacks `{name}`; copy it again",
                name = shortened(name, 80)
            )
        })?;
        if !entry.stored {
            return Err(error!(
                Weights,
                "zip-entry-compressed",
                "`{name}` is compressed in the zip archive of this PyTorch file, which PyTorch never does; save it again with torch.save",
                name
            ));
        }
        Ok(Region { range: entry.range.clone(), crc: Some(entry.crc) })
    };
    let read = |name: &str| {
        let region = whole(name)?;
        let bytes = piece(file, region.range.clone())?;
        region.check(name, &bytes)?;
        Ok::<_, Error>(bytes)
    };
    if files.contains_key("byteorder") && *read("byteorder")? != *b"little" {
        return Err(error!(
            Weights,
            "big-endian",
            "the numbers of this PyTorch file are big-endian; save it as safetensors, which is little-endian"
        ));
    }
    let length = whole("data.pkl")?.range;
    if length.end - length.start > MAX_PICKLE_BYTES as u64 {
        return Err(error!(
            Weights,
            "pickle-length",
            "data.pkl of this PyTorch file has {bytes} bytes; up to {max} MiB are allowed. Arrays of NumPy may fill it: save tensors alone, with torch.save(model.state_dict(), path)",
            bytes = length.end - length.start,
            max = MAX_PICKLE_BYTES >> 20
        ));
    }
    let pickle = read("data.pkl")?;
    let pickled = Pickled::read(&pickle)?;
    let left = Cell::new(MAX_CODE_BYTES);
    let storage = |key: &str| whole(&format!("data/{key}"));
    let code = |name: &str| code(file, files.get(name)?, &left);
    let states = search::states(&mut Resolver::new(&pickled, &storage), &code).map_err(|none| {
        match files.contains_key("constants/0") && none.code() == "no-state-dict" {
            true => error!(
                Weights,
                "torchscript-frozen",
                "this is a TorchScript program that was frozen: its tensors have become constants of its code, without names. Save the network's state dict, torch.save(model.state_dict(), path), or the program without torch.jit.freeze"
            ),
            false => none,
        }
    })?;
    Ok(Contents { states, beside: beside(&pickled) })
}

/// The text of a file of code, which may be compressed; `left` bytes of code may still be read.
fn code(file: &dyn Source, entry: &Entry, left: &Cell<usize>) -> Option<String> {
    if entry.range.end - entry.range.start > left.get() as u64 {
        return None;
    }
    let bytes = piece(file, entry.range.clone()).ok()?;
    let bytes = if entry.stored {
        bytes.into_owned()
    } else {
        miniz_oxide::inflate::decompress_to_vec_with_limit(&bytes, left.get()).ok()?
    };
    left.set(left.get().saturating_sub(bytes.len()));
    if rawzip::crc32(&bytes) != entry.crc {
        return None;
    }
    String::from_utf8(bytes).ok()
}

/// The files of an archive.
struct Files {
    /// By their paths below the archive's own name.
    files: HashMap<String, Entry>,
    /// The names of those that lie in no folder.
    others: Vec<String>,
}

/// The error for an archive of another kind, told by what is in it.
fn other_kind(files: &HashMap<String, Entry>, others: &[String]) -> Option<Error> {
    let names = || files.keys().chain(others);
    if files.contains_key("data.pkl") || names().any(|name| name == "data.pkl" || name.starts_with("data/0"))
    {
        return None;
    }
    Some(if names().any(|name| name.ends_with(".npy")) {
        error!(
            Weights,
            "npz-file",
            "this is a file of NumPy's arrays (.npz), not of PyTorch's tensors: save them as tensors, torch.save({{name: torch.from_numpy(array) for name, array in numpy.load(path).items()}}, path)"
        )
    } else if names().any(|name| name == "models/model.json" || name == "serialized_exported_program.json") {
        error!(
            Weights,
            "exported-program",
            "this is a program of torch.export (.pt2), which is not read: save the state dict of the network that it was made of, torch.save(model.state_dict(), path), or torch.export.load(file).state_dict"
        )
    } else if names().any(|name| name.ends_with(".weights.h5")) {
        error!(
            Weights,
            "keras-file",
            "this is a file of Keras (.keras), not of PyTorch: choose PyTorch weights, as safetensors or a state dict"
        )
    } else if names().next().is_some() && !files.contains_key("version") && !files.contains_key("byteorder") {
        error!(
            Weights,
            "zip-archive",
            "this is a zip archive that PyTorch did not write, since it has no data.pkl: unpack it, and choose the weight file that is in it"
        )
    } else {
        return None;
    })
}

/// Every file of the archive.
fn entries(file: &dyn Source) -> Result<Files> {
    let damaged = |cause: rawzip::Error| {
        error!(
            Weights,
            "zip-damaged", "the zip archive of this PyTorch file is damaged ({cause}); copy it again", cause
        )
        .with_source(cause)
    };
    let mut buffer = vec![0; BUFFER];
    let locator = rawzip::ZipLocator::new();
    let archive = locator.locate_in_reader(Bytes(file), &mut buffer, file.len());
    let archive = archive.map_err(|(_, cause)| damaged(cause))?;
    let (mut files, mut others) = (HashMap::new(), Vec::new());
    let mut ranges = Vec::new();
    let mut entries = archive.entries(&mut buffer);
    while let Some(entry) = entries.next_entry().map_err(damaged)? {
        if ranges.len() == MAX_ENTRIES {
            return Err(error!(
                Weights,
                "zip-entries",
                "the zip archive of this PyTorch file has more than {max} files; save the state dict alone",
                max = MAX_ENTRIES
            ));
        }
        let found = archive.get_entry(entry.wayfinder()).map_err(damaged)?;
        let (start, end) = found.compressed_data_range();
        let stored = entry.compression_method() == rawzip::CompressionMethod::STORE
            && entry.uncompressed_size_hint() == end.saturating_sub(start);
        ranges.push((start, end));
        // The archive's own name leads each path.
        let path = std::str::from_utf8(entry.file_path().as_bytes()).ok();
        if let Some((_, name)) = path.and_then(|path| path.split_once('/')) {
            files.insert(name.into(), Entry { range: start..end, crc: entry.crc32(), stored });
        } else if let Some(name) = path {
            others.push(name.into());
        }
    }
    ranges.sort_unstable();
    let overlap = ranges.windows(2).any(|pair| pair[0].1 > pair[1].0);
    if overlap || ranges.last().is_some_and(|&(start, end)| start > end || end > file.len()) {
        return Err(error!(
            Weights,
            "zip-overlap",
            "files overlap in the zip archive of this PyTorch file; save it again with torch.save"
        ));
    }
    Ok(Files { files, others })
}
