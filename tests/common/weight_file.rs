//! Weight files made in memory: a network's tensors with hashed values, to be spoiled by tests.

use cam_lucida::network::language::{Captioner, Film};
use cam_lucida::network::{Architecture, Parameters, Task};
use cam_lucida::weights::Hashed;
use cam_lucida::{Device, Result};
use half::{bf16, f16};
use safetensors::tensor::{Dtype, TensorView};

/// The tensors of a file, in memory.
pub struct WeightFile(pub Vec<Entry>);

/// One tensor, and the type that it is written as.
pub struct Entry {
    pub name: String,
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
    pub dtype: Dtype,
}

/// Notes every tensor that a network takes, so that a file of them can be written.
struct Recording {
    file: WeightFile,
    hashed: Hashed,
}

impl Parameters for Recording {
    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let values = self.hashed.take(name, shape)?;
        self.file.0.push(Entry {
            name: name.into(),
            shape: shape.into(),
            values: values.clone(),
            dtype: Dtype::F32,
        });
        Ok(values)
    }

    fn rows(&self, _name: &str) -> Result<usize> {
        Ok(self.hashed.classes)
    }
}

impl WeightFile {
    /// Every tensor of a network, with values derived from its name. One of language has as many words as answers.
    pub fn hashed(architecture: &Architecture, classes: usize) -> Self {
        let (file, hashed) = (Self(Vec::new()), Hashed { classes });
        let mut recording = Recording { file, hashed };
        let device = Device::cpu();
        match architecture.task() {
            Task::Classification => drop(architecture.load(&mut recording, device.tensors()).unwrap()),
            Task::QuestionAnswering => drop(Film::load(&mut recording, device.tensors()).unwrap()),
            Task::Captioning => drop(Captioner::load(&mut recording, device.tensors()).unwrap()),
        }
        recording.file
    }

    /// The tensor called `name`.
    pub fn entry(&mut self, name: &str) -> &mut Entry {
        self.0.iter_mut().find(|entry| entry.name == name).unwrap()
    }

    /// The file as safetensors.
    pub fn bytes(&self) -> Vec<u8> {
        let data: Vec<Vec<u8>> = self.0.iter().map(Entry::bytes).collect();
        let views = self.0.iter().zip(&data).map(|(entry, data)| {
            (&entry.name, TensorView::new(entry.dtype, entry.shape.clone(), data).unwrap())
        });
        safetensors::serialize(views, None).unwrap()
    }
}

impl Entry {
    fn bytes(&self) -> Vec<u8> {
        let values = self.values.iter();
        match self.dtype {
            Dtype::F32 => values.flat_map(|v| v.to_le_bytes()).collect(),
            Dtype::F16 => values.flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect(),
            Dtype::BF16 => values.flat_map(|v| bf16::from_f32(*v).to_le_bytes()).collect(),
            Dtype::I8 => values.map(|v| *v as i8 as u8).collect(),
            Dtype::I64 => values.flat_map(|v| (*v as i64).to_le_bytes()).collect(),
            Dtype::F64 => values.flat_map(|v| f64::from(*v).to_le_bytes()).collect(),
            other => panic!("no test writes {other:?}"),
        }
    }
}
