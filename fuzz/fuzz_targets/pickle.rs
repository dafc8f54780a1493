//! The pickle of an archive whose checksums are right, with two storages that it can refer to.
#![no_main]

use cam_lucida_fuzz::torch_file::{Member, archive};

libfuzzer_sys::fuzz_target!(|pickle: &[u8]| {
    let members = [
        Member::new("data.pkl", pickle),
        Member::new("data/0", [0; 64]),
        Member::new("data/1", [0; 256]),
    ];
    cam_lucida_fuzz::read(&archive(&members));
});
