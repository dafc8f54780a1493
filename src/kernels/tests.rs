//! Every kernel against sums in `f64`, over sizes drawn at random, with each set of instructions.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::instructions::Instructions;
use super::winograd::Winograd;
use super::{Epilogue, Geometry};

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

/// Windows that are all of a picture: one place.
fn whole(random: &mut impl Rng) -> Geometry {
    let side = [0; 2].map(|_| random.random_range(1..4));
    let [pictures, inputs, outputs] = [3, 400, 70].map(|most| random.random_range(1..=most));
    Geometry { pictures, inputs, outputs, groups: 1, input: side, window: side, stride: 1, padding: [0; 2] }
}

/// Sizes for which [`Winograd`] is faster, drawn at random: odd sides, with and without padding.
fn with_many_tiles(random: &mut impl Rng, instructions: Instructions) -> Geometry {
    let channels = 8 * instructions.lanes();
    let mut drawn = |range: std::ops::Range<usize>| random.random_range(range);
    let geometry = Geometry {
        pictures: drawn(1..3),
        inputs: channels + drawn(0..9),
        outputs: channels + drawn(0..9),
        groups: 1,
        input: [drawn(22..30), drawn(22..30)],
        window: [3; 2],
        stride: 1,
        padding: [drawn(0..3), drawn(0..3)],
    };
    for places in [geometry.input, geometry.output()] {
        assert!(Winograd::is_faster(instructions, &geometry, places));
    }
    geometry
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
    let mut cases: Vec<Geometry> = with_gaps().chain((0..300).map(|_| drawn(&mut random))).collect();
    cases.extend((0..30).map(|_| whole(&mut random)));
    // More columns than are summed at once.
    cases.push(Geometry { inputs: 2500, input: [1; 2], window: [1; 2], ..whole(&mut random) });
    for instructions in Instructions::all() {
        cases.extend((0..3).map(|_| with_many_tiles(&mut random, instructions)));
    }
    let many = with_many_tiles(&mut random, Instructions::Portable);
    // More channels than are summed at once.
    cases.extend([Geometry { inputs: 300, ..many }, Geometry { outputs: 300, ..many }]);
    for (case, geometry) in cases.into_iter().enumerate() {
        let mut noise =
            |count: usize| -> Vec<f32> { (0..count).map(|_| random.random_range(-1.0..1.0)).collect() };
        let x = noise(geometry.pictures * geometry.input_len());
        let weight = noise(geometry.outputs * geometry.inputs / geometry.groups * geometry.area());
        let gradient = noise(geometry.pictures * geometry.output_len());
        let expected = by_hand(&geometry, [&x, &weight, &gradient]);
        for instructions in Instructions::all() {
            let found = [
                geometry.forward_with(instructions, &x, &weight, None),
                geometry.input_gradient_with(instructions, &gradient, &weight),
                geometry.weight_gradient_with(instructions, &x, &gradient),
            ];
            let parameters = |k: usize| [0.3, 1.7, 2.9].map(|factor| (factor * (k + 1) as f32).sin());
            let channels: Vec<_> = (0..geometry.outputs).map(parameters).collect();
            let epilogue = Epilogue { channels: &channels, bounds: [-0.5, 0.5] };
            let mut finished = found[0].clone();
            let [h, w] = geometry.output();
            for (i, plane) in finished.chunks_exact_mut(h * w).enumerate() {
                let [bias, scale, shift] = channels[i % channels.len()];
                plane.iter_mut().for_each(|x| *x = ((*x + bias) * scale + shift).clamp(-0.5, 0.5));
            }
            let at_once = geometry.forward_with(instructions, &x, &weight, Some(epilogue));
            assert_eq!(at_once, finished, "{case}, {instructions:?}, {geometry:?}");
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
    let strided = Geometry {
        pictures: 1,
        inputs: 24,
        outputs: 40,
        groups: 1,
        input: [33, 29],
        window: [3; 2],
        stride: 2,
        padding: [1; 2],
    };
    let with_many_tiles = Geometry { inputs: 130, outputs: 140, stride: 1, ..strided };
    assert!(Winograd::is_faster(Instructions::best(), &with_many_tiles, with_many_tiles.input));
    let of_few_places = Geometry { inputs: 600, outputs: 50, input: [7, 7], stride: 1, ..strided };
    let of_one =
        Geometry { inputs: 2500, outputs: 401, input: [3; 2], stride: 1, padding: [0; 2], ..strided };
    for geometry in [strided, with_many_tiles, of_few_places, of_one] {
        let mut random = ChaCha8Rng::seed_from_u64(20);
        let mut noise =
            |count: usize| -> Vec<f32> { (0..count).map(|_| random.random_range(-1.0..1.0)).collect() };
        let (x, weight) = (noise(geometry.input_len()), noise(geometry.inputs * geometry.outputs * 9));
        let gradient = noise(geometry.output_len());
        let found = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                [
                    geometry.forward(&x, &weight, None),
                    geometry.input_gradient(&gradient, &weight),
                    geometry.weight_gradient(&x, &gradient),
                ]
            })
        };
        assert_eq!(found(1), found(2));
        assert_eq!(found(1), found(5));
    }
}
