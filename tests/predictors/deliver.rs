//! A predictor whose output is as odd as it is told; its items are sent one by one.

use std::{sync::mpsc::channel, thread, time::Duration};

use cog_kit::{
    Context, Input, Path, Predictor, Result, Stream,
    predictor::{Item, Sink, bail},
    schema::OutputSchema,
};
use serde_json::{Map, Value, json};

#[derive(Input)]
struct Inputs {
    /// What to deliver.
    #[input(choices = ["values", "files", "objects", "nothing", "fail", "fail at once", "panic", "endless", "missing", "remarks"])]
    what: String,
    /// How many items.
    #[input(default = 3, ge = 0, le = 1000)]
    count: u32,
}

struct Deliver;

impl Predictor for Deliver {
    type Input = Inputs;
    type Output = Stream<Part>;

    const STREAMING: bool = true;

    fn setup() -> Result<Self> {
        Ok(Deliver)
    }

    fn predict(&self, input: Inputs, ctx: &Context) -> Result<Stream<Part>> {
        let scratch = ctx.scratch().to_path_buf();
        let file = move |index: u32| -> Result<Path> {
            let path = scratch.join(format!("item{index}.txt"));
            std::fs::write(&path, format!("item {index}"))?;
            Ok(path.into())
        };
        let items = 0..input.count;
        Ok(match input.what.as_str() {
            "remarks" => {
                ctx.log("one moment");
                ctx.metric("items").set(input.count)?;
                Stream::new(items.map(|index| Part::Value(json!(index))))
            }
            "values" => Stream::new(items.map(|index| Part::Value(json!(index)))),
            "files" => Stream::fallible(items.map(move |index| Ok(Part::File(file(index)?)))),
            "objects" => Stream::fallible(items.map(move |index| {
                let fields = [("index".to_owned(), json!(index)), ("file".to_owned(), file(index)?.to_json()?)];
                Ok(Part::Value(Value::Object(Map::from_iter(fields))))
            })),
            "nothing" => Stream::new([]),
            "fail" => Stream::fallible(items.map(|index| {
                if index == 2 {
                    bail!("midway")
                }
                Ok(Part::Value(json!(index)))
            })),
            "fail at once" => bail!("at once"),
            "panic" => Stream::new(items.map(|index| Part::Value(json!([1, 2][index as usize])))),
            "missing" => Stream::new([Part::File(std::path::PathBuf::from("/nowhere/at/all").into())]),
            // A channel iterates too; its sender sees that nobody asks any more.
            _ => {
                let (sender, receiver) = channel();
                thread::spawn(move || {
                    for index in 0_u64.. {
                        if sender.send(Part::Value(json!(index))).is_err() {
                            return;
                        }
                        thread::sleep(Duration::from_millis(5));
                    }
                });
                Stream::new(receiver)
            }
        })
    }
}

/// A value or a file.
enum Part {
    Value(Value),
    File(Path),
}

impl Item for Part {
    fn form() -> OutputSchema {
        OutputSchema::object()
    }

    fn to_json(self) -> Result<Value> {
        match self {
            Self::Value(value) => Ok(value),
            Self::File(path) => path.to_json(),
        }
    }

    fn send_item(self, sink: &dyn Sink) -> Result<()> {
        match self {
            Self::Value(value) => value.send_item(sink),
            Self::File(path) => path.send_item(sink),
        }
    }
}

fn main() -> std::process::ExitCode {
    cog_kit::main::<Deliver>()
}
