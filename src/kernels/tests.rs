//! Every kernel against sums in `f64`, over sizes drawn at random, with each set of instructions.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Geometry;
use super::lanes::Instructions;

/// Odd sides, strides, paddings beyond the window, groups, one channel.
fn drawn(random: &mut impl Rng) -> Geometry {
    let groups = [1, 1, 1, 2, 3, 7][random.random_range(0..6)];
    let [inputs, outputs] = match random.random_range(0..4) {
        0 => [1, 1],
        _ => [random.random_range(1..9), random.random_range(1..40)],
    };
    let window = [0; 2].map(|_| random.random_range(1..6));
    Geometry {
        pictures: random.random_range(1..4),
        inputs: groups * inputs,
        outputs: groups * outputs,
        groups,
        input: window.map(|side| side + random.random_range(0..40)),
        window,
        stride: random.random_range(1..4),
        padding: [0; 2].map(|_| random.random_range(0..4)),
    }
}

/// In the last strip of these, places are as far from each other as in a full one, but not side by side.
fn with_gaps() -> impl Iterator<Item = Geometry> {
    [[6, 5], [3, 4], [22, 29], [7, 7]].into_iter().map(|input| Geometry {
        pictures: 1,
        inputs: 3,
        outputs: 5,
        groups: 1,
        input,
        window: [3; 2],
        stride: 1,
        padding: [1; 2],
    })
}

/// What comes out, and both gradients, one product after the other.
fn by_hand(geometry: &Geometry, [x, weight, gradient]: [&[f32]; 3]) -> [Vec<f64>; 3] {
    let Geometry { pictures, outputs, input, window, stride, padding, .. } = *geometry;
    let [h, w] = geometry.output();
    let [of_group, to_group] = geometry.channels();
    let mut found = [vec![0.0; gradient.len()], vec![0.0; x.len()], vec![0.0; weight.len()]];
    for place in 0..pictures * outputs * h * w {
        let [picture, output] = [place / (outputs * h * w), place / (h * w) % outputs];
        let at = [place / w % h, place % w];
        for seen in 0..of_group * geometry.area() {
            let pixel = [seen / window[1] % window[0], seen % window[1]];
            let channel = output / to_group * of_group + seen / geometry.area();
            let at = [0, 1].map(|axis| (at[axis] * stride + pixel[axis]).wrapping_sub(padding[axis]));
            if at[0] >= input[0] || at[1] >= input[1] {
                continue;
            }
            let from = ((picture * geometry.inputs + channel) * input[0] + at[0]) * input[1] + at[1];
            let by = output * of_group * geometry.area() + seen;
            let [x, weight, gradient] = [x[from], weight[by], gradient[place]].map(f64::from);
            found[0][place] += x * weight;
            found[1][from] += gradient * weight;
            found[2][by] += gradient * x;
        }
    }
    found
}

#[test]
fn kernels_are_sums_by_hand() {
    let mut random = ChaCha8Rng::seed_from_u64(19);
    let mut wrong = 0.0_f64;
    let cases: Vec<Geometry> = with_gaps().chain((0..300).map(|_| drawn(&mut random))).collect();
    for (case, geometry) in cases.into_iter().enumerate() {
        let mut noise =
            |count: usize| -> Vec<f32> { (0..count).map(|_| random.random_range(-1.0..1.0)).collect() };
        let x = noise(geometry.pictures * geometry.input_len());
        let weight = noise(geometry.outputs * geometry.inputs / geometry.groups * geometry.area());
        let gradient = noise(geometry.pictures * geometry.output_len());
        let expected = by_hand(&geometry, [&x, &weight, &gradient]);
        for instructions in Instructions::all() {
            let found = [
                geometry.forward_with(instructions, &x, &weight),
                geometry.input_gradient_with(instructions, &gradient, &weight),
                geometry.weight_gradient_with(instructions, &x, &gradient),
            ];
            for ((expected, found), what) in expected.iter().zip(found).zip(["forward", "input", "weight"]) {
                assert_eq!(expected.len(), found.len());
                let most = expected.iter().fold(1.0, |most: f64, value| most.max(value.abs()));
                for (expected, found) in expected.iter().zip(found) {
                    let off = (expected - f64::from(found)).abs() / most;
                    assert!(off < 1e-6, "{case}, {instructions:?}, {what}: {off:e} off, {geometry:?}");
                    wrong = wrong.max(off);
                }
            }
        }
    }
    println!("at most {wrong:.1e} of the largest number off");
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let geometry = Geometry {
        pictures: 1,
        inputs: 24,
        outputs: 40,
        groups: 1,
        input: [33, 29],
        window: [3; 2],
        stride: 2,
        padding: [1; 2],
    };
    let mut random = ChaCha8Rng::seed_from_u64(20);
    let mut noise =
        |count: usize| -> Vec<f32> { (0..count).map(|_| random.random_range(-1.0..1.0)).collect() };
    let (x, weight) = (noise(geometry.input_len()), noise(24 * 40 * 9));
    let gradient = noise(geometry.output_len());
    let found = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            [
                geometry.forward(&x, &weight),
                geometry.input_gradient(&gradient, &weight),
                geometry.weight_gradient(&x, &gradient),
            ]
        })
    };
    assert_eq!(found(1), found(2));
    assert_eq!(found(1), found(5));
}
