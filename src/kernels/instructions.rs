//! Which instructions the processor has, and what runs with them.

#[cfg(target_arch = "wasm32")]
use std::ffi::c_void;
use std::sync::LazyLock;
#[cfg(target_arch = "wasm32")]
use std::sync::OnceLock;

use super::lanes::Lanes;
use super::tile::Product;

/// Work that is compiled for each set of instructions.
pub(super) trait Work {
    /// Whether the module of relaxed SIMD can do it.
    #[cfg(target_arch = "wasm32")]
    const IS_IN_MODULE: bool = false;

    /// Does it with vectors of type `V`. It must be `#[inline(always)]`: only within [`Instructions::run`] is it compiled for
    /// the instructions.
    ///
    /// # Safety
    /// The processor has the instructions of `V`.
    unsafe fn run<V: Lanes>(self);
}

impl Work for Product {
    #[cfg(target_arch = "wasm32")]
    const IS_IN_MODULE: bool = true;

    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        // SAFETY: the caller vouches for the instructions, and who makes a product for its sizes.
        unsafe { self.compute::<V>() }
    }
}

/// A set of instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter, strum::EnumString)]
#[strum(serialize_all = "lowercase")]
pub(super) enum Instructions {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Relaxed SIMD in WebAssembly multiplies and adds at once. A browser without it refuses every module that has it, so it is in one of
    /// its own, `relaxed.rs`.
    #[cfg(target_arch = "wasm32")]
    Relaxed,
    /// What every processor has for which this was compiled: in WebAssembly `simd128`, of ARM's NEON.
    Portable,
}

/// Has the module of relaxed SIMD do the work at an address, a [`Product`].
#[cfg(target_arch = "wasm32")]
static RELAXED: OnceLock<fn(*const c_void)> = OnceLock::new();

/// From now on, the module of relaxed SIMD (`src/kernels/relaxed.rs`) computes products, by `run`. Nothing may have been computed before.
///
/// # Safety
/// `run` hands the address to this version's module, on the memory of this one.
#[cfg(target_arch = "wasm32")]
pub unsafe fn lend_relaxed(run: fn(*const c_void)) {
    assert!(RELAXED.set(run).is_ok(), "it is lent once");
}

impl Instructions {
    /// The widest that this processor has, or those that the environment's `CAM_LUCIDA_INSTRUCTIONS` names, in lower case.
    pub fn best() -> Self {
        static BEST: LazyLock<Instructions> =
            LazyLock::new(|| match std::env::var("CAM_LUCIDA_INSTRUCTIONS") {
                Ok(name) => name.parse().expect("CAM_LUCIDA_INSTRUCTIONS is avx512, avx2 or portable"),
                Err(_) => Instructions::all().next().expect("what is portable is everywhere"),
            });
        *BEST
    }

    /// All that this processor has, the widest first.
    pub fn all() -> impl Iterator<Item = Self> {
        <Self as strum::IntoEnumIterator>::iter().filter(Self::are_there)
    }

    fn are_there(&self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => is_x86_feature_detected!("avx512f"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "wasm32")]
            Self::Relaxed => RELAXED.get().is_some(),
            Self::Portable => true,
        }
    }

    /// Numbers of a vector.
    pub fn lanes(self) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => 16,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => 8,
            #[cfg(target_arch = "wasm32")]
            Self::Relaxed => 4,
            Self::Portable => 4,
        }
    }

    /// Does `work` with these.
    pub fn run<W: Work>(self, work: W) {
        assert!(self.are_there(), "the processor has no {self:?}");
        // SAFETY: the processor has them, as was just checked.
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { with_avx512(work) },
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { with_avx2(work) },
            #[cfg(target_arch = "wasm32")]
            Self::Relaxed => match RELAXED.get() {
                Some(run) if W::IS_IN_MODULE => run((&raw const work).cast()),
                _ => unsafe { work.run::<Portable>() },
            },
            Self::Portable => unsafe { work.run::<Portable>() },
        }
    }
}

#[cfg(target_arch = "aarch64")]
type Portable = std::arch::aarch64::float32x4_t;
#[cfg(target_arch = "wasm32")]
type Portable = std::arch::wasm32::v128;
#[cfg(not(any(target_arch = "aarch64", target_arch = "wasm32")))]
type Portable = [f32; 4];

/// # Safety
/// The processor has AVX-512.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
unsafe fn with_avx512(work: impl Work) {
    // SAFETY: the caller vouches for the instructions.
    unsafe { work.run::<std::arch::x86_64::__m512>() }
}

/// # Safety
/// The processor has AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn with_avx2(work: impl Work) {
    // SAFETY: as in `with_avx512`.
    unsafe { work.run::<std::arch::x86_64::__m256>() }
}
