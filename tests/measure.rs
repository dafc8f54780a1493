//! Measures against values worked out by hand, by other implementations, and by a network whose answer is known.

mod common;

use std::ops::ControlFlow;

use cam_lucida::cam::{self, Progress};
use cam_lucida::measure::{
    Baseline, Cascade, Comparable, Confidence, Covering, Curve, Fresh, Map, Mask, Measure, Perturbation,
    Point, Road, Similarity, Trial, average_drop, blur, confidence, cover, deletion, energy_inside, impute,
    increase_of_confidence, insertion, pointing_game, randomise, rank_correlation, road,
    structural_similarity,
};
use cam_lucida::network::Architecture;
use cam_lucida::network::Parameters;
use cam_lucida::picture::{Picture, Preprocess, Preprocessor};
use cam_lucida::weights::{Card, Hashed, Weights};
use cam_lucida::{Device, Input, Model, Request, Size};
use common::colours;
use common::weight_file::WeightFile;
use pollster::block_on;

fn model(network: &str, weights: Vec<u8>) -> Model {
    block_on(Model::load(&Device::cpu(), Card::new(Architecture::named(network).unwrap()), weights)).unwrap()
}

fn scene(model: &Model) -> Input {
    model.input(&colours::scene(), Preprocess::Squash).unwrap()
}

fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn map(height: usize, width: usize, values: &[f32]) -> Map {
    Map::new(Size { height, width }, values.to_vec()).unwrap()
}

fn negated(map: &Map) -> Map {
    let values = map.values().iter().map(|value| -value).collect();
    Map::new(map.size(), values).unwrap()
}

/// Where the scene shows a colour.
fn mask_of(colour: usize) -> Mask {
    let scene = colours::scene();
    let inside = scene.rgb().chunks_exact(3).map(|pixel| colours::is_of(colour, pixel)).collect();
    Mask::new(scene.size(), inside).unwrap()
}

fn grad_cam(model: &Model, input: &Input, class: usize) -> Map {
    let request = Request { classes: vec![class.into()], ..Request::default() };
    let explanation = block_on(model.explain(input, &request)).unwrap();
    block_on(Map::from_heatmap(&explanation.heatmaps[0])).unwrap()
}

fn close(found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() <= tolerance, "found {found}, wanted {wanted}");
}

#[test]
fn energy_is_the_share_of_the_normalised_map_inside() {
    let mask = Mask::new(Size::square(2), vec![true, false, false, false]).unwrap();
    // Less the least value: 4, 0, 1, 3.
    close(energy_inside(&map(2, 2, &[6.0, 2.0, 3.0, 5.0]), &mask).unwrap(), 0.5, 1e-6);
    assert_eq!(energy_inside(&map(2, 2, &[3.0; 4]), &mask), None, "a flat map lies nowhere");
    // Upsampled to four columns, 0 and 1 become 0, 1/4, 3/4, 1.
    let right = Mask::new(Size { height: 1, width: 4 }, vec![false, false, false, true]).unwrap();
    close(energy_inside(&map(1, 2, &[0.0, 1.0]), &right).unwrap(), 0.5, 1e-6);
}

#[test]
fn the_pointing_game_asks_how_far_the_peak_is_from_the_object() {
    let mut inside = vec![false; 100];
    inside[0] = true;
    let mask = Mask::new(Size::square(10), inside).unwrap();
    let mut values = [0.0; 100];
    values[4 * 10 + 3] = 1.0;
    let map_at_3_4 = map(10, 10, &values);
    let at = |tolerance| pointing_game(&map_at_3_4, &mask, tolerance).unwrap();
    assert_eq!(at(0.0).peak, Point { x: 3, y: 4 });
    assert!(at(5.0).hit && !at(4.99).hit, "five pixels by Pythagoras");
    assert_eq!(pointing_game(&map(1, 1, &[2.0]), &mask, 15.0), None);
}

#[test]
fn a_mask_tells_where_the_object_is_or_is_refused() {
    let refused = |inside: Vec<bool>| Mask::new(Size::square(2), inside).unwrap_err();
    assert!(refused(vec![false; 4]).to_string().contains("empty"));
    assert!(refused(vec![true; 4]).to_string().contains("full"));
    assert!(refused(vec![true; 3]).is_request());
    let black_and_dark = Picture::new(Size { height: 1, width: 2 }, vec![0, 0, 0, 0, 0, 1]).unwrap();
    assert_eq!(Mask::from_picture(&black_and_dark).unwrap().inside(), [false, true]);
}

