//! Links the wasm engine so that threads can share its memory. Nothing in it is compiled for threads, because wgpu then has no GPU.

use std::env;
use std::fs;
use std::path::Path;

/// The most memory that there can be: only memory with a maximum can be shared.
const MAXIMUM: &str = "--max-memory=4294967296";

fn main() {
    println!("cargo::rerun-if-changed=src/bin/web/build.rs");
    if env::var("CARGO_CFG_TARGET_ARCH").as_deref() != Ok("wasm32") {
        return;
    }
    for argument in ["--import-memory", "--shared-memory", MAXIMUM, "--no-check-features"] {
        println!("cargo::rustc-link-arg-bin=web={argument}");
    }
    for symbol in ["__wasm_init_tls", "__tls_size", "__tls_align", "__tls_base"] {
        println!("cargo::rustc-link-arg-bin=web=--export={symbol}"); // wasm-bindgen needs them to start threads
    }
    let out = env::var("OUT_DIR").expect("Cargo sets OUT_DIR");
    link_thread_local(&Path::new(&out).join("thread_local.o"));
}

/// Links a thread-local number that nothing uses: without any, the linker gives thread-local storage an alignment of 0, which
/// wasm-bindgen does not take.
fn link_thread_local(path: &Path) {
    let section = |id: u8, parts: &[&[u8]]| {
        let body = parts.concat();
        [&[id, body.len() as u8], &*body].concat()
    };
    let name = |name: &str| [&[name.len() as u8], name.as_bytes()].concat();
    // As <https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md> says: a datum to be kept, in a thread's own segment.
    let symbols = section(8, &[&[1, 1, 0x80, 3], &name("own"), &[0, 0, 4]]);
    let segments = section(5, &[&[1], &name(".tdata"), &[2, 2]]);
    let object = [
        b"\0asm\x01\0\0\0".to_vec(),
        section(2, &[&[1], &name("env"), &name("__linear_memory"), &[2, 0, 1]]),
        section(11, &[&[1, 0, 0x41, 0, 0x0b, 4, 0, 0, 0, 0]]),
        section(0, &[&name("linking"), &[2], &symbols, &segments]),
    ];
    fs::write(path, object.concat()).expect("Cargo's folder can be written to");
    println!("cargo::rustc-link-arg-bin=web={}", path.display());
}
