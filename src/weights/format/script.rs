//! What TorchScript's code says of the settings of modules. Constants of a class stand in its code, and not among its attributes; of
//! what was traced, they are arguments of a call. Nothing is run.

use super::state::SavedModule;

/// The settings of a class: those that are numbers, and those that are texts.
#[derive(Default)]
pub struct Settings {
    pub numbers: Vec<(&'static str, Vec<f64>)>,
    pub texts: Vec<(&'static str, String)>,
}

/// What an argument of a function sets, and what it is where it is left out.
type Argument = (usize, &'static str, Option<f64>);

/// Functions that modules of one call are traced as, with what their arguments set.
const CALLS: [(&str, &[Argument]); 6] = [
    ("torch._convolution(", &[(3, "stride", None), (4, "padding", None), (5, "dilation", None)]),
    ("torch.conv2d(", &[(3, "stride", Some(1.0)), (4, "padding", Some(0.0)), (5, "dilation", Some(1.0))]),
    ("torch.batch_norm(", &[(7, "eps", None)]),
    (
        "torch.max_pool2d(",
        &[
            (1, "kernel_size", None),
            (2, "stride", None),
            (3, "padding", Some(0.0)),
            (4, "dilation", Some(1.0)),
            (5, "ceil_mode", Some(0.0)),
        ],
    ),
    (
        "torch.avg_pool2d(",
        &[
            (1, "kernel_size", None),
            (2, "stride", None),
            (3, "padding", Some(0.0)),
            (4, "ceil_mode", Some(0.0)),
            (5, "count_include_pad", Some(1.0)),
            (6, "divisor_override", None),
        ],
    ),
    ("torch.adaptive_avg_pool2d(", &[(1, "output_size", None)]),
];

/// The file of an archive that has the code of a class such as `__torch__.torch.nn.modules.conv.Conv2d`, and the class's name there.
pub fn place(class: &str) -> Option<(String, &str)> {
    let (module, name) = class.rsplit_once('.')?;
    Some((format!("code/{}.py", module.replace('.', "/")), name))
}

/// What the code of a file says of the class `name`.
pub fn settings(code: &str, name: &str) -> Settings {
    let mut found = Settings::default();
    let start = format!("class {name}(");
    let Some(at) =
        code.match_indices(&start).map(|(at, _)| at).find(|&at| at == 0 || code[..at].ends_with('\n'))
    else {
        return found;
    };
    let body = &code[at + start.len()..];
    let body = body.split("\nclass ").next().unwrap_or_default();
    for line in body.lines() {
        let constant = line.trim_start().split_once(" : Final[").and_then(|(key, rest)| {
            let key = SavedModule::SETTINGS.into_iter().find(|known| *known == key)?;
            Some((key, rest.split_once("] = ")?.1))
        });
        if let Some((key, value)) = constant {
            found.add(key, value.trim());
        }
    }
    if found.numbers.is_empty() {
        for (call, arguments) in CALLS {
            let Some((_, rest)) = body.split_once(call) else { continue };
            let given = split(rest);
            for &(place, key, otherwise) in arguments {
                match (given.get(place), otherwise) {
                    (Some(value), _) => found.add(key, value),
                    (None, Some(number)) => found.numbers.push((key, vec![number])),
                    (None, None) => {}
                }
            }
        }
    }
    found
}

impl Settings {
    fn add(&mut self, key: &'static str, value: &str) {
        if let Some(text) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            self.texts.push((key, text.chars().take(20).collect()));
            return;
        }
        let numbers = value.trim_matches(['(', ')', '[', ']']).split(',').map(str::trim);
        let numbers = numbers.filter(|part| !part.is_empty()).map(|part| match part {
            "True" => Some(1.0),
            "False" => Some(0.0),
            part => part.parse().ok(),
        });
        if let Some(numbers) = numbers.take(4).collect::<Option<Vec<f64>>>()
            && !numbers.is_empty()
        {
            self.numbers.push((key, numbers));
        }
    }
}

/// The arguments of a call, up to its closing bracket.
fn split(call: &str) -> Vec<&str> {
    let (mut arguments, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, c) in call.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' if depth > 0 => depth -= 1,
            ')' | ',' if depth == 0 => {
                let argument = call[start..at].trim();
                arguments.extend((!argument.is_empty()).then_some(argument));
                start = at + 1;
                if c == ')' {
                    break;
                }
            }
            _ => {}
        }
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPTED: &str = "class Other(Module):
  stride : Final[int] = 7
class Conv2d(Module):
  weight : Tensor
  stride : Final[Tuple[int, int]] = (2, 1)
  padding : Final[str] = \"same\"
  def forward(self, input: Tensor) -> Tensor:
    return torch.conv2d(input, weight, bias, [9, 9], [3, 3], [1, 1])
class Conv2dTwo(Module):
  dilation : Final[int] = 5
";

    #[test]
    fn constants_of_a_class_are_its_own() {
        let found = settings(SCRIPTED, "Conv2d");
        assert_eq!(found.numbers, [("stride", vec![2.0, 1.0])]);
        assert_eq!(found.texts, [("padding", "same".to_string())]);
        assert!(settings(SCRIPTED, "Unknown").numbers.is_empty());
    }

    #[test]
    fn arguments_of_what_was_traced_are_settings() {
        let of = |call: &str| {
            settings(&format!("class A(Module):\n  def forward(self):\n    x = {call}\n"), "A").numbers
        };
        let convolution =
            of("torch._convolution(f(x, 1), self.w, None, [2, 2], [3, 3], [1, 1], False, [0, 0], 1)");
        assert_eq!(convolution[..2], [("stride", vec![2.0; 2]), ("padding", vec![3.0; 2])]);
        assert_eq!(of("torch.batch_norm(x, w, b, m, v, False, 0.1, 0.001, True)"), [("eps", vec![0.001])]);
        let pool = of("torch.max_pool2d(x, [3, 3], [2, 2])");
        assert!(pool.contains(&("ceil_mode", vec![0.0])) && pool.contains(&("kernel_size", vec![3.0; 2])));
        assert!(
            of("torch.avg_pool2d(x, [2, 2], [2, 2], [0, 0], True, False)")
                .contains(&("ceil_mode", vec![1.0]))
        );
    }
}