#[test]
fn a_cropped_mask_is_cut_like_its_picture() {
    let size = Size { height: 256, width: 512 };
    // The cut takes the middle 224 of 256 rows and of 512 columns: columns 144 to 368.
    let inside = (0..size.area()).map(|at| at % size.width >= 256).collect();
    let mask = Mask::new(size, inside).unwrap();
    let seen = mask.clone().seen(&Preprocessor::imagenet(224), Preprocess::Crop).unwrap();
    assert_eq!(seen.size(), Size::square(224));
    assert!(seen.inside().iter().enumerate().all(|(at, inside)| *inside == (at % 224 >= 112)));
    assert_eq!(mask.clone().seen(&Preprocessor::imagenet(224), Preprocess::Squash).unwrap(), mask);
}

#[test]
fn the_area_under_a_curve_is_that_of_its_trapezoids() {
    let curve = Curve { points: vec![(0.0, 1.0), (0.5, 0.5), (0.75, 0.1), (1.0, 0.3)] };
    close(curve.area(), 0.375 + 0.075 + 0.05, 1e-12);
}

/// scipy.ndimage.gaussian_filter(point, 5) in 11×11 and torch's conv2d(padding=5), as RISE's code has them.
#[test]
fn blurring_is_that_of_rise() {
    let plane: Vec<f32> = (0..13 * 12).map(|i| ((i * 31 + 3) % 59) as f32 / 29.0 - 1.0).collect();
    let blurred = blur(&plane, 12);
    for (row, column, wanted) in [(0, 0, -0.002_227_03), (6, 6, -0.006_307_27), (12, 3, 0.004_353_90)] {
        close(f64::from(blurred[row * 12 + column]), wanted, 1e-6);
    }
}

#[test]
fn drop_and_increase_of_confidence_by_hand() {
    let of = |whole, explained| Confidence { whole, explained };
    close(of(0.8, 0.6).drop(), 25.0, 1e-9);
    assert!(of(0.2, 0.5).increased() && of(0.2, 0.5).drop() == 0.0);
    let pictures = [of(0.8, 0.6), of(0.2, 0.5), of(0.5, 0.25), of(0.4, 0.4)];
    close(average_drop(&pictures).unwrap(), (25.0 + 0.0 + 50.0 + 0.0) / 4.0, 1e-9);
    close(increase_of_confidence(&pictures).unwrap(), 25.0, 1e-9);
    assert_eq!(average_drop(&[]), None);
}

/// The map names the red pixels: without them nothing speaks for red, and alone they speak for nothing else.
#[test]
fn a_cover_hides_what_the_map_ranks_first_and_is_compared_with_itself_elsewhere() {
    let model = model(colours::NETWORK, colours::weights());
    let input = scene(&model);
    let trial = Trial { model: &model, input: &input, class: 0, watch: &go_on };
    let mask = mask_of(0);
    let values: Vec<f32> = mask.inside().iter().map(|&inside| f32::from(u8::from(inside))).collect();
    let red = Map::new(mask.size(), values).unwrap();
    let share = mask.inside().iter().filter(|inside| **inside).count() as f64 / mask.size().area() as f64;
    let covering = Covering { share, places: 3, ..Covering::default() };
    let found = block_on(cover(&trial, &red, &covering)).unwrap();

    let pixels = input.size().area();
    assert_eq!(found.pixels, (share * pixels as f64).round() as usize);
    let hottest = red.resized(input.size()).ranking()[..found.pixels].to_vec();
    let probability = |shows_hottest: bool, shows_others: bool| {
        let mut values = input.values().to_vec();
        for (at, value) in values.iter_mut().enumerate() {
            let is_shown = if hottest.contains(&(at % pixels)) { shows_hottest } else { shows_others };
            *value = if is_shown { *value } else { 0.0 };
        }
        let covered = Input::new(input.size(), values).unwrap();
        f64::from(block_on(model.classify(&covered)).unwrap().probabilities[0])
    };
    close(found.whole, probability(true, true), 1e-6);
    close(found.without, probability(false, true), 1e-6);
    close(found.alone, probability(true, false), 1e-6);
    assert!(found.without < found.whole && found.whole < found.alone, "{found:?}");
    let [without, alone] = found.by_chance().unwrap();
    assert!(found.without < without && alone < found.alone, "{found:?}");

    let again = |seed| block_on(cover(&trial, &red, &Covering { seed, ..covering })).unwrap();
    assert_eq!(again(0), found);
    assert_ne!(again(1).elsewhere, found.elsewhere);
    let nowhere = block_on(cover(&trial, &red, &Covering { places: 0, ..covering })).unwrap();
    assert_eq!(nowhere.by_chance(), None);
    for share in [0.0, 1.0, -1.0, 2.0, f64::NAN] {
        let error = block_on(cover(&trial, &red, &Covering { share, ..covering })).unwrap_err();
        assert_eq!(error.code(), "cover-share", "{share}");
    }
    let places = Covering::MAX_PLACES + 1;
    let error = block_on(cover(&trial, &red, &Covering { places, ..covering })).unwrap_err();
    assert_eq!(error.code(), "cover-places");
}

