//! Long short-term memory.

use burn::tensor::activation::sigmoid;
use burn::tensor::module::linear;
use burn::tensor::{Device, Tensor};

use crate::Result;
use crate::network::ops::Loader;
use crate::read_back::upload;

/// One layer of long short-term memory (Hochreiter 1997), as PyTorch's `LSTM` computes it.
///
/// ```
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::network::language::Lstm;
/// use cam_lucida::network::ops::Loader;
/// # use cam_lucida::Device;
/// # use cam_lucida::weights::Hashed;
/// # let (device, mut weights) = (Device::cpu(), Hashed { classes: 2 });
///
/// let lstm = Lstm::load(&mut Loader::new(&mut weights, device.tensors()), "lstm", 64, 128)?;
/// let state = lstm.start(3, device.tensors());
/// let state = lstm.step(Tensor::ones([3, 64], device.tensors()), state);
/// assert_eq!(state.output.dims(), [3, 128]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Lstm {
    /// `[4 * width, inputs]`: input gate, forget gate, candidate and output gate.
    input: Tensor<2>,
    /// `[4 * width, width]`.
    hidden: Tensor<2>,
    /// The sum of PyTorch's two, `[4 * width]`.
    bias: Tensor<1>,
}

/// What an [`Lstm`] keeps from step to step.
///
/// See the example of [`Lstm`].
#[derive(Clone)]
pub struct State {
    /// `h`, `[n, width]`.
    pub output: Tensor<2>,
    /// `c`, `[n, width]`.
    pub cell: Tensor<2>,
}

impl Lstm {
    /// Takes `{name}.weight_ih_l0`, `.weight_hh_l0`, `.bias_ih_l0` and `.bias_hh_l0`, whose rows are the gates in PyTorch's
    /// order: input, forget, candidate, output.
    ///
    /// # Errors
    /// As [`Parameters::take`](crate::network::Parameters::take).
    pub fn load(loader: &mut Loader, name: &str, inputs: usize, width: usize) -> Result<Self> {
        let gates = 4 * width;
        let input = loader.tensor(&format!("{name}.weight_ih_l0"), [gates, inputs])?;
        let hidden = loader.tensor(&format!("{name}.weight_hh_l0"), [gates, width])?;
        let [of_input, of_hidden] = ["ih", "hh"].map(|of| format!("{name}.bias_{of}_l0"));
        let bias = loader.tensor(&of_input, [gates])? + loader.tensor(&of_hidden, [gates])?;
        Ok(Self { input, hidden, bias })
    }

    /// The state before the first step: zeros.
    pub fn start(&self, n: usize, device: &Device) -> State {
        let zeros = Tensor::zeros([n, self.hidden.dims()[1]], device);
        State { output: zeros.clone(), cell: zeros }
    }

    /// One step from `x` `[n, inputs]`: `c' = f·c + i·g` and `h' = o·tanh(c')`.
    pub fn step(&self, x: Tensor<2>, state: State) -> State {
        let gates = linear(x, self.input.clone().transpose(), Some(self.bias.clone()))
            + state.output.matmul(self.hidden.clone().transpose());
        let width = self.hidden.dims()[1];
        let gate = |i: usize| gates.clone().narrow(1, i * width, width);
        let [input, forget, output] = [0, 1, 3].map(|i| sigmoid(gate(i)));
        let cell = forget * state.cell + input * gate(2).tanh();
        State { output: output * cell.clone().tanh(), cell }
    }
}

impl State {
    /// Of each row, this state where `done` says so, and `next` elsewhere.
    pub(super) fn where_done(self, next: Self, done: &[bool]) -> Self {
        if !done.contains(&true) {
            return next;
        }
        let device = next.output.device();
        let kept: Vec<f32> = done.iter().map(|&done| if done { 1.0 } else { 0.0 }).collect();
        let kept = upload(kept, [done.len(), 1], &device);
        let pick = |old: Tensor<2>, new: Tensor<2>| old * kept.clone() + new * (1.0 - kept.clone());
        Self { output: pick(self.output, next.output), cell: pick(self.cell, next.cell) }
    }
}
