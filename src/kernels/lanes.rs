//! Numbers side by side, which one instruction takes at once; and which instructions the processor has.

use std::sync::LazyLock;

/// Some `f32` side by side.
pub(super) trait Lanes: Copy {
    /// How many.
    const COUNT: usize;
    /// Rows of the tallest tile of a product whose sums, factors and columns all find a register.
    const ROWS: usize;

    /// The same number in each.
    ///
    /// # Safety
    /// The processor has the instructions of this type.
    unsafe fn splat(value: f32) -> Self;

    /// # Safety
    /// As [`splat`](Self::splat), and [`COUNT`](Self::COUNT) numbers may be read from `from` on.
    unsafe fn load(from: *const f32) -> Self;

    /// # Safety
    /// As [`splat`](Self::splat), and [`COUNT`](Self::COUNT) numbers may be written from `to` on.
    unsafe fn store(self, to: *mut f32);

    /// `self + a * b`, rounded once where there is an instruction for it.
    ///
    /// # Safety
    /// As [`splat`](Self::splat).
    unsafe fn plus_product(self, a: Self, b: Self) -> Self;

    /// `self + other`.
    ///
    /// # Safety
    /// As [`splat`](Self::splat).
    unsafe fn plus(self, other: Self) -> Self;

    /// `self - other`.
    ///
    /// # Safety
    /// As [`splat`](Self::splat).
    unsafe fn minus(self, other: Self) -> Self;
}

/// Implements [`Lanes`] by the functions of an instruction set: those of [`Lanes`] in their order. Some sets' are safe.
macro_rules! lanes {
    ($lanes:ty, $count:literal, $rows:literal, $splat:path, $load:path, $store:path, $plus_product:path, $plus:path, $minus:path) => {
        impl Lanes for $lanes {
            const COUNT: usize = $count;
            const ROWS: usize = $rows;

            #[inline(always)]
            #[allow(unused_unsafe)]
            unsafe fn splat(value: f32) -> Self {
                // SAFETY: here and below, the caller vouches for the instructions and for the memory.
                unsafe { $splat(value) }
            }

            #[inline(always)]
            unsafe fn load(from: *const f32) -> Self {
                // SAFETY: as in `splat`.
                unsafe { $load(from.cast()) }
            }

            #[inline(always)]
            unsafe fn store(self, to: *mut f32) {
                // SAFETY: as in `splat`.
                unsafe { $store(to.cast(), self) }
            }

            #[inline(always)]
            #[allow(unused_unsafe)]
            unsafe fn plus_product(self, a: Self, b: Self) -> Self {
                // SAFETY: as in `splat`.
                unsafe { $plus_product(a, b, self) }
            }

            #[inline(always)]
            #[allow(unused_unsafe)]
            unsafe fn plus(self, other: Self) -> Self {
                // SAFETY: as in `splat`.
                unsafe { $plus(self, other) }
            }

            #[inline(always)]
            #[allow(unused_unsafe)]
            unsafe fn minus(self, other: Self) -> Self {
                // SAFETY: as in `splat`.
                unsafe { $minus(self, other) }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::Lanes;

    lanes!(
        __m512,
        16,
        10,
        _mm512_set1_ps,
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        _mm512_fmadd_ps,
        _mm512_add_ps,
        _mm512_sub_ps
    );
    lanes!(
        __m256,
        8,
        4,
        _mm256_set1_ps,
        _mm256_loadu_ps,
        _mm256_storeu_ps,
        _mm256_fmadd_ps,
        _mm256_add_ps,
        _mm256_sub_ps
    );
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    use std::arch::wasm32::*;

    use super::Lanes;

    lanes!(v128, 4, 4, f32x4_splat, v128_load, v128_store, product_plus, f32x4_add, f32x4_sub);

    /// `simd128` has no fused one.
    #[inline(always)]
    fn product_plus(a: v128, b: v128, c: v128) -> v128 {
        f32x4_add(c, f32x4_mul(a, b))
    }
}

/// What any processor has; the compiler makes vectors of it where it can.
impl Lanes for [f32; 4] {
    const COUNT: usize = 4;
    const ROWS: usize = 4;

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        [value; 4]
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller vouches for the memory.
        unsafe { from.cast::<Self>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: as in `load`.
        unsafe { to.cast::<Self>().write_unaligned(self) }
    }

    #[inline(always)]
    unsafe fn plus_product(self, a: Self, b: Self) -> Self {
        std::array::from_fn(|i| self[i] + a[i] * b[i])
    }

    #[inline(always)]
    unsafe fn plus(self, other: Self) -> Self {
        std::array::from_fn(|i| self[i] + other[i])
    }

    #[inline(always)]
    unsafe fn minus(self, other: Self) -> Self {
        std::array::from_fn(|i| self[i] - other[i])
    }
}

/// Work that is compiled for each set of instructions.
pub(super) trait Work {
    /// Does it with vectors of type `V`. It must be `#[inline(always)]`: only within [`Instructions::run`] is it compiled for
    /// the instructions.
    ///
    /// # Safety
    /// The processor has the instructions of `V`.
    unsafe fn run<V: Lanes>(self);
}

/// A set of instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter, strum::EnumString)]
#[strum(serialize_all = "lowercase")]
pub(super) enum Instructions {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// What every processor has for which this was compiled: in WebAssembly, `simd128`.
    Portable,
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
            Self::Portable => 4,
        }
    }

    /// Does `work` with these.
    pub fn run(self, work: impl Work) {
        assert!(self.are_there(), "the processor has no {self:?}");
        // SAFETY: the processor has them, as was just checked.
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { with_avx512(work) },
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { with_avx2(work) },
            Self::Portable => unsafe { work.run::<Portable>() },
        }
    }
}

#[cfg(target_arch = "wasm32")]
type Portable = std::arch::wasm32::v128;
#[cfg(not(target_arch = "wasm32"))]
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