#[test]
fn heatmaps_are_compared_where_both_show_the_picture() {
    let model = model(colours::NETWORK, colours::weights());
    let input = scene(&model);
    let Size { height, width } = input.size();
    let explanation = block_on(model.explain(&input, &Request::default())).unwrap();
    let map = block_on(Comparable::read(&explanation.heatmaps[0], input.size())).unwrap();
    assert_eq!(map.size(), input.size());
    assert_eq!(map.mirrored().mirrored(), map);
    let same = map.compare(&map).unwrap();
    assert_eq!((same.rank, same.rank_of_magnitudes), (Some(1.0), Some(1.0)));
    close(same.structure.unwrap(), 1.0, 1e-9);
    assert!(map.compare(&map.mirrored()).unwrap().rank < Some(1.0));

    // A picture moved right by a pixel, as its map is.
    let part = Size { height, width: width - 1 };
    let [left, right] = [0, 1].map(|from| map.part([from, 0], part));
    assert_eq!(left.size(), part);
    assert!(left.compare(&right).unwrap().rank < Some(1.0));
    assert_eq!(left.compare(&left).unwrap().rank, Some(1.0));
}

#[test]
fn a_heatmap_is_compared_only_with_one_of_its_kind_and_size() {
    let model = model(colours::NETWORK, colours::weights());
    let input = scene(&model);
    let heatmap = |method: &str| {
        let methods = vec![cam::method(method).unwrap()];
        block_on(model.explain(&input, &Request { methods, ..Request::default() }))
            .unwrap()
            .heatmaps
            .remove(0)
    };
    let [map, picture] = ["grad-cam", "guided-backprop"].map(heatmap);
    for side in [0, 2049, usize::MAX] {
        let error = block_on(Comparable::read(&map, Size { height: 16, width: side })).unwrap_err();
        assert_eq!(error.code(), "compare-size");
    }
    let size = Size { height: 48, width: 40 };
    let [map, small, picture] = [(&map, size), (&map, Size::square(40)), (&picture, size)]
        .map(|(heatmap, size)| block_on(Comparable::read(heatmap, size)).unwrap());
    assert_eq!(map.compare(&small).unwrap_err().code(), "maps-not-comparable");
    assert_eq!(map.compare(&picture).unwrap_err().code(), "maps-of-other-channels");
    // A signed picture, too, is compared at another size than its own.
    let part = picture.part([8, 8], Size::square(32));
    assert_eq!(part.compare(&part).unwrap().rank, Some(1.0));
}

/// A flat map lets nothing through, so that the network of colours has nothing to tell three classes by; a map of the
/// red pixels leaves only what speaks for red.
#[test]
fn confidence_is_in_what_the_map_lets_through() {
    let model = model(colours::NETWORK, colours::weights());
    let input = scene(&model);
    let trial = Trial { model: &model, input: &input, class: 0, watch: &go_on };
    let whole = f64::from(block_on(model.classify(&input)).unwrap().probabilities[0]);
    let nothing = block_on(confidence(&trial, &map(1, 1, &[1.0]))).unwrap();
    close(nothing.whole, whole, 1e-6);
    close(nothing.explained, 1.0 / 3.0, 1e-6);
    let red: Vec<f32> = mask_of(0).inside().iter().map(|inside| f32::from(*inside)).collect();
    let only_red = block_on(confidence(&trial, &map(320, 480, &red))).unwrap();
    assert!(only_red.increased(), "{only_red:?}");
    let no_red = block_on(confidence(&trial, &negated(&map(320, 480, &red)))).unwrap();
    assert!(no_red.explained < 1.0 / 3.0 && no_red.drop() > 0.0, "{no_red:?}");
}

