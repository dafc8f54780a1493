//! The threads that the browser lends the CPU's kernels: `www/engine/threads.js` starts them.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};

use wasm_bindgen::prelude::*;

/// Whether several threads are at work: then the allocator is locked.
static AT_WORK: AtomicBool = AtomicBool::new(false);

/// A line of a processor's cache, or two.
#[derive(Clone)]
#[repr(align(128))]
struct Line([u32; 32]);

/// The address of so many words that all threads see, zeros that are never freed.
#[wasm_bindgen]
pub fn shared_words(count: usize) -> usize {
    let lines = vec![Line([0; 32]); count.div_ceil(32)].leak();
    lines.first().map_or(0, |Line(words)| words.as_ptr().addr())
}

/// From now on, so many threads, this one included, do the pieces of work that `camLucidaPool.run` gets.
#[wasm_bindgen]
pub fn lend_threads(threads: usize) {
    let run = |work, context: *const c_void, pieces| {
        AT_WORK.store(true, Ordering::Relaxed);
        run(work as usize, context.addr(), pieces);
        AT_WORK.store(false, Ordering::Relaxed);
    };
    // SAFETY: threads.js calls `do_piece` once with each number, which calls the function; pool.js gives each thread a stack.
    unsafe { cam_lucida::lend_threads(threads, run) };
}

/// Does one piece of what [`lend_threads`] gave to `run`. Each thread has the same functions at the same addresses.
#[wasm_bindgen]
pub fn do_piece(work: usize, context: usize, piece: usize) {
    // SAFETY: `run` got the address of the function, and of what it works on.
    unsafe {
        let work: unsafe extern "C" fn(*const c_void, usize) = std::mem::transmute(work);
        work(std::ptr::with_exposed_provenance(context), piece);
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = camLucidaPool)]
    fn run(work: usize, context: usize, pieces: usize);
    #[wasm_bindgen(js_namespace = camLucidaPool)]
    fn lock();
    #[wasm_bindgen(js_namespace = camLucidaPool)]
    fn unlock();
}

/// The standard allocator. Its library is compiled without threads, so they take turns.
struct Locked;

#[global_allocator]
static ALLOCATOR: Locked = Locked;

impl Locked {
    fn with<T>(&self, work: impl FnOnce() -> T) -> T {
        if !AT_WORK.load(Ordering::Relaxed) {
            return work();
        }
        lock();
        let done = work();
        unlock();
        done
    }
}

// SAFETY: it is the standard allocator, used by one thread at a time.
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
