//! Logits and raw maps against PyTorch, for every network: tolerances of f32 on the CPU.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use cam_lucida::cam::{self, METHODS, Pass, Target};
use cam_lucida::network::{Architecture, NETWORKS, Network};
use cam_lucida::weights::Hashed;
use safetensors::SafeTensors;

/// Largest deviation of a logit, in parts of the largest.
const LOGITS: f32 = 1e-4;
/// Largest deviation of a map, in parts of its maximum.
const MAP: f32 = 1e-3;

/// One test a network, so that each is named in the report; `every_network_has_a_golden` keeps the list whole.
macro_rules! goldens {
    ($($name:ident),* $(,)?) => {
        const TESTED: &[&str] = &[$(stringify!($name)),*];
        $(#[test] fn $name() { Golden::open(stringify!($name)).check(); })*
    };
}

goldens!(
    squeezenet1_1,
    mobilenet_v2,
    mobilenet_v2_x0_25,
    mobilenet_v2_x0_5,
    resnet18,
    resnet34,
    resnet50,
    resnet101,
    resnet152,
);

#[test]
fn every_network_has_a_golden() {
    let folders = std::fs::read_dir(folder()).unwrap().map(Result::unwrap);
    let mut found: Vec<String> = folders
        .filter(|entry| entry.path().join("expected.safetensors").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    found.sort();
    let mut tested = TESTED.to_vec();
    tested.sort();
    assert_eq!(found, tested, "folders of goldens against the tests above");
    // Widths between the tested ones are the same code with another number.
    let widths = ["mobilenet_v2_x0_75", "mobilenet_v2_x1_4"];
    for network in NETWORKS.iter().filter(|network| !widths.contains(&network.name)) {
        assert!(tested.contains(&network.name), "{} has no golden", network.name);
    }
}

struct Golden {
    network: Box<dyn Network>,
    pictures: Tensor<4>,
    expected: HashMap<String, (Vec<usize>, Vec<f32>)>,
    /// The two classes that are explained.
    classes: Vec<usize>,
    /// How far f32 is from f64 in PyTorch itself, for the maps where that is much: no engine can do better.
    round_off: HashMap<String, f32>,
}

impl Golden {
    fn open(name: &str) -> Self {
        let device = Device::flex();
        let network = Architecture::named(name).unwrap().load(&mut Hashed { classes: 10 }, &device).unwrap();
        let (mut input, _) = read(&folder().join("input.safetensors"));
        let (shape, values) = input.remove("input").unwrap();
        let (expected, metadata) = read(&folder().join(name).join("expected.safetensors"));
        let round_off = metadata.get("round_off").map(|json| serde_json::from_str(json).unwrap());
        Self {
            network,
            pictures: Tensor::from_data(TensorData::new(values, shape), &device),
            expected,
            classes: metadata["classes"].split(',').map(|class| class.parse().unwrap()).collect(),
            round_off: round_off.unwrap_or_default(),
        }
    }

    /// Every layer, method, target and class of the file; batches of three pictures × two classes, and of one × one.
    fn check(&self) {
        let mut layers: Vec<&str> =
            self.expected.keys().filter_map(|key| key.split_once('|')).map(|(l, _)| l).collect();
        layers.sort();
        layers.dedup();
        assert_eq!(layers.len(), 3, "a default, an early and an inner layer: {layers:?}");
        let mut checked = vec!["logits".to_string()];
        for layer in layers {
            let prefix = format!("{layer}|");
            let mut variants: Vec<&str> = self
                .expected
                .keys()
                .filter_map(|key| key.strip_prefix(&prefix)?.rsplit_once('|'))
                .map(|(v, _)| v)
                .collect();
            variants.sort();
            variants.dedup();
            for variant in variants {
                for class in &self.classes {
                    checked.push(format!("{layer}|{variant}|{class}"));
                }
                self.check_variant(layer, variant);
            }
        }
        assert_eq!(checked.len(), self.expected.len(), "every value of the file was compared");
    }

    fn check_variant(&self, layer: &str, variant: &str) {
        let (variant, target) = variant.split_once('@').unwrap_or((variant, "logit"));
        let (method, preset) = match variant.split_once(':') {
            Some((method, preset)) => (method, Some(preset)),
            None => (variant, None),
        };
        let target: Target = target.parse().unwrap();
        let methods = [cam::method(method).unwrap()];
        let run = |pictures: Tensor<4>, classes: &[usize]| {
            let rows: Vec<usize> = (0..pictures.dims()[0]).flat_map(|_| classes.to_vec()).collect();
            let pass = Pass::run(self.network.as_ref(), pictures, layer, classes.len(), &methods);
            let logits = pass.logits();
            let maps = pass.explain(&rows, target, preset).unwrap();
            (values(logits), maps.raw.into_iter().next().unwrap())
        };
        let suffix = if target == Target::Logit { String::new() } else { format!("@{target}") };
        let key = |class| format!("{layer}|{variant}{suffix}|{class}");

        let (logits, maps) = run(self.pictures.clone(), &self.classes);
        for (i, &class) in self.classes.iter().enumerate() {
            let of_class = Tensor::stack::<4>(
                (0..3)
                    .map(|picture| maps.clone().slice_dim(0, picture * 2 + i..picture * 2 + i + 1))
                    .collect(),
                0,
            );
            self.compare_map(&key(class), &values(of_class));
            self.compare_logits(&logits, i);
        }
        let (_, map) = run(self.pictures.clone().slice_dim(0, 0..1), &self.classes[..1]);
        self.compare_map(&key(self.classes[0]), &values(map));
    }

    /// `found` holds two equal rows a picture.
    fn compare_logits(&self, found: &[f32], row: usize) {
        let (shape, expected) = &self.expected["logits"];
        let largest = expected.iter().fold(0.0_f32, |most, y| most.max(y.abs()));
        let (pictures, classes) = (shape[0], shape[1]);
        for picture in 0..pictures {
            let found = &found[(2 * picture + row) * classes..][..classes];
            let expected = &expected[picture * classes..][..classes];
            assert_eq!(top(found), top(expected), "top-1 of picture {picture}");
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() <= LOGITS * largest, "logit {found} instead of {expected}");
            }
        }
    }

    /// `found` may hold fewer pictures than the golden.
    fn compare_map(&self, key: &str, found: &[f32]) {
        let (_, expected) = &self.expected[key];
        let expected = &expected[..found.len()];
        let maximum = expected.iter().copied().fold(0.0_f32, f32::max);
        let tolerance = MAP.max(10.0 * self.round_off.get(key).copied().unwrap_or(0.0));
        for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
            assert!(found.is_finite(), "{key}: {found} at {at}");
            let error = (found - expected).abs();
            assert!(
                error <= tolerance * maximum,
                "{key}: {found} instead of {expected} at {at}, {:.1e} of the maximum",
                error / maximum
            );
        }
    }
}

fn top(scores: &[f32]) -> usize {
    (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap()
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

type Tensors = HashMap<String, (Vec<usize>, Vec<f32>)>;

fn read(path: &Path) -> (Tensors, HashMap<String, String>) {
    let bytes = std::fs::read(path).unwrap();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let float = |b: &[u8]| f32::from_le_bytes(b.try_into().unwrap());
    let tensor = |(name, view): (&str, safetensors::tensor::TensorView)| {
        (name.to_string(), (view.shape().to_vec(), view.data().chunks_exact(4).map(float).collect()))
    };
    let metadata = header.metadata().clone().unwrap_or_default();
    (tensors.iter().map(tensor).collect(), metadata)
}

/// Every method of the table is in some golden.
#[test]
fn every_method_has_a_golden() {
    let (expected, _) = read(&folder().join("resnet18/expected.safetensors"));
    for method in METHODS {
        let key = format!("|{}|", method.name());
        assert!(expected.keys().any(|name| name.contains(&key)), "{} has no golden", method.name());
    }
}
