//! The wasm engine behind the page: plain data in, plain data out, and nothing computed here.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

#[cfg(all(target_arch = "wasm32", feature = "gpu"))]
mod canvas;
#[cfg(all(target_arch = "wasm32", not(feature = "gpu")))]
#[path = "without_canvas.rs"]
mod canvas;
#[cfg(target_arch = "wasm32")]
mod engine;
#[cfg(target_arch = "wasm32")]
mod faults;
#[cfg(target_arch = "wasm32")]
mod files;
mod messages;
#[cfg(target_arch = "wasm32")]
mod models;
#[cfg(target_arch = "wasm32")]
mod painter;
#[cfg(target_arch = "wasm32")]
mod relaxed;
#[cfg(target_arch = "wasm32")]
mod source;
mod store;
#[cfg(target_arch = "wasm32")]
mod threads;

#[cfg(target_arch = "wasm32")]
unsafe extern "C" {
    /// What the linker makes of the constructors of static registries, which the GPU compiler has by the hundred.
    safe fn __wasm_call_ctors();
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        // Unless a program calls them itself, the linker has every exported function call them anew.
        __wasm_call_ctors();
        console_error_panic_hook::set_once();
        faults::watch();
    }
}
