//! A weight file as the browser has it: read piece by piece, so that what no network needs is never in memory.

use std::io;

use cam_lucida::weights::Source;
use cam_lucida::{Error, ErrorKind, Result};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync};

/// Bytes that are outside the engine's memory at once.
const PIECE: usize = 8 << 20;

/// The bytes of a `Blob`. Only a worker can wait for them.
pub struct BlobSource {
    blob: Blob,
    reader: FileReaderSync,
}

impl BlobSource {
    pub fn new(blob: Blob) -> Result<Self> {
        let reader = FileReaderSync::new().map_err(|found| {
            let message = format!("this browser cannot read files in a worker: {}", told(&found));
            Error::new(ErrorKind::Request, "file-reader-missing", message)
        })?;
        Ok(Self { blob, reader })
    }
}

impl Source for BlobSource {
    fn len(&self) -> u64 {
        self.blob.size() as u64
    }

    fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<()> {
        let failed = |found: JsValue| io::Error::other(told(&found));
        let mut start = at as f64;
        for part in buffer.chunks_mut(PIECE) {
            let end = start + part.len() as f64;
            let piece = self.blob.slice_with_f64_and_f64(start, end).map_err(failed)?;
            let bytes = self.reader.read_as_array_buffer(&piece).map_err(failed)?;
            let bytes = Uint8Array::new(&bytes.into());
            if bytes.length() as usize != part.len() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            bytes.copy_to(part);
            start = end;
        }
        Ok(())
    }
}

/// What a browser says of an error.
fn told(error: &JsValue) -> String {
    js_sys::Object::from(error.clone()).to_string().into()
}
