//! Parts of a slice, on all cores where there is more than one.

/// So many numbers are worth a thread where little is done to each.
pub(crate) const WORTH_A_THREAD: usize = 1 << 14;

/// Calls `work` with the number of each part of `size` values, and the part; several `at_once` where there are threads for it.
pub(crate) fn for_parts<F>(values: &mut [f32], size: usize, at_once: bool, work: F)
where
    F: Fn(usize, &mut [f32]) + Sync,
{
    if values.is_empty() {
        return;
    }
    #[cfg(not(target_arch = "wasm32"))]
    if at_once && values.len() > size && threads() > 1 {
        use rayon::prelude::*;
        values.par_chunks_mut(size).enumerate().for_each(|(i, part)| work(i, part));
        return;
    }
    #[cfg(target_arch = "wasm32")]
    let _ = at_once;
    values.chunks_mut(size).enumerate().for_each(|(i, part)| work(i, part));
}

/// Does `work` on one of the threads that [`for_parts`] uses. Asked from there, it shares out parts without putting a thread to sleep
/// and waking it for each.
pub(super) fn among_threads<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    #[cfg(not(target_arch = "wasm32"))]
    return rayon::scope(|_| work());
    #[cfg(target_arch = "wasm32")]
    work()
}

/// How many parts are worked on at once.
pub(super) fn threads() -> usize {
    #[cfg(not(target_arch = "wasm32"))]
    return rayon::current_num_threads();
    #[cfg(target_arch = "wasm32")]
    1
}
