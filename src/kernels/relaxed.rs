//! Products with relaxed SIMD: a module of its own for WebAssembly, which computes on the engine's memory.
//!
//! Relaxed SIMD multiplies and adds at once. A browser without it refuses every module in which there is such an instruction, so this
//! is compiled apart, by `scripts/relaxed.mjs`. Where it is valid the engine calls it. It has no data and no stack: it does not
//! know where the engine has room for them.
#![no_std]

#[path = "lanes.rs"]
mod lanes;
#[path = "tile.rs"]
mod tile;

use core::arch::wasm32::{unreachable, v128};
use core::panic::PanicInfo;

use tile::Product;

/// Computes a product.
///
/// # Safety
/// All that it reads and writes is there.
#[unsafe(no_mangle)]
unsafe extern "C" fn multiply(product: &Product) {
    // SAFETY: the caller vouches for it, and a browser without the instructions has not loaded this.
    unsafe { product.compute::<v128>() }
}

#[panic_handler]
fn nothing_panics(_: &PanicInfo) -> ! {
    unreachable()
}