#[test]
fn a_map_of_the_class_passes_every_measure_and_the_reverse_fails() {
    let model = model(colours::NETWORK, colours::weights());
    let input = scene(&model);
    for class in 0..colours::CLASSES.len() {
        let trial = Trial { model: &model, input: &input, class, watch: &go_on };
        let right = grad_cam(&model, &input, class);
        let wrong = negated(&right);
        let (mask, name) = (mask_of(class), colours::CLASSES[class]);

        let into = |baseline: Baseline| Perturbation { steps: 16, baseline };
        let deleted = |map: &Map| block_on(deletion(&trial, map, &into(Baseline::Mean))).unwrap();
        let inserted = |map: &Map, baseline| block_on(insertion(&trial, map, &into(baseline))).unwrap();
        let whole = f64::from(block_on(model.classify(&input)).unwrap().probabilities[class]);
        for map in [&right, &wrong] {
            let (deleted, inserted) = (deleted(map), inserted(map, Baseline::Mean));
            assert_eq!(deleted.points.len(), 17);
            assert_eq!((deleted.points[0].0, deleted.points[8].0, deleted.points[16].0), (0.0, 0.5, 1.0));
            close(deleted.points[0].1, whole, 1e-6);
            close(deleted.points[16].1, 1.0 / 3.0, 1e-6);
            close(inserted.points[0].1, 1.0 / 3.0, 1e-6);
            close(inserted.points[16].1, whole, 1e-6);
        }
        let areas = [&right, &wrong].map(|map| {
            [deleted(map), inserted(map, Baseline::Mean), inserted(map, Baseline::Blur)]
                .map(|curve| curve.area())
        });
        println!("{name}: areas {areas:?}, whole {whole}");
        assert!(areas[0][0] < areas[1][0] - 0.01, "{name} deleted: {areas:?}");
        assert!(areas[0][1] > areas[1][1] + 0.01, "{name} inserted: {areas:?}");
        // Blurred colours are still colours, so that there is less to gain.
        assert!(areas[0][2] > areas[1][2], "{name} inserted into a blur: {areas:?}");

        let covered = mask.inside().iter().filter(|inside| **inside).count() as f64 / (480.0 * 320.0);
        let energy = [&right, &wrong].map(|map| energy_inside(map, &mask).unwrap());
        println!("{name}: covers {covered}, energy {energy:?}");
        assert!(energy[0] > 3.0 * covered && energy[1] < covered, "{name}: {energy:?} of {covered}");
        let hits = [&right, &wrong].map(|map| pointing_game(map, &mask, 15.0).unwrap().hit);
        assert_eq!(hits, [true, false], "{name}");

        let curves = [&right, &wrong].map(|map| block_on(road(&trial, map, &Road::default())).unwrap());
        let combined = curves.each_ref().map(|curves| curves.combined());
        println!("{name}: road {combined:?} {:?}", curves[0]);
        assert!(combined[0] > 0.01 && combined[1] < -0.01, "{name}: {combined:?}");
        let of = &curves[0];
        for (most, least) in of.most_relevant_first.points.iter().zip(&of.least_relevant_first.points) {
            assert!(most.1 < least.1, "{name}: {most:?} {least:?}");
        }
    }
}

#[test]
fn deletion_into_a_blur_ends_at_the_blurred_picture() {
    let model = model(colours::NETWORK, colours::weights());
    let input = scene(&model);
    let trial = Trial { model: &model, input: &input, class: 0, watch: &go_on };
    let by_row: Vec<f32> = (0..224 * 224).map(|at| (at / 224) as f32).collect();
    let map = map(224, 224, &by_row);
    let settings = Perturbation { steps: 3, baseline: Baseline::Blur };
    let deleted = block_on(deletion(&trial, &map, &settings)).unwrap();
    let inserted = block_on(insertion(&trial, &map, &settings)).unwrap();
    close(deleted.points[3].1, inserted.points[0].1, 1e-6);
    assert!((deleted.points[3].1 - deleted.points[0].1).abs() > 1e-4, "{deleted:?}");
}

