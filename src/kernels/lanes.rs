//! Numbers side by side, which one instruction takes at once.

/// Numbers of the most that two vectors hold.
pub(super) const WIDEST: usize = 32;

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
    use core::arch::x86_64::*;

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

#[cfg(target_arch = "aarch64")]
mod neon {
    use core::arch::aarch64::*;

    use super::Lanes;

    lanes!(float32x4_t, 4, 8, vdupq_n_f32, vld1q_f32, vst1q_f32, product_plus, vaddq_f32, vsubq_f32);

    /// In the order of the others.
    #[inline(always)]
    fn product_plus(a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
        // SAFETY: every processor of this kind has NEON.
        unsafe { vfmaq_f32(c, a, b) }
    }
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    use core::arch::wasm32::*;

    use super::Lanes;

    lanes!(v128, 4, 4, f32x4_splat, v128_load, v128_store, product_plus, f32x4_add, f32x4_sub);

    #[cfg(target_feature = "relaxed-simd")]
    use core::arch::wasm32::f32x4_relaxed_madd as product_plus;

    /// `simd128` has no fused one.
    #[cfg(not(target_feature = "relaxed-simd"))]
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
        core::array::from_fn(|i| self[i] + a[i] * b[i])
    }

    #[inline(always)]
    unsafe fn plus(self, other: Self) -> Self {
        core::array::from_fn(|i| self[i] + other[i])
    }

    #[inline(always)]
    unsafe fn minus(self, other: Self) -> Self {
        core::array::from_fn(|i| self[i] - other[i])
    }
}
