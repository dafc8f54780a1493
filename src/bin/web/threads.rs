//! The threads that the browser lends the CPU's kernels: `www/engine/threads.js` brings it about.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, Ordering};

use wasm_bindgen::prelude::*;

/// Where the threads keep what all of them see, for good.
#[wasm_bindgen]
pub fn threads_room() -> usize {
    Box::leak(Box::new([0_u64; 8])).as_ptr().addr()
}

/// Says that from now on, other threads run on this memory.
#[wasm_bindgen]
pub fn expect_threads() {
    SHARED.store(true, Ordering::Relaxed);
}

/// So many threads, this one included, do what `camLucidaPool.run` gives them.
#[wasm_bindgen]
pub fn lend_threads(threads: usize) {
    // SAFETY: threads.js calls once with each number; pool.js gives each thread a stack; memory is locked since `expect_threads`.
    unsafe { cam_lucida::lend_threads(threads, |work, on, parts| run(work as usize, on.addr(), parts)) };
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = camLucidaPool)]
    fn run(work: usize, on: usize, parts: usize);
    #[wasm_bindgen(js_namespace = camLucidaPool)]
    fn lock();
    #[wasm_bindgen(js_namespace = camLucidaPool)]
    fn unlock();
}

/// Whether other threads run on this memory.
static SHARED: AtomicBool = AtomicBool::new(false);

/// The standard allocator, which is not made for threads here: its library is compiled without.
struct Locked;

#[global_allocator]
static ALLOCATOR: Locked = Locked;

impl Locked {
    fn with<T>(&self, work: impl FnOnce() -> T) -> T {
        if !SHARED.load(Ordering::Relaxed) {
            return work();
        }
        lock();
        let done = work();
        unlock();
        done
    }
}

// SAFETY: it is the standard one, which one thread at a time uses.
unsafe impl GlobalAlloc for Locked {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: here and below, the caller vouches for it.
        self.with(|| unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as in `alloc`.
        self.with(|| unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: as in `alloc`.
        self.with(|| unsafe { System.dealloc(at, layout) });
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as in `alloc`.
        self.with(|| unsafe { System.realloc(at, layout, size) })
    }
}