#[test]
fn a_cancelled_measure_ends() {
    let model = model(colours::NETWORK, colours::weights());
    let input = scene(&model);
    let stop = |_| ControlFlow::Break(());
    let trial = Trial { model: &model, input: &input, class: 0, watch: &stop };
    let map = grad_cam(&model, &input, 0);
    assert!(block_on(deletion(&trial, &map, &Perturbation::DELETION)).unwrap_err().is_cancelled());
    assert!(block_on(road(&trial, &map, &Road::default())).unwrap_err().is_cancelled());
    let mut weights = Weights::read(colours::weights()).unwrap();
    let (request, cascade) = (Request::default(), Cascade::default());
    assert!(block_on(randomise(&trial, &mut weights, &request, &cascade)).unwrap_err().is_cancelled());
}

#[test]
fn what_cannot_be_measured_is_refused() {
    let model = model(colours::NETWORK, colours::weights());
    let input = scene(&model);
    let trial = |class| Trial { model: &model, input: &input, class, watch: &go_on };
    let map = grad_cam(&model, &input, 0);
    let no_steps = Perturbation { steps: 0, ..Perturbation::DELETION };
    assert!(block_on(deletion(&trial(0), &map, &no_steps)).unwrap_err().is_request());
    assert!(
        block_on(confidence(&trial(3), &map)).unwrap_err().to_string().contains("class 3 does not exist")
    );
    for shares in [vec![], vec![0.0], vec![1.0], vec![f64::NAN]] {
        let settings = Road { shares, ..Road::default() };
        assert!(block_on(road(&trial(0), &map, &settings)).unwrap_err().is_request());
    }
    assert!(Map::new(Size { height: 1, width: 2 }, vec![0.0, f32::NAN]).is_err());
    assert!(Map::new(Size::square(0), vec![]).is_err());
    assert!("delition".parse::<Measure>().unwrap_err().to_string().contains("deletion"));
}

#[test]
fn many_inputs_are_classified_as_each_alone() {
    let weights = WeightFile::hashed(Architecture::named("mobilenet_v2_x0_25").unwrap(), 10).bytes();
    let model = model("mobilenet_v2_x0_25", weights);
    let input = |i: usize, side: usize| {
        let values = Hashed::uniform(&format!("picture {i}"), &[3, side, side], 2.0);
        Input::new(Size::square(side), values).unwrap()
    };
    let together = block_on(model.classify_each("test", (0..40).map(|i| input(i, 64)), &go_on)).unwrap();
    assert_eq!(together.len(), 40);
    for i in [0, 17, 39] {
        let alone = block_on(model.classify(&input(i, 64))).unwrap();
        for (a, b) in alone.logits.iter().zip(&together[i].logits) {
            close(f64::from(*a), f64::from(*b), 1e-4);
        }
    }
    let sizes = [64, 32].into_iter();
    let differing = block_on(model.classify_each("test", sizes.map(|side| input(0, side)), &go_on));
    assert!(differing.unwrap_err().is_request());
}

/// A ramp is the mean of its neighbours everywhere but at the edge.
#[test]
fn a_hole_in_a_ramp_is_filled_with_the_ramp() {
    let (height, width) = (24, 30);
    let ramp: Vec<f32> =
        (0..height * width).map(|at| 2.0 * (at / width) as f32 - 0.5 * (at % width) as f32).collect();
    let hole = |at: usize| (4..19).contains(&(at / width)) && (5..26).contains(&(at % width));
    let removed: Vec<bool> = (0..height * width).map(hole).collect();
    let mut spoiled = ramp.clone();
    (0..spoiled.len()).filter(|&at| removed[at]).for_each(|at| spoiled[at] = 1e3);
    let filled = impute(&spoiled, width, &removed);
    for (found, wanted) in filled.iter().zip(&ramp) {
        close(f64::from(*found), f64::from(*wanted), 1e-5);
    }
}

