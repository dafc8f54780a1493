//! Relaxed SIMD for products, by a module that `www/engine/relaxed.js` brings.

use std::ffi::c_void;

use wasm_bindgen::prelude::*;

/// From now on, `camLucidaRelaxed.multiply` computes products.
#[wasm_bindgen]
pub fn lend_relaxed() {
    let run = |product: *const c_void| multiply(product.addr());
    // SAFETY: the page is built with the module of this version, and worker.js and pool.js connect it with this memory.
    unsafe { cam_lucida::lend_relaxed(run) };
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = camLucidaRelaxed)]
    fn multiply(product: usize);
}
