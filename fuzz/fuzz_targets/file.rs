//! Any file: safetensors, an archive, a row of pickles.
#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| cam_lucida_fuzz::read(file));