/// pytorch-grad-cam 1.5's NoisyLinearImputer(noise=0) on the same 2×7×9 values, 38 pixels removed, those in a corner
/// and at the edge included.
#[test]
fn imputation_is_that_of_pytorch_grad_cam() {
    let (height, width) = (7, 9);
    let values: Vec<f32> = (0..2 * height * width).map(|i| ((i * 29 + 5) % 71) as f32 / 10.0).collect();
    let missing = |at: usize| {
        let (row, column) = (at / width, at % width);
        (row * 5 + column * 3) % 4 < 2 || ((2..=4).contains(&row) && (3..=6).contains(&column))
    };
    let removed: Vec<bool> = (0..height * width).map(missing).collect();
    assert_eq!(removed.iter().filter(|removed| **removed).count(), 38);
    let filled = impute(&values, width, &removed);
    let wanted = [
        (0, 0, 0, 3.486_114_5),
        (0, 3, 4, 4.169_99),
        (1, 3, 5, 3.249_318_8),
        (1, 6, 8, 0.9),
        (0, 2, 6, 2.889_804_8),
    ];
    for (channel, row, column, wanted) in wanted {
        close(f64::from(filled[(channel * height + row) * width + column]), wanted, 1e-5);
    }
    let all = filled.iter().map(|value| f64::from(*value));
    close(all.clone().sum(), 419.790_349_461, 1e-3);
    close(all.enumerate().map(|(i, value)| i as f64 * value).sum(), 24_947.628_096, 1e-2);
}

fn patterns() -> [Map; 3] {
    let value = |factor: usize, offset: usize, modulus: usize, top: f32| {
        move |i: usize| ((i * factor + offset) % modulus) as f32 / top
    };
    let a: Vec<f32> = (0..14 * 17).map(value(37, 11, 101, 100.0)).collect();
    let b: Vec<f32> = (0..14 * 17).map(value(53, 7, 89, 88.0)).collect();
    let mixed: Vec<f32> = a.iter().zip(&b).map(|(a, b)| 0.7 * a + 0.3 * b).collect();
    [a, b, mixed].map(|values| map(14, 17, &values))
}

/// skimage 0.26: structural_similarity(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1).
#[test]
fn structural_similarity_is_that_of_scikit_image() {
    let [a, b, mixed] = patterns();
    close(structural_similarity(&a, &a).unwrap(), 1.0, 1e-12);
    close(structural_similarity(&a, &b).unwrap(), -0.083_829_512, 1e-6);
    close(structural_similarity(&a, &mixed).unwrap(), 0.872_469_365, 1e-6);
    assert!(structural_similarity(&a, &map(10, 17, &[0.5; 170])).unwrap_err().is_request());
    assert!(structural_similarity(&map(10, 17, &[0.5; 170]), &map(10, 17, &[0.5; 170])).is_err());
}

/// scipy.stats.spearmanr.
#[test]
fn rank_correlation_is_that_of_scipy() {
    let [a, b, mixed] = patterns();
    let of = |a: &[f32], b: &[f32]| rank_correlation(a, b).unwrap();
    close(of(a.values(), a.values()), 1.0, 1e-12);
    close(of(a.values(), negated(&a).values()), -1.0, 1e-12);
    close(of(a.values(), b.values()), -0.033_370_426, 1e-6);
    close(of(a.values(), mixed.values()), 0.922_686_237, 1e-6);
    let ties = [0.0, 0.0, 0.0, 1.0, 2.0, 2.0, 5.0, 3.0, 0.0, 1.0];
    close(of(&ties, &[1.0, 0.0, 2.0, 2.0, 2.0, 7.0, 4.0, 4.0, 0.0, -3.0]), 0.705_258_627, 1e-9);
    assert_eq!(rank_correlation(&ties, &[3.0; 10]), None);
    close(of(&[0.0, -0.0, 1.0], &[5.0, 5.0, 6.0]), 1.0, 1e-12);
}

#[test]
fn stages_go_from_the_head_to_everything() {
    let counts = |steps, modules| Cascade { steps, seed: 0 }.counts(modules);
    assert_eq!(counts(4, 10), [0, 1, 4, 7, 10]);
    assert_eq!(counts(12, 5), [0, 1, 2, 3, 4, 5]);
    assert_eq!(counts(1, 10), [0, 10]);
    assert_eq!(counts(2, 10), [0, 1, 10]);
}

