//! NumPy's files of numbers, in and out.

use std::io::Cursor;

use cam_lucida::{Input, Size};

/// A preprocessed input, float32 `[channels, height, width]` or `[1, channels, height, width]`, from a file that errors call `shown`.
pub fn read(shown: &str, bytes: &[u8]) -> Result<Input, String> {
    check_header(bytes).map_err(|error| format!("{shown} is not a complete NPY file: {error}"))?;
    let unreadable = |error| format!("{shown} is not a complete NPY file: {error}");
    let file = npyz::NpyFile::new(Cursor::new(bytes)).map_err(unreadable)?;
    let shape = file.shape().to_vec();
    check_floats(&file.dtype()).map_err(|found| format!("{shown} holds {found}"))?;
    let (&[1, channels, height, width] | &[channels, height, width]) = shape.as_slice() else {
        return Err(format!(
            "{shown} has shape {shape:?}; an input has [channels, height, width] or [1, channels, height, width]: of a \
             picture, [1, 3, height, width]"
        ));
    };
    if (1..=4).contains(&width) && height > 4 && channels > 4 {
        return Err(format!(
            "{shown} has shape {shape:?}, and so a width of {width}: its channels seem to come last. Put them first, with \
             numpy.moveaxis(x, -1, -3)"
        ));
    }
    if !(1..=Input::MAX_CHANNELS as u64).contains(&channels) {
        return Err(format!(
            "{shown} has shape {shape:?}, and so {channels} channels; an input has 1 to {}, before its rows and columns",
            Input::MAX_CHANNELS
        ));
    }
    if file.order() != npyz::Order::C {
        return Err(format!("{shown} is in Fortran order; save it with numpy.ascontiguousarray"));
    }
    let size = Size { height: height as usize, width: width as usize };
    // Before the numbers are read: their count is only said.
    let channels = channels as usize;
    if size.area().saturating_mul(channels * size_of::<f32>()) > bytes.len() {
        return Err(format!("{shown} is not a complete NPY file: it says {shape:?}, and ends before"));
    }
    let values = file.data::<f32>().map_err(|error| format!("{shown} holds no float32: {error}"))?;
    let values = values.collect::<Result<Vec<_>, _>>();
    let input = Input::with_channels(channels, size, values.map_err(unreadable)?);
    input.map_err(|error| {
        format!(
            "{shown} has shape {shape:?}, whose last three numbers are channels, height and width: {error}"
        )
    })
}

/// Bytes of a header, at most: as NumPy's own `max_header_size`.
const MAX_HEADER: usize = 10_000;
/// How deep brackets may lie in a header. A shape lies 2 deep, the fields of a record 4.
const MAX_DEPTH: usize = 8;

/// Refuses what the parser of headers does not bear: it makes room for as many bytes as a header is said to have, and with each bracket
/// within another it takes twice as long.
fn check_header(bytes: &[u8]) -> Result<(), String> {
    let (length, header) = match bytes {
        [0x93, b'N', b'U', b'M', b'P', b'Y', 1, _, a, b, header @ ..] => {
            (usize::from(u16::from_le_bytes([*a, *b])), header)
        }
        [0x93, b'N', b'U', b'M', b'P', b'Y', _, _, a, b, c, d, header @ ..] => {
            (u32::from_le_bytes([*a, *b, *c, *d]) as usize, header)
        }
        _ => return Ok(()), // the parser says what is wrong
    };
    if length > MAX_HEADER {
        return Err(format!("its header is said to have {length} bytes, and may have up to {MAX_HEADER}"));
    }
    let header = header.get(..length).ok_or("it ends within its header")?;
    let mut depth = 0_usize;
    for byte in header {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(format!("the brackets of its header lie more than {MAX_DEPTH} deep"));
        }
    }
    Ok(())
}

/// `values` of `shape` as an NPY file of float32.
pub fn write(values: &[f32], shape: &[usize]) -> Vec<u8> {
    use npyz::WriterBuilder;
    let shape: Vec<u64> = shape.iter().map(|&side| side as u64).collect();
    let mut bytes = Vec::new();
    let writer = npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut bytes).begin_nd();
    let mut writer = writer.expect("memory takes all that is written");
    writer.extend(values.iter().copied()).expect("memory takes all that is written");
    writer.finish().expect("as many values as the shape says");
    bytes
}

/// Checks that an NPY file holds float32; the error says what it holds, and what to do.
fn check_floats(dtype: &npyz::DType) -> Result<(), String> {
    let found = dtype.descr();
    let npyz::DType::Plain(number) = dtype else {
        return Err(format!("{found}; an input holds float32 alone"));
    };
    match (number.type_char(), number.size_field()) {
        (npyz::TypeChar::Float, 4) => Ok(()),
        (npyz::TypeChar::Float, _) => {
            Err(format!("{found}; an input holds float32: save it with .astype(numpy.float32)"))
        }
        (npyz::TypeChar::Uint, 1) => Err(format!(
            "{found}, the numbers of a picture; an input holds float32, normalised as in training: save the picture as PNG and \
             pass --image-path, or save ((x / 255 - mean) / std).astype(numpy.float32)"
        )),
        _ => Err(format!(
            "{found}; an input holds float32, normalised as in training: save ((x - mean) / std).astype(numpy.float32)"
        )),
    }
}
