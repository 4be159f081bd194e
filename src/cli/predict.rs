//! One prediction, or one training, in this process, without a server.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::{
    Failure,
    args::Request,
    values,
    write::{self, Item},
};
use crate::{
    input::{Input, Path, Sources},
    predictor::{Context, MetricMode, Output, Predictor, Result, Sink, check_output_file},
};

/// Collects the output, and shows logs on stderr as they come.
#[derive(Default)]
struct Collector(Mutex<Vec<Item>>);

impl Collector {
    fn push(&self, item: Item) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(item);
    }
}

impl Sink for Collector {
    fn log(&self, text: &str) {
        eprint!("{text}");
    }

    fn metric(&self, name: &str, value: Value, mode: MetricMode) -> Result<()> {
        eprintln!("metric {name}: {mode:?} {value}");
        Ok(())
    }

    fn value(&self, value: Value) -> Result<()> {
        self.push(Item::Value(value));
        Ok(())
    }

    fn file(&self, path: Path) -> Result<()> {
        check_output_file(&path)?;
        self.push(Item::File(path));
        Ok(())
    }
}

pub(super) fn run<P: Predictor>(request: &Request) -> Result<(), Failure> {
    let fields = values::request_from(request.json.as_deref(), &request.input, &P::Input::schema())?;
    // Inputs first: a slip should be told before weights are loaded.
    let sources = Sources::local().limits(request.limits.over_environment()?).log_to(|line| eprintln!("{line}"));
    let input = P::Input::decode(&fields, &sources).map_err(|error| Failure::new(error, 2))?;
    let failed = |error| Failure::new(error, 1);
    let predictor = P::setup().map_err(|error| failed(error.context("setup failed")))?;
    let collector = Arc::new(Collector::default());
    let ctx = Context::new("command-line".to_owned(), Arc::clone(&collector) as Arc<dyn Sink>, Arc::default());
    let done = predictor.predict(input, &ctx).and_then(|output| output.send(&*collector)).and_then(|()| {
        let items = std::mem::take(&mut *collector.0.lock().unwrap_or_else(PoisonError::into_inner));
        write::output(items, P::Output::schema().is_list(), &request.output)
    });
    // A thread that was left behind may hold on to the context, and must not keep its scratch directory.
    drop(ctx.end());
    done.map_err(failed)
}