#[test]
fn fresh_parameters_are_those_of_an_untrained_network() {
    let tensors: [(&str, &[usize]); 7] = [
        ("features.0.weight", &[64, 3, 7, 7]),
        ("features.1.weight", &[64]),
        ("features.1.bias", &[64]),
        ("features.1.running_mean", &[64]),
        ("features.1.running_var", &[64]),
        ("classifier.weight", &[10, 64]),
        ("classifier.bias", &[10]),
    ];
    let take = |source: &mut dyn Parameters| tensors.map(|(name, shape)| source.take(name, shape).unwrap());
    let originals = take(&mut Hashed { classes: 10 });
    let modules = ["features.0", "features.1", "classifier"].map(String::from);
    let with = |count: usize, seed: u32| {
        let mut trained = Hashed { classes: 10 };
        take(&mut Fresh::new(&mut trained, &modules, count, seed))
    };
    assert_eq!(with(0, 0), originals);
    let (one, all) = (with(1, 0), with(3, 0));
    assert_eq!(one[..5], originals[..5]);
    assert_eq!(one[5..], all[5..], "a cascade adds to what is fresh already");
    assert_eq!(all[1..5], [vec![1.0; 64], vec![0.0; 64], vec![0.0; 64], vec![1.0; 64]]);
    assert_eq!(all[6], vec![0.0; 10]);
    for (weight, fan_in) in [(&all[0], 147.0), (&all[5], 64.0)] {
        let variance = weight.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / weight.len() as f64;
        close(variance * fan_in / 2.0, 1.0, 0.15);
    }
    assert_ne!(all[5], with(3, 1)[5], "another seed");
    assert_eq!(all, with(3, 0), "the same seed");
}

/// SqueezeNet ends with a ReLU on the class scores: with a head that silences a class, all its maps are flat.
#[test]
fn a_map_that_has_vanished_is_like_nothing() {
    let network = "squeezenet1_1";
    let mut file = WeightFile::hashed(Architecture::named(network).unwrap(), 3);
    let model = model(network, file.bytes());
    let input = scene(&model);
    let class = block_on(model.classify(&input)).unwrap().top(1)[0];
    let trial = Trial { model: &model, input: &input, class, watch: &go_on };
    file.entry("classifier.1.weight").values.fill(0.0);
    file.entry("classifier.1.bias").values.fill(-1.0);
    let mut silent = Weights::read(file.bytes()).unwrap();
    let methods = ["grad-cam", "guided-backprop"].map(|name| cam::method(name).unwrap());
    let (request, cascade) = (Request::new(methods), Cascade { steps: 1, seed: 0 });
    let steps = block_on(randomise(&trial, &mut silent, &request, &cascade)).unwrap();
    for similarity in &steps[0].similarities {
        let Similarity { rank, rank_of_magnitudes, structure, .. } = similarity;
        assert_eq!([rank, rank_of_magnitudes, structure], [&None; 3], "{similarity:?}");
    }
}

#[test]
fn randomised_weights_change_grad_cam_and_trained_ones_do_not() {
    let network = "mobilenet_v2_x0_25";
    let bytes = WeightFile::hashed(Architecture::named(network).unwrap(), 10).bytes();
    let model = model(network, bytes.clone());
    let input = scene(&model);
    let class = block_on(model.classify(&input)).unwrap().top(1)[0];
    let trial = Trial { model: &model, input: &input, class, watch: &go_on };
    let methods = ["grad-cam", "gradient"].map(|name| cam::method(name).unwrap());
    let request = Request { layers: vec!["features.14".into()], ..Request::new(methods) };
    let mut weights = Weights::read(bytes).unwrap();
    let cascade = Cascade { steps: 3, seed: 1 };
    let steps = block_on(randomise(&trial, &mut weights, &request, &cascade)).unwrap();
    assert_eq!(steps.len(), 4);
    let module = |i: usize| steps[i].module.as_deref();
    assert_eq!([module(0), module(1), module(3)], [None, Some("classifier.1"), Some("features.0.0")]);
    assert_eq!((steps[0].fresh, steps[3].fresh), (0, steps[3].modules));
    for (i, method) in ["grad-cam", "gradient"].into_iter().enumerate() {
        let (first, last) = (steps[0].similarities[i], steps[3].similarities[i]);
        println!("{method}: {first:?} {last:?}");
        assert_eq!((first.method, last.method), (method, method));
        close(first.rank.unwrap(), 1.0, 1e-6);
        close(first.rank_of_magnitudes.unwrap(), 1.0, 1e-6);
        close(first.structure.unwrap(), 1.0, 1e-6);
        assert!(last.rank.is_none_or(|rank| rank < 0.7), "{method}: {last:?}");
        assert!(last.structure.is_none_or(|structure| structure < 0.9), "{method}: {last:?}");
    }
}
