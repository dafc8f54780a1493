//! The threads that the browser lends the CPU's kernels: `www/engine/threads.js` brings it about.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};

use wasm_bindgen::prelude::*;

/// Whether threads are at work, this one and others: then memory is locked.
static AT_WORK: AtomicBool = AtomicBool::new(false);

/// The words of threads.js; those that stand in different lines of a cache do so here.
#[repr(align(128))]
struct Room([u32; 132]);

/// Where the threads keep what all of them see, for good.
#[wasm_bindgen]
pub fn threads_room() -> usize {
    Box::leak(Box::new(Room([0; 132]))).0.as_ptr().addr()
}

/// So many threads, this one included, do what `camLucidaPool.run` gives them.
#[wasm_bindgen]
pub fn lend_threads(threads: usize) {
    let run = |work, on: *const c_void, parts| {
        AT_WORK.store(true, Ordering::Relaxed);
        run(work as usize, on.addr(), parts);
        AT_WORK.store(false, Ordering::Relaxed);
    };
    // SAFETY: threads.js calls `do_part` once with each number, which calls the function; pool.js gives each thread a stack.
    unsafe { cam_lucida::lend_threads(threads, run) };
}

/// Does one part of what [`lend_threads`] gave to `run`. Each thread has the same functions in the same places.
#[wasm_bindgen]
pub fn do_part(work: usize, on: usize, part: usize) {
    // SAFETY: `run` got the function's place, and what it works on.
    unsafe {
        let work: unsafe extern "C" fn(*const c_void, usize) = std::mem::transmute(work);
        work(std::ptr::with_exposed_provenance(on), part);
    }
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

/// The standard allocator, which is not made for threads here: its library is compiled without.
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
