//! The header of a safetensors file, whose length is right, before 256 bytes of tensors.
#![no_main]

libfuzzer_sys::fuzz_target!(|header: &[u8]| {
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header);
    file.resize(file.len() + 256, 0);
    cam_lucida_fuzz::read(&file);
});
